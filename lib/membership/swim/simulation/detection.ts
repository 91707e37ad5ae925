/**
 * How soon crashes are noticed: by the first member, which the paper says takes e / (e - 1) periods
 * whatever the size of the group, and by each member on its own, within 2n - 1 periods.
 *
 * Source: SWIM, sections 3.1 and 4.3.
 */
import { onlyKnown, Random, wholeInRange } from "../../../basics";
import { at, crash } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import { swimGroup } from "./swim-group";

export interface DetectionOptions {
  readonly seed: number;
  readonly members: number;
  /** Crashes; default 300. */
  readonly trials?: number;
  /** As the paper's analysis has it: "random". */
  readonly probeOrder?: "random" | "roundRobin";
}

const periodMs = 1_000;
const quiet = { latency: { kind: "constant", ms: 0.1 } } as const;
const alone = { periodMs, probeTimeoutMs: 300, hasLifeguard: false, syncMs: 0 } as const;

/**
 * For each crash, in which period after it somebody first probed the crashed member: 1 is the
 * period of the crash. Up to a fiftieth of the group crashes at once.
 */
export function firstDetections(options: DetectionOptions): number[] {
  onlyKnown("firstDetections", options, ["seed", "members", "trials", "probeOrder"]);
  const { seed, members, probeOrder = "random" } = options;
  const trials = wholeInRange("trials", options.trials ?? 300, { min: 1, max: 1_000_000 });
  const together = Math.max(1, Math.floor(members / 50));
  const found: number[] = [];
  for (let batch = 0; found.length < trials; batch++) {
    found.push(...batchOf({ seed: seed + batch, members, probeOrder }, together));
  }
  return found.slice(0, trials);
}

/** 1 / (1 - (1 - 1 / (n - 1))^(n - 1)) periods, which tends to e / (e - 1) = 1.582. */
export function expectedFirstDetection(members: number): number {
  wholeInRange("members", members, { min: 2, max: 1e9 });
  return 1 / (1 - (1 - 1 / (members - 1)) ** (members - 1));
}

function batchOf(options: Required<Omit<DetectionOptions, "trials">>, together: number): number[] {
  const { seed, members, probeOrder } = options;
  const random = new Random(seed, 42);
  const crashMs = new Map<NodeId, number>();
  const periods = new Map<NodeId, number>();
  const group = swimGroup({
    ...{ seed, members, network: quiet, options: { ...alone, probeOrder } },
    onNote({ label, atMs, detail }) {
      const { member } = (detail ?? {}) as { member?: NodeId };
      const diedMs = member === undefined ? undefined : crashMs.get(member);
      if (label !== "suspected" || member === undefined || diedMs === undefined) return;
      // Whoever suspects now began its probe a period ago.
      const period = Math.ceil((atMs - periodMs - diedMs) / periodMs);
      if (!periods.has(member)) periods.set(member, Math.max(1, period));
      if (periods.size === together) group.simulator.stop();
    },
  });
  for (const id of random.shuffle(group.members).slice(0, together)) {
    const atMs = 2 * periodMs + random.between(0, periodMs);
    crashMs.set(id, atMs);
    group.simulator.schedule(at(atMs, crash([id])));
  }
  group.simulator.run({ untilMs: 60 * periodMs });
  return [...periods.values()];
}

/**
 * In how many periods each member, all news between them switched off, notices a crash by its own
 * probes, in round-robin order. The longest is at most 2n - 1.
 */
export function ownDetections(options: Omit<DetectionOptions, "probeOrder">): number[] {
  onlyKnown("ownDetections", options, ["seed", "members", "trials"]);
  const { seed, members } = options;
  const trials = wholeInRange("trials", options.trials ?? 300, { min: 1, max: 1_000_000 });
  const found: number[] = [];
  for (let run = 0; found.length < trials; run++) {
    const random = new Random(seed + run, 43);
    const crashMs = random.between(members, 2 * members) * periodMs;
    const group = swimGroup({
      ...{ seed: seed + run, members, network: quiet },
      options: { ...alone, retransmitMultiplier: 0, suspicionMultiplier: 1_000 },
      onNote({ label, atMs }) {
        if (label === "suspected") found.push(Math.ceil((atMs - periodMs - crashMs) / periodMs));
      },
    });
    group.simulator.schedule(at(crashMs, crash(["n1"])));
    group.simulator.run({ untilMs: crashMs + 3 * members * periodMs });
  }
  return found.slice(0, trials);
}

export interface LoadRow {
  readonly members: number;
  /** Messages a member hears in a period. */
  readonly messages: number;
}

/** The load of a member, by the size of the group; the first periods, with the joins, apart. */
export function measureLoad(options: {
  readonly seed: number;
  readonly sizes: readonly number[];
  /** Default 20. */
  readonly periods?: number;
  readonly lossRate?: number;
}): LoadRow[] {
  onlyKnown("measureLoad", options, ["seed", "sizes", "periods", "lossRate"]);
  const { seed, sizes, lossRate = 0 } = options;
  const periods = wholeInRange("periods", options.periods ?? 20, { min: 1, max: 1_000_000 });
  return sizes.map((members) => {
    const group = swimGroup({ seed, members, network: { lossRate }, options: { syncMs: 0 } });
    group.simulator.run({ untilMs: 3 * periodMs });
    const before = group.heard();
    group.simulator.run({ untilMs: (3 + periods) * periodMs });
    return { members, messages: (group.heard() - before) / members / periods };
  });
}

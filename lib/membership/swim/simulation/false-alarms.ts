/**
 * Members that are declared dead and are not: under loss, and under members that are slow to hear
 * for seconds at a time, with Lifeguard and without.
 *
 * Source: the experiments of Dadgar et al. 2018, section V: some members are slow to process what
 * comes, again and again, and what matters most is who of the others is accused wrongly.
 */
import { inRange, onlyKnown, Random, wholeInRange } from "../../../basics";
import { at, clog, crash, unclog } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import { standingOf } from "../members";
import type { SwimOptions } from "../options";
import type { Swim } from "../swim";
import { swimGroup } from "./swim-group";

export interface FalseAlarmOptions {
  readonly seed: number;
  /** Default 64. */
  readonly members?: number;
  /** Of every link, 0 to 1; default 0. */
  readonly lossRate?: number;
  /** Members to which messages are held now and then, while their timers go on; default 0. */
  readonly slowMembers?: number;
  /** For so long, drawn evenly up to this; default 8,000 ms. */
  readonly maxStallMs?: number;
  /** Protocol periods that are looked at; default 200. */
  readonly periods?: number;
  readonly options?: Partial<SwimOptions>;
}

export interface FalseAlarms {
  /** Declarations of death of members that lived, by whomever. */
  readonly falseDeaths: number;
  /** Those of members that are never slow: Lifeguard is about these. */
  readonly healthyFalseDeaths: number;
  /** How often somebody heard or said that a living member was suspect. */
  readonly falseSuspicions: number;
  /** False deaths of healthy members, a member and hour. */
  readonly rate: number;
  /** From a real crash at the end until the last member knew; undefined: not within the time. */
  readonly detectionMs: number | undefined;
}

const periodMs = 1_000;

/** Throws a RangeError for an option that is wrong. */
export function measureFalseAlarms(given: FalseAlarmOptions): FalseAlarms {
  const names = ["seed", "members", "lossRate", "slowMembers", "maxStallMs", "periods", "options"];
  onlyKnown("measureFalseAlarms", given, names);
  const { seed, lossRate = 0, options = {} } = given;
  const members = wholeInRange("members", given.members ?? 64, { min: 3, max: 10_000 });
  const slow = wholeInRange("slowMembers", given.slowMembers ?? 0, { min: 0, max: members - 2 });
  const periods = wholeInRange("periods", given.periods ?? 200, { min: 1, max: 1_000_000 });
  const counts = { falseDeaths: 0, healthyFalseDeaths: 0, falseSuspicions: 0 };
  const ids = Array.from({ length: members }, (_, i) => `n${i + 1}`);
  const slowOnes = new Set(ids.slice(0, slow));
  const group = swimGroup({
    ...{ seed, members, network: { lossRate }, options: { ...options, periodMs } },
    onNote({ label, detail, atMs }) {
      if (atMs > periods * periodMs) return;
      const { member = "" } = (detail ?? {}) as { member?: NodeId };
      if (label === "suspected") counts.falseSuspicions++;
      if (label !== "declaredDead") return;
      counts.falseDeaths++;
      if (!slowOnes.has(member)) counts.healthyFalseDeaths++;
    },
  });
  stallThem(group.simulator.schedule.bind(group.simulator), [...slowOnes], {
    ...{ seed, untilMs: periods * periodMs },
    maxStallMs: inRange("maxStallMs", given.maxStallMs ?? 8_000, { min: 1, max: 86_400_000 }),
  });
  group.simulator.run({ untilMs: periods * periodMs });
  const hours = (periods * periodMs) / 3_600_000;
  const rate = counts.healthyFalseDeaths / (members - slow) / hours;
  return { ...counts, rate, detectionMs: crashOne(group) };
}

function stallThem(
  schedule: (...faults: ReturnType<typeof at>[]) => void,
  names: readonly NodeId[],
  { seed, untilMs, maxStallMs }: { seed: number; untilMs: number; maxStallMs: number },
): void {
  names.forEach((name, i) => {
    const random = new Random(seed, 500 + i);
    for (let atMs = 5 * periodMs; ;) {
      const endMs = atMs + random.between(0, maxStallMs);
      if (endMs >= untilMs) return;
      schedule(at(atMs, clog([name], "in")), at(endMs, unclog([name])));
      atMs = endMs + random.exponential(maxStallMs / 2);
    }
  });
}

/** The last member crashes; how long until all others hold it to be dead. */
function crashOne(group: ReturnType<typeof swimGroup>): number | undefined {
  const { simulator, members } = group;
  const victim = members[members.length - 1] as NodeId;
  const startMs = simulator.nowMs;
  simulator.schedule(at(startMs, crash([victim])));
  const others = members.slice(0, -1);
  const isKnown = (id: NodeId): boolean =>
    standingOf((simulator.nodeOf(id) as Swim).table, victim)?.status === "dead";
  for (let periods = 1; periods <= 300; periods++) {
    simulator.run({ untilMs: startMs + (periods * periodMs) / 4 });
    if (others.every(isKnown)) return simulator.nowMs - startMs;
  }
  return undefined;
}

/** What one seed of an attestation storm draws: a whole experiment, as plain data. */
import { Random } from "../../../../basics";
import { swarm } from "../../../../hosts";
import type { RandomFaultOptions } from "../../../../hosts";
import type { NodeId } from "../../../../protocol";
import { inflate } from "../machine-total";
import { demonstrationKeys, sealTotal } from "../signatures";
import type { SealedTotal } from "../messages";
import type { CentreOptions } from "../counting-centre";
import { lies } from "../lies";
import type { Lie } from "../lies";
import type { LyingOptions } from "../lying-centre";

export interface AttestationStormPlan {
  readonly seed: number;
  /** 3f + 1. */
  readonly centres: number;
  readonly machines: number;
  /** By centre; at most f of them. */
  readonly lies: Readonly<Record<NodeId, readonly Lie[]>>;
  /** Machines whose key was stolen: they seal a second total. */
  readonly stolen: number;
  readonly syncMs: number;
  readonly faultsMs: number;
  readonly maxLatencyMs: number;
  readonly faults: RandomFaultOptions;
}

/** The plan of a seed; `fixed` replaces what it has drawn. */
export function planOf(
  seed: number,
  fixed: Partial<AttestationStormPlan> = {},
): AttestationStormPlan {
  const random = new Random(seed, 140);
  const centres = fixed.centres ?? random.pick([4, 4, 7]);
  const names = centreNames(centres);
  const faultsMs = 3_000;
  // Every save is durable at once: a disk that is slow may forget the last of them in a crash.
  const except = ["corrupt", "slowDisk"] as const;
  const { crash, ...others } = swarm({ seed, names, untilMs: faultsMs, quietMs: 0, except });
  // Who loses its disk may attest another total: to be replaced under another name, as in Raft.
  const faults = { ...others, ...(crash && { crash: { ...crash, disk: "torn" as const } }) };
  const liars = random.below(Math.floor((centres - 1) / 3) + 1);
  const drawn = { machines: 3 + random.below(4), stolen: random.below(3), lies: {} };
  return {
    ...{ seed, centres, faultsMs, faults, maxLatencyMs: random.pick([5, 20, 100]) },
    ...{ ...drawn, lies: drawLies(random, names, liars) },
    syncMs: 100,
    ...fixed,
  };
}

function drawLies(random: Random, names: readonly NodeId[], liars: number) {
  const chosen = random.shuffle([...names]).slice(0, liars);
  return Object.fromEntries(
    chosen.map((id) => {
      const own = [random.pick(lies), random.pick(lies)];
      // Who says nothing cannot lie besides.
      return [id, own[0] === "silent" ? own.slice(0, 1) : own.filter((lie) => lie !== "silent")];
    }),
  );
}

export function centreNames(count: number): NodeId[] {
  return Array.from({ length: count }, (_, i) => `n${i + 1}`);
}

export interface StormTotals {
  /** What the machines hold, and the second totals of some. */
  readonly true: readonly SealedTotal[];
  readonly stolen: readonly SealedTotal[];
  readonly options: Partial<LyingOptions> & Pick<CentreOptions, "book">;
}

/** Machines, their totals and everybody's keys. */
export function totalsOf(plan: AttestationStormPlan): StormTotals {
  const random = new Random(plan.seed, 141);
  const machines = Array.from({ length: plan.machines }, (_, i) => `CU${i + 1}`);
  const centres = centreNames(plan.centres);
  const { book, secretKeys } = demonstrationKeys({ centres, machines }, plan.seed % 8);
  const seal = (machine: string, total: string): SealedTotal =>
    sealTotal(machine, total, secretKeys[machine] as string);
  const sealed = machines.map((machine) => {
    const votes = [100 + random.below(300), 100 + random.below(300), random.below(50)];
    const nota = random.below(9);
    const total = votes.reduce((sum, each) => sum + each, nota);
    return seal(machine, [machine, total, total, nota, votes.join(";")].join(","));
  });
  const stolen = sealed.slice(0, plan.stolen).map(({ machine, total }) => {
    return seal(machine, inflate(total, 1 / 10));
  });
  const { lies: told, syncMs } = plan;
  return { true: sealed, stolen, options: { book, secretKeys, syncMs, lies: told, stolen } };
}

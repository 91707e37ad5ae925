/** What one seed of a lock storm draws: a whole experiment, as plain data. */
import { Random } from "../../basics";
import type { RandomFaultOptions } from "../../hosts";
import type { RaftOptions } from "../../consensus/raft";
import type { LockErrand } from "../lock-client";

type Faults = Omit<RandomFaultOptions, "seed" | "names" | "untilMs">;

export interface LockStormPlan {
  readonly seed: number;
  /** In each group. */
  readonly servers: number;
  /** Of servers; locks are spread over them by their names. */
  readonly groups: number;
  readonly clients: number;
  readonly errandsEach: number;
  readonly ttlMs: number;
  readonly thinkMs: number;
  /** How long the faults last. */
  readonly faultsMs: number;
  readonly maxLatencyMs: number;
  /** A write of a server's disk takes about so long; 0: no time. */
  readonly diskMs: number;
  readonly maxSkewMs: number;
  readonly isFenced: boolean;
  readonly options: Partial<RaftOptions>;
  readonly serverFaults: Faults;
  readonly clientFaults: Faults;
  readonly resourceFaults: Faults;
  /** So many times what is on its way from a client to the resource is held for a while. */
  readonly delayedUses: number;
  readonly locks: readonly string[];
  /** Kinds of errands besides plain ones. */
  readonly kinds: readonly ErrandKind[];
}

/** "impatient": a batch that waits for 100 ms. */
export type ErrandKind =
  | ("plain" | "batch" | "twice" | "shared" | "upgrade" | "downgrade")
  | ("try" | "timeout" | "impatient");

export const allKinds: readonly ErrandKind[] = [
  ...(["plain", "plain", "plain", "batch", "twice", "shared"] as const),
  ...(["shared", "upgrade", "downgrade", "try", "timeout"] as const),
];

export function planOf(seed: number, changes: Partial<LockStormPlan> = {}): LockStormPlan {
  const random = new Random(seed, 60);
  const isOften = (): boolean => random.chance(0.5);
  const options: Partial<RaftOptions> = {
    snapshotEvery: random.pick([10, 40, 10_000]),
    trailingEntries: random.pick([0, 5]),
    snapshotChunkLength: random.pick([1_000, 65_536]),
    hasParallelWrites: isOften(),
    maxInFlight: random.pick([1, 16]),
  };
  return {
    seed,
    servers: random.pick([3, 3, 5]),
    groups: 1,
    clients: 5,
    errandsEach: 14,
    ttlMs: 1_000,
    thinkMs: 20,
    faultsMs: 5_000,
    maxLatencyMs: random.pick([2, 8, 20]),
    diskMs: random.chance(0.3) ? random.between(0.1, 2) : 0,
    maxSkewMs: isOften() ? 3_600_000 : 0,
    isFenced: true,
    serverFaults: {
      omitRate: 0.4,
      crash: { everyMs: 700, minMs: 10, maxMs: 900, disk: random.pick(["kept", "torn"] as const) },
      pause: { everyMs: 1_200, minMs: 10, maxMs: 900 },
      partition: { everyMs: 900, minMs: 50, maxMs: 1_200 },
      network: { everyMs: 900, minMs: 100, maxMs: 900, maxLossRate: 0.3, maxDuplicateRate: 0.5 },
      clog: { everyMs: 1_500, minMs: 50, maxMs: 800 },
      drift: { everyMs: 1_500, minMs: 100, maxMs: 2_000, maxPpm: 50_000 },
      jumpClock: { everyMs: 2_000, maxJumpMs: 100_000 },
    },
    clientFaults: {
      omitRate: 0.3,
      crash: { everyMs: 2_500, minMs: 10, maxMs: 1_500 },
      pause: { everyMs: 700, minMs: 10, maxMs: 2_500 },
      jumpClock: { everyMs: 2_000, maxJumpMs: 20_000 },
    },
    resourceFaults: {
      omitRate: 0.5,
      crash: { everyMs: 1_500, minMs: 10, maxMs: 500 },
      pause: { everyMs: 1_500, minMs: 10, maxMs: 500 },
    },
    delayedUses: random.pick([0, 6, 20]),
    locks: ["kitchen", "partner", "stock"],
    kinds: allKinds,
    ...changes,
    options: { ...options, ...changes.options },
  };
}

/** What one client has to do. */
export function drawErrands(
  { errandsEach, locks, kinds }: LockStormPlan,
  random: Random,
): readonly LockErrand[] {
  return Array.from({ length: errandsEach }, () => {
    const [name, other] = random.shuffle(locks);
    const holdMs = random.pick([0, 5, 30, 150]);
    const plain = { names: [name], holdMs };
    switch (random.pick(kinds)) {
      case "plain":
        return { ...plain, uses: 1 + random.below(2) };
      case "batch":
        return { ...plain, names: [name, other] };
      case "twice":
        return { ...plain, isTwice: true };
      case "shared":
        return { ...plain, mode: "shared" };
      case "upgrade":
        return { ...plain, mode: "shared", isUpgraded: true };
      case "downgrade":
        return { ...plain, isDowngraded: true };
      case "try":
        return { ...plain, waitMs: 0 };
      case "timeout":
        return { ...plain, waitMs: 100 };
      case "impatient":
        return { ...plain, names: [name, other], waitMs: 100 };
    }
  });
}

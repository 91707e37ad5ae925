/** What one seed of a Raft storm draws: a whole experiment, as plain data. */
import { Random } from "../../../basics";
import type { RaftOptions, ReadMode } from "../options";

/** What a seed draws. */
export interface StormPlan {
  readonly seed: number;
  readonly servers: number;
  readonly clients: number;
  /** How many keys the clients share. */
  readonly keys: number;
  /** A client's pause between operations. */
  readonly thinkMs: number;
  readonly faultsMs: number;
  readonly options: Partial<RaftOptions>;
  readonly lossRate: number;
  readonly duplicateRate: number;
  readonly reorderRate: number;
  readonly isCrashing: boolean;
  readonly crashes: { readonly everyMs: number; readonly minMs: number; readonly maxMs: number };
  /** One way; drawn evenly from 1 to this, in ms. */
  readonly maxLatencyMs: number;
  /** How often the operator asks for something. */
  readonly operateMs: number;
  /** The chance that a new leader crashes within `churnMs` of its election. */
  readonly leaderChurnRate: number;
  readonly churnMs: number;
  readonly isPausing: boolean;
  readonly isPartitioned: boolean;
  /** The longest partition. */
  readonly partitionMs: number;
  /** Messages are held at some place, and arrive all at once. */
  readonly isClogging: boolean;
  /** Of every link; Infinity is no limit. */
  readonly bytesPerSecond: number;
  /** Clocks run at rates up to so much away from 1. */
  readonly driftRate: number;
  /** Clocks are ahead or behind by up to so many ms at the start. */
  readonly maxSkewMs: number;
  /** Clocks jump by up to so many ms, now and then; 0 is never. */
  readonly maxJumpMs: number;
  /** A write takes so many ms and now and then much longer, and crashes tear it; 0: no time. */
  readonly diskMs: number;
  /** One server's disk is spoilt: after a crash it refuses to start. */
  readonly isCorrupting: boolean;
  readonly changesMembership: boolean;
  readonly transfersLeadership: boolean;
}

const readModes: readonly ReadMode[] = ["readIndex", "lease", "log"];

export function planOf(seed: number, changes: Partial<StormPlan> = {}): StormPlan {
  const random = new Random(seed, 77);
  const isOften = (): boolean => random.chance(0.5);
  const options: Partial<RaftOptions> = {
    machine: isOften() ? "payments" : "kv",
    readMode: random.pick(readModes),
    hasPreVote: random.chance(0.8),
    hasParallelWrites: new Random(seed, 79).chance(0.3),
    maxInFlight: random.pick([1, 4, 16]),
    maxBatchEntries: random.pick([1, 3, 256]),
    snapshotEvery: random.pick([8, 20, 10_000]),
    trailingEntries: random.pick([0, 4, 20]),
    snapshotChunkLength: random.pick([1_000, 4_000, 65_536]),
    maxSessions: 100,
  };
  return {
    seed,
    servers: random.pick([3, 3, 5]),
    clients: 3,
    keys: 3,
    thinkMs: 10,
    faultsMs: 5_000,
    options: { ...options, ...changes.options },
    lossRate: isOften() ? random.between(0, 0.3) : 0,
    duplicateRate: isOften() ? random.between(0, 0.5) : 0,
    reorderRate: isOften() ? random.between(0, 0.3) : 0,
    isCrashing: isOften(),
    crashes: { everyMs: 500, minMs: 1, maxMs: 800 },
    maxLatencyMs: 8,
    operateMs: 250,
    leaderChurnRate: random.chance(0.3) ? 0.5 : 0,
    churnMs: 40,
    isPausing: isOften(),
    isPartitioned: isOften(),
    partitionMs: 1_200,
    driftRate: isOften() ? 0.04 : 0,
    changesMembership: random.chance(0.3),
    transfersLeadership: random.chance(0.3),
    ...machineFaults(seed, changes.options?.readMode ?? options.readMode),
    ...without(changes, "options"),
  };
}

type MachineFaults = Pick<
  StormPlan,
  "isClogging" | "bytesPerSecond" | "maxSkewMs" | "maxJumpMs" | "diskMs" | "isCorrupting"
>;

/** Leases assume that clocks do not jump (section 6.4.1), so there they do not. */
function machineFaults(seed: number, readMode: ReadMode | undefined): MachineFaults {
  const random = new Random(seed, 81);
  const isJumping = random.chance(0.3);
  return {
    isClogging: random.chance(0.3),
    bytesPerSecond: random.chance(0.2) ? random.between(200_000, 5_000_000) : Infinity,
    maxSkewMs: random.chance(0.5) ? 3_600_000 : 0,
    maxJumpMs: isJumping && readMode !== "lease" ? random.pick([50, 1_000, 100_000]) : 0,
    diskMs: random.chance(0.3) ? random.between(0.1, 3) : 0,
    isCorrupting: random.chance(0.1),
  };
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const copy = { ...value };
  delete copy[key];
  return copy;
}

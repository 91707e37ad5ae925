/** What one seed of a cache storm draws: a whole experiment, as plain data. */
import { Random } from "../../../basics";
import type { RandomFaultOptions } from "../../../hosts";
import type { CacheClientOptions, CacheOptions, CacheServerOptions } from "../options";

export interface CacheStormPlan {
  readonly seed: number;
  readonly servers: number;
  readonly gutters: number;
  readonly clients: number;
  readonly keys: number;
  readonly operationsEach: number;
  readonly writesShare: number;
  /** How long the faults last. */
  readonly faultsMs: number;
  readonly maxLatencyMs: number;
  /** Clocks are wrong by up to so much, and run wrong by up to so many parts per million. */
  readonly maxSkewMs: number;
  readonly maxDriftPpm: number;
  readonly database: { readonly readMs: number; readonly writeMs: number; readonly jitter: number };
  readonly options: Partial<CacheOptions>;
  readonly server: Partial<CacheServerOptions>;
  readonly client: Partial<CacheClientOptions>;
  readonly faults: Omit<RandomFaultOptions, "seed" | "names" | "untilMs">;
}

export function planOf(seed: number, changes: Partial<CacheStormPlan> = {}): CacheStormPlan {
  const random = new Random(seed, 110);
  const drawn = drawOptions(random);
  // A draw of its own, so that others stay what they were.
  const byLog = new Random(seed, 109).chance(0.2) ? ({ writes: "log" } as const) : {};
  const options = { ...drawn, ...byLog, ...changes.options };
  const isWriter = options.writes === "through" || options.writes === "back";
  const gutters = random.below(3);
  return {
    seed,
    servers: 3,
    clients: 3,
    keys: 4,
    operationsEach: 120,
    writesShare: random.pick([0.1, 0.3]),
    faultsMs: 4_000,
    maxLatencyMs: random.pick([3, 9]),
    maxSkewMs: random.chance(0.5) ? 3_600_000 : 0,
    maxDriftPpm: random.chance(0.5) ? 10_000 : 0,
    database: { readMs: random.pick([2, 15]), writeMs: 4, jitter: 1 },
    faults: faultsOf(options),
    ...changes,
    gutters: isWriter ? 0 : (changes.gutters ?? gutters),
    options: isWriter ? { ...options, hotReplicas: 1 } : options,
    server: {
      capacity: random.pick([1, 10]),
      leaseMs: 120,
      hotShare: 0.3,
      hotWindow: 20,
      flushMs: 60,
      replyMs: 40,
      ...changes.server,
    },
    client: {
      parallel: 3,
      thinkMs: 20,
      isCoalescing: random.chance(0.8),
      replyMs: 15,
      suspectMs: random.pick([60, 300]),
      loadMs: 250,
      waitMs: 4,
      maxWaits: 20,
      invalidateMs: 60,
      unreachable: random.pick(["report", "waitTtl"] as const),
      ...changes.client,
    },
  };
}

function drawOptions(random: Random): Partial<CacheOptions> {
  return {
    writes: random.pick(["aside", "aside", "aside", "around", "through", "back"] as const),
    refills: random.pick(["leases", "leases", "versions", "versions", "any"] as const),
    ttlMs: random.pick([150, 600]),
    negativeTtlMs: random.pick([0, 100]),
    staleMs: random.pick([0, 0, 40]),
    earlyBeta: random.pick([0, 1]),
    hotReplicas: random.pick([1, 2]),
  };
}

function faultsOf({ writes }: Partial<CacheOptions>): CacheStormPlan["faults"] {
  // A write that is repeated after its server has forgotten it would be written back again.
  const maxDuplicateRate = writes === "back" ? 0 : 0.4;
  return {
    omitRate: 0.4,
    crash: { everyMs: 600, minMs: 5, maxMs: 500 },
    pause: { everyMs: 900, minMs: 10, maxMs: 300 },
    partition: { everyMs: 700, minMs: 50, maxMs: 700 },
    network: { everyMs: 700, minMs: 100, maxMs: 700, maxLossRate: 0.25, maxDuplicateRate },
    clog: { everyMs: 900, minMs: 20, maxMs: 300 },
  };
}

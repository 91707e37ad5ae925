/** A workload played over a simulated cache: what its users and its database had of it. */
import { inRange, onlyKnown } from "../../../basics";
import type { NetworkOptions, ScheduledFault } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import { arrivalsOf } from "./arrivals";
import type { WorkloadOptions } from "./arrivals";
import { CacheCluster } from "./cluster";
import type { CacheClusterSettings } from "./cluster";
import { CacheMeter } from "./meter";
import type { CacheRow } from "./meter";

export interface CacheSimulationOptions
  extends
    WorkloadOptions,
    Pick<
      CacheClusterSettings,
      "servers" | "gutters" | "clients" | "options" | "server" | "client" | "database"
    > {
  /** Default: a local network that loses nothing. */
  readonly network?: Partial<NetworkOptions>;
  /** What strikes when; default nothing. */
  readonly faults?: readonly ScheduledFault[];
  /** A row of the series tells of so long; default 1,000 ms. */
  readonly everyMs?: number;
  /** The total counts from then on, when the cache is warm; default 0. */
  readonly measureFromMs?: number;
}

export interface CacheSimulation {
  readonly series: readonly CacheRow[];
  /** From `measureFromMs` to the end of the workload. */
  readonly total: CacheRow;
  /** Of the series. */
  readonly peakLoadsPerSecond: number;
  /** Write-back: rows whose last acknowledged write went with a server that crashed. */
  readonly lostRows: number;
  /** Gets that each server has answered. */
  readonly gets: Readonly<Record<NodeId, number>>;
  /** How often each note was made: "hit", "miss", "wait", "coalesced", "refusedSet", "hotKey"... */
  readonly counts: Readonly<Record<string, number>>;
  /** As it is at the end, to look at or to go on with. */
  readonly cluster: CacheCluster;
}

const names: readonly (keyof CacheSimulationOptions)[] = [
  ...(["seed", "ratePerSecond", "forMs", "keys", "exponent", "writesShare"] as const),
  ...(["absentShare", "spike", "deal", "servers", "gutters", "clients", "options"] as const),
  ...(["server", "client", "database", "network", "faults", "everyMs", "measureFromMs"] as const),
];

/** After the last request, so that all have their answers. */
const afterMs = 2_000;

/**
 * The same options give the same run, and runs that differ in one option have the same requests.
 * Keys that nobody has written have a row, but those that begin with "absent". Throws a RangeError
 * that names the option that is wrong.
 */
export function simulateCache(options: CacheSimulationOptions = {}): CacheSimulation {
  onlyKnown("simulateCache", options, names);
  const { seed = 1, forMs = 10_000, everyMs = 1_000, measureFromMs = 0, faults = [] } = options;
  inRange("everyMs", everyMs, { min: 1, max: 86_400_000 });
  inRange("measureFromMs", measureFromMs, { min: 0, max: forMs });
  const meter = new CacheMeter(everyMs);
  const { servers, gutters, clients = 4, options: agreed, server, client } = options;
  const cluster = new CacheCluster({
    ...{ seed, servers, gutters, clients, options: agreed, server, client },
    database: { isFull: true, ...options.database },
    simulator: options.network === undefined ? {} : { network: options.network },
    onNote: (note) => meter.hear(note),
  });
  cluster.schedule(...faults);
  arrivalsOf(options).forEach(({ atMs, operation }, index) => {
    cluster.run(atMs);
    cluster.submit(cluster.clients[index % clients] as NodeId, operation);
  });
  cluster.run(forMs + afterMs);
  for (const id of cluster.servers) if (cluster.serverOf(id) === undefined) meter.lose(id);
  const series = meter.rows();
  return {
    series,
    total: meter.total(measureFromMs, forMs),
    peakLoadsPerSecond: Math.max(0, ...series.map((row) => row.loadsPerSecond)),
    lostRows: meter.lostRows,
    gets: Object.fromEntries([...meter.gets].sort()),
    counts: Object.fromEntries([...meter.counts].sort()),
    cluster,
  };
}

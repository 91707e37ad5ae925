/** What anti-entropy sends until copies are equal again, by the depth of its Merkle trees. */
import { at, crash, restart } from "../../../hosts";
import { wholeInRange } from "../../../basics";
import { DynamoCluster } from "./cluster";
import type { Traffic } from "./cluster";

export interface RepairOptions {
  /** Any whole number; default 1. */
  readonly seed?: number;
  /** Keys written before; 1 to 1,000,000, default 2,000. */
  readonly keys?: number;
  /** Levels of the tree below its root. */
  readonly merkleDepth: number;
}

const rareMs = 1e7;

/** One of three owners misses one write; what is sent, by type, until it has it. */
export function measureRepair(options: RepairOptions): ReadonlyMap<string, Traffic> {
  const { seed = 1, keys = 2_000, merkleDepth } = options;
  wholeInRange("keys", keys, { min: 1, max: 1_000_000 });
  const cluster = new DynamoCluster({
    seed,
    servers: 3,
    options: {
      ...{ partitions: 1, gossipMs: rareMs, merkleDepth },
      ...{ readRepair: "none", antiEntropyMs: 5_000 },
    },
  });
  const put = (i: number) => ({ op: "put", key: `key/${i}`, value: i }) as const;
  const operations = Array.from({ length: keys }, (_, i) => put(i));
  cluster.addClient("c1", { operations, server: "n1" });
  cluster.run(20 * keys);
  cluster.schedule(at(Math.ceil(cluster.nowMs), crash(["n3"])));
  cluster.submit("c1", put(0));
  cluster.run(cluster.nowMs + 10_000);
  cluster.schedule(at(Math.ceil(cluster.nowMs), restart(["n3"])));
  cluster.traffic.clear();
  do cluster.run(cluster.nowMs + 50);
  while (cluster.disorder() !== undefined && cluster.nowMs < rareMs);
  return cluster.traffic;
}

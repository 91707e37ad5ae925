/** What one seed of a Dynamo storm draws: a whole experiment, as plain data. */
import { Random } from "../../../basics";
import { drawDiskMs } from "../../../hosts";
import type { ServerStormPlan } from "../../../hosts";
import type { DynamoOptions } from "../options";

export interface DynamoStormPlan extends ServerStormPlan {
  /** Nodes that may join. */
  readonly spares: number;
  readonly keys: number;
  readonly operationsEach: number;
  /** Of the writes, 0 to 1. */
  readonly deleteRate: number;
  readonly maxSkewMs: number;
  /** How often an operator thinks of changing the ring, in ms; 0 is never. */
  readonly operateMs: number;
  readonly options: Partial<DynamoOptions>;
}

const faultsMs = 4_000;

export function planOf(seed: number, changes: Partial<DynamoStormPlan> = {}): DynamoStormPlan {
  const random = new Random(seed, 90);
  const quorums = random.pick([
    { readQuorum: 2, writeQuorum: 2 },
    { readQuorum: 2, writeQuorum: 2 },
    { readQuorum: 1, writeQuorum: 3 },
    { readQuorum: 3, writeQuorum: 1 },
  ]);
  // Long enough for all that may be away; else ten days, so that nothing is forgotten.
  const forgets = random.chance(0.25);
  const options: Partial<DynamoOptions> = {
    ...(forgets && { graceMs: 2 * faultsMs }),
    ...quorums,
    isSloppy: random.chance(0.4),
    readRepair: random.pick(["none", "later", "first"] as const),
    homes: random.chance(0.5) ? drawHomes(random) : {},
    partitions: 8,
    tokens: 4,
    merkleDepth: 3,
    pageKeys: 2,
    replyMs: 20,
    gossipMs: 60,
    handOffMs: 50,
    antiEntropyMs: 40,
  };
  return {
    seed,
    servers: 5,
    spares: 2,
    clients: 3,
    keys: 6,
    operationsEach: 80,
    deleteRate: 0.2,
    thinkMs: 30,
    faultsMs,
    maxLatencyMs: 6,
    diskMs: drawDiskMs(random, 0.3, 2),
    maxSkewMs: random.chance(0.5) && !forgets ? 3_600_000 : 0,
    operateMs: random.chance(0.5) ? 150 : 0,
    faults: {
      omitRate: 0.4,
      crash: { everyMs: 700, minMs: 10, maxMs: 900, disk: random.pick(["kept", "torn"] as const) },
      pause: { everyMs: 1_200, minMs: 10, maxMs: 500 },
      partition: { everyMs: 900, minMs: 50, maxMs: 900 },
      network: { everyMs: 900, minMs: 100, maxMs: 900, maxLossRate: 0.3, maxDuplicateRate: 0.5 },
      clog: { everyMs: 1_500, minMs: 50, maxMs: 600 },
    },
    ...changes,
    options: { ...options, ...changes.options },
  };
}

function drawHomes(random: Random): DynamoOptions["homes"] {
  const places = ["Mumbai", "Delhi", "Chennai"];
  return Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => {
      return [`n${i + 1}`, { city: random.pick(places), rack: random.pick(["1", "2"]) }];
    }),
  );
}

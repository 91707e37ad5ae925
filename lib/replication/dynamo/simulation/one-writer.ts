/**
 * One client writes a key again and again, two others read it: the register that R + W > N makes,
 * for a check of linearizability. With one writer there are no siblings, so a read has one value.
 *
 * Source: H. Attiya, A. Bar-Noy, D. Dolev, "Sharing memory robustly in message-passing systems",
 * JACM 42(1), 1995: a read has to write back what it has found.
 */
import { wholeInRange } from "../../../basics";
import { at, heal, partition } from "../../../hosts";
import type { HistoryEvent, NodeId } from "../../../protocol";
import type { DynamoOperation } from "../messages";
import type { DynamoOptions } from "../options";
import { DynamoCluster } from "./cluster";

export interface OneWriter {
  /** Any whole number. */
  readonly seed: number;
  /** Default "later". */
  readonly readRepair?: DynamoOptions["readRepair"];
  /**
   * Default false. If true, there are two nodes more, and the writer is cut off with them and one
   * owner for a second and a half; the readers are on the side of the other two owners.
   */
  readonly isSloppy?: boolean;
  /** 0 to 1,000; default 40. Of each of the two readers 400 by default. */
  readonly writes?: number;
  readonly reads?: number;
}

/** Reads and writes of one key, as `checkLinearizable(history, register())` takes them. */
export function oneWriterHistory(given: OneWriter): HistoryEvent[] {
  const { seed, readRepair = "later", isSloppy = false } = given;
  const writes = wholeInRange("writes", given.writes ?? 40, { min: 0, max: 1_000 });
  const reads = wholeInRange("reads", given.reads ?? 400, { min: 0, max: 1_000 });
  const slow = { from: ["n1"], latency: { kind: "exponential", minMs: 0.5, tailMs: 20 } } as const;
  const cluster = new DynamoCluster({
    seed,
    servers: isSloppy ? 5 : 3,
    options: { partitions: 1, isSloppy, readRepair, antiEntropyMs: 1e7 },
    // What the writer's coordinator sends is slow and overtakes itself; all else is fast.
    simulator: { network: { latency: { kind: "constant", ms: 1 }, links: [slow] } },
  });
  const add = (id: NodeId, server: NodeId, operations: readonly DynamoOperation[]): void => {
    const thinkMs = isSloppy ? 30 : 0;
    cluster.addClient(id, { operations, server, answerMs: 60_000, thinkMs });
  };
  cluster.run(1);
  const [first, second, third, ...rest] = cluster.living()[0].owners.walk[0];
  const [writer, reader] = isSloppy ? [first, second] : ["n1", "n1"];
  const put = (i: number) => ({ op: "put", key: "x", value: i }) as const;
  add(
    "c1",
    writer,
    Array.from({ length: writes }, (_, i) => put(i)),
  );
  add("c2", reader, Array(reads).fill({ op: "get", key: "x" }));
  add("c3", isSloppy ? third : "n3", Array(reads).fill({ op: "get", key: "x" }));
  const sides = [
    ["c1", first, ...rest],
    ["c2", "c3", second, third],
  ];
  if (isSloppy) cluster.schedule(at(200, partition(...sides)), at(1_700, heal()));
  cluster.run(60_000);
  return cluster.history().map(asRegister);
}

function asRegister(event: HistoryEvent): HistoryEvent {
  const { f, type, value } = event;
  if (f === "put" && type === "ok") return { ...event, value: undefined };
  return { ...event, value: Array.isArray(value) ? (value[0] ?? null) : value };
}

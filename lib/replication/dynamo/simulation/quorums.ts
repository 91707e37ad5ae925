/** What a choice of R and W costs and gives: latency, and what still works with an owner down. */
import { wholeInRange } from "../../../basics";
import { at, crash } from "../../../hosts";
import type { HistoryEvent } from "../../../protocol";
import { DynamoCluster } from "./cluster";

export interface QuorumChoice {
  /** R and W; there are three copies. */
  readonly readQuorum: number;
  readonly writeQuorum: number;
}

export interface QuorumMeasureOptions extends QuorumChoice {
  /** Any whole number; default 1. */
  readonly seed?: number;
  /** Writes, each with a read of its key after it; 1 to 100,000, default 400. */
  readonly pairs?: number;
}

export interface QuorumMeasure {
  /** Milliseconds from call to answer, in the order of the calls, all owners alive. */
  readonly readMs: readonly number[];
  readonly writeMs: readonly number[];
  /** Shares, 0 to 1, of what got no answer while one owner of three was down. */
  readonly failedReads: number;
  readonly failedWrites: number;
}

/** Quorums are strict, without read repair; links take 1 ms and an exponential tail of mean 9. */
export function measureQuorums(options: QuorumMeasureOptions): QuorumMeasure {
  wholeInRange("pairs", options.pairs ?? 400, { min: 1, max: 100_000 });
  const [whole, hurt] = [operate(options, []), operate(options, ["n3"])];
  return {
    readMs: times(whole, "get"),
    writeMs: times(whole, "put"),
    failedReads: failed(hurt, "get"),
    failedWrites: failed(hurt, "put"),
  };
}

const rareMs = 1e7;

function operate(options: QuorumMeasureOptions, down: readonly string[]): readonly HistoryEvent[] {
  const { seed = 1, pairs = 400, readQuorum, writeQuorum } = options;
  const near = { kind: "constant", ms: 1 } as const;
  const links = [
    { from: ["c1"], latency: near },
    { to: ["c1"], latency: near },
  ];
  const cluster = new DynamoCluster({
    seed,
    servers: 3,
    options: {
      ...{ partitions: 1, gossipMs: rareMs, antiEntropyMs: rareMs },
      ...{ readQuorum, writeQuorum, replyMs: 1_000, rounds: 2, readRepair: "none" },
    },
    simulator: { network: { latency: { kind: "exponential", minMs: 1, tailMs: 9 }, links } },
  });
  const operations = Array.from({ length: pairs }, (_, i) => [
    { op: "put", key: `key/${i}`, value: i } as const,
    { op: "get", key: `key/${i}` } as const,
  ]).flat();
  cluster.addClient("c1", { operations, server: "n1", answerMs: 4_000 });
  cluster.schedule(at(0, crash(down)));
  cluster.run(rareMs);
  return cluster.history();
}

/** One client has one operation at a time, so each answer follows its call. */
function times(history: readonly HistoryEvent[], f: string): number[] {
  return history.flatMap((event, i) => {
    if (event.f !== f || event.type !== "ok") return [];
    return [(event.time as number) - (history[i - 1]?.time as number)];
  });
}

function failed(history: readonly HistoryEvent[], f: string): number {
  const ended = history.filter((event) => event.f === f && event.type !== "invoke");
  return ended.filter(({ type }) => type !== "ok").length / ended.length;
}

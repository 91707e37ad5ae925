/** Two sides that are measured in turns, so that both have the machine's good and bad moments. */
import type { BenchmarkRow } from "../benchmark";
import type { Measured, MeasuredWithCores, Side } from "./closed-loops";

export interface Contest<M extends Measured> {
  readonly rounds: number;
  own(): Promise<Side<M>>;
  peer(): Promise<Side<M>>;
}

/** The median of each figure, of either side. */
export async function inTurns<M extends Measured>(
  contest: Contest<M>,
): Promise<{ ours: M; theirs: M }> {
  const [ours, theirs]: [M[], M[]] = [[], []];
  const own = await contest.own();
  try {
    const peer = await contest.peer();
    try {
      for (let round = 0; round < contest.rounds; round++) {
        if (round % 2 === 0) ours.push(await own.measure());
        theirs.push(await peer.measure());
        if (round % 2 === 1) ours.push(await own.measure());
      }
    } finally {
      await peer.stop();
    }
  } finally {
    await own.stop();
  }
  return { ours: medians(ours), theirs: medians(theirs) };
}

function medians<M extends Measured>(rows: readonly M[]): M {
  const names = Object.keys(rows[0] as M) as (keyof M)[];
  const of = (name: keyof M): number => {
    const sorted = rows.map((row) => Number(row[name])).sort((a, b) => a - b);
    return sorted[sorted.length >> 1] as number;
  };
  return Object.fromEntries(names.map((name) => [name, of(name)])) as unknown as M;
}

export interface EtcdRows {
  readonly work: string;
  /** What is counted, as "puts". */
  readonly unit: string;
  /** As "etcd 3.4.23, @grpc/grpc-js". */
  readonly peer: string;
  readonly bars: { readonly throughput: number | null; readonly p99: number | null };
}

/** Two rows: throughput and the slowest in a hundred. */
export function rowsAgainstEtcd(
  { work, unit, peer, bars }: EtcdRows,
  { ours, theirs }: { ours: MeasuredWithCores; theirs: MeasuredWithCores },
): BenchmarkRow[] {
  return [
    {
      work,
      ours: throughputText(ours, unit),
      peer: `${peer}: ${throughputText(theirs, unit)}`,
      ratio: ours.throughput / theirs.throughput,
      bar: bars.throughput,
    },
    {
      work: `${work}: latency p99`,
      ours: latencyText(ours),
      peer: `etcd ${latencyText(theirs)}`,
      ratio: theirs.p99Ms / ours.p99Ms,
      bar: bars.p99,
    },
  ];
}

/** Who eats the cores is said with every figure: clients and servers share them. */
function throughputText(measured: MeasuredWithCores, unit: string): string {
  const { throughput, clientCores, serverCores } = measured;
  const cores = `${clientCores.toFixed(2)} + ${serverCores.toFixed(2)} cores`;
  const count = Math.round(throughput).toLocaleString("en-GB");
  return `${count} ${unit}/s (clients + servers: ${cores})`;
}

function latencyText({ p50Ms, p99Ms }: Measured): string {
  return `p99 ${p99Ms.toFixed(1)} ms, p50 ${p50Ms.toFixed(1)} ms`;
}

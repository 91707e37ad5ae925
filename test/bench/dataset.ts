/**
 * Data sets beside MapReduce on the same log, the same threads and the same answer:
 * `npm run bench -- dataset --size 1gb`. Each run makes its data set anew, since a second action on
 * the same one finds its shuffle done. All sides read from the page cache.
 */
import { statSync } from "node:fs";
import { DatasetSession, count, defineJob, groupBy, mapReduce, max, sum } from "dabbawala/batch";
import { lineChart } from "dabbawala/figures";
import type { Chart } from "dabbawala/figures";
import type { BenchmarkOptions, BenchmarkRow, Comparison } from "./benchmark";
import { interleaved, rate, timeOf, timing } from "./benchmark";
import { ensureLog } from "./map-reduce/inputs";

const workers = 2;
const spec = {
  key: "train",
  aggregates: { requests: count(), total: sum("response_ms"), most: max("response_ms") },
};
const columns = { train: "text", response_ms: "number" } as const;

interface Totals {
  readonly requests: number;
  readonly total: number;
  readonly most: number;
}

function together(left: Totals, right: Totals): Totals {
  return {
    requests: left.requests + right.requests,
    total: left.total + right.total,
    most: left.most > right.most ? left.most : right.most,
  };
}

const byTrain = defineJob<Totals, Totals>({
  name: "by train",
  input: "csv",
  map(record, emit) {
    const ms = record.number("response_ms");
    emit(record.text("train"), { requests: 1, total: ms, most: ms });
  },
  combine: together,
  reduce: (_key, values) => values.reduce((left, right) => together(left, right)),
  scope: { together },
});

type Work = (session: DatasetSession, log: string, partitions?: number) => Promise<unknown[]>;

const onBytes: Work = (session, log, partitions) =>
  session.csv(log, { partitions }).groupByColumns(spec).collect();

const byFunctions: Work = (session, log, partitions) =>
  session
    .csv(log, { columns, partitions })
    .map(({ train, response_ms: ms }) => ({
      key: train,
      value: { requests: 1, total: ms, most: ms },
    }))
    .reduceByKey(together, { scope: { together } })
    .collect();

export async function run({ sizeBytes }: BenchmarkOptions): Promise<BenchmarkRow[]> {
  const log = await ensureLog(sizeBytes);
  const session = new DatasetSession({ workers });
  try {
    const told = groupBy(spec);
    const bytes = await interleaved({
      ours: () => onBytes(session, log),
      peer: () => mapReduce(told, [log], { workers }),
    });
    const functions = await interleaved({
      ours: () => byFunctions(session, log),
      peer: () => mapReduce(byTrain, [log], { workers }),
      rounds: 3,
    });
    return [
      row("columns told, on bytes", { log, peer: "MapReduce, told", bar: 0.8 }, bytes),
      row("functions", { log, peer: "MapReduce, functions", bar: 0.8 }, functions),
      await cachedRow(session, log),
    ];
  } finally {
    await session.close();
  }
}

/** The second pass over rows that a cache holds, beside one that reads the file again. */
async function cachedRow(session: DatasetSession, log: string): Promise<BenchmarkRow> {
  const rows = session.csv(log, { columns });
  const part = rows.sample(0.2, { seed: 1 });
  const cached = part.cache();
  const most = (data: typeof cached): Promise<number> =>
    data.filter(({ response_ms }) => response_ms > 1_000).count();
  await most(cached);
  const passes = await interleaved({
    ours: () => most(cached),
    peer: () => most(part),
    rounds: 3,
  });
  return {
    work: `${size(log)} log, one more pass over a fifth of its rows`,
    ours: `cached ${passes.ours.medianMs.toFixed(0)} ms`,
    peer: `read again ${passes.peer.medianMs.toFixed(0)} ms`,
    ratio: passes.ratio,
    bar: null,
  };
}

function size(log: string): string {
  return `${(statSync(log).size / 1e6).toFixed(0)} MB`;
}

function row(
  how: string,
  { log, peer, bar }: { log: string; peer: string; bar: number },
  { ours, peer: theirs, ratio }: Comparison,
): BenchmarkRow {
  const bytes = statSync(log).size;
  return {
    work: `${size(log)} log, data set grouped by train: ${how}`,
    ours: rate(bytes, "bytes", ours.medianMs),
    peer: `${peer} ${rate(bytes, "bytes", theirs.medianMs)}`,
    ratio,
    bar,
  };
}

type Point = Readonly<Record<string, string | number>>;

const works = { "on bytes": onBytes, "by functions": byFunctions };
const curveRounds = 3;

async function median(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < curveRounds; round++) times.push(await timeOf(work));
  return timing(times).medianMs;
}

/** Time against the size, which should be a straight line, and against the partitions. */
export async function charts({ sizeBytes }: BenchmarkOptions): Promise<Record<string, Chart>> {
  const session = new DatasetSession({ workers });
  try {
    const bySize: Point[] = [];
    for (const share of [1 / 64, 1 / 16, 1 / 4, 1]) {
      const log = await ensureLog(sizeBytes * share);
      const megabytes = Number((statSync(log).size / 1e6).toPrecision(2));
      for (const [how, work] of Object.entries(works)) {
        bySize.push({ megabytes, how, seconds: (await median(() => work(session, log))) / 1e3 });
      }
    }
    const log = await ensureLog(sizeBytes / 4);
    const byPartitions: Point[] = [];
    for (const partitions of [1, 2, 4, 16, 64, 256]) {
      for (const [how, work] of Object.entries(works)) {
        const seconds = (await median(() => work(session, log, partitions))) / 1e3;
        byPartitions.push({ partitions, how, seconds });
      }
    }
    return { size: sizeChart(bySize), partitions: partitionsChart(byPartitions, size(log)) };
  } finally {
    await session.close();
  }
}

const common = {
  y: { field: "seconds", title: "time (s)" },
  series: { field: "how", title: "group by train" },
} as const;

function sizeChart(data: readonly Point[]): Chart {
  return lineChart({
    ...common,
    data,
    x: { field: "megabytes", title: "log (MB)", type: "quantitative" },
    title: "Data set: time against the size of the log",
    caption: "Linear cost is a straight line; functions make rows, the bytes' way makes none.",
  });
}

function partitionsChart(data: readonly Point[], log: string): Chart {
  return lineChart({
    ...common,
    data,
    x: { field: "partitions", title: "partitions (log scale)", type: "quantitative", scale: "log" },
    title: "Data set: time against the number of partitions",
    caption: `${log} on ${workers} threads: one partition leaves a thread idle, many cost a start.`,
  });
}

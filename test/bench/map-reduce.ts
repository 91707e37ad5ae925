/**
 * MapReduce over an IRCTC log beside DuckDB, and beside a loop over readline, on the same file:
 * `npm run bench -- map-reduce --size 1gb`. All sides read from the page cache.
 */
import { statSync } from "node:fs";
import { count, groupBy, mapReduce, max, sum, wordCount } from "dabbawala/batch";
import { lineChart } from "dabbawala/figures";
import type { Chart } from "dabbawala/figures";
import type { BenchmarkOptions, BenchmarkRow, Comparison } from "./benchmark";
import { interleaved, rate } from "./benchmark";
import { countWords, duckGroupBy, openDuck, readlineByTrain } from "./map-reduce/peers";
import { ensureLog, ensureText } from "./map-reduce/inputs";
import { measureApart } from "./map-reduce/apart";

const workers = 2;
const memoryLimitBytes = 1e9;
const aggregates = { requests: count(), total: sum("response_ms"), most: max("response_ms") };
const byTrain = groupBy({ key: "train", aggregates });
const byUser = groupBy({ key: "user", aggregates });

export async function run(options: BenchmarkOptions): Promise<BenchmarkRow[]> {
  const log = await ensureLog(options.sizeBytes);
  return [
    await trainRow(log),
    ...(await userRows(log)),
    await memoryRow(log),
    ...(await ownRows(log)),
    ...(await parts.words(options)),
  ];
}

export const parts = {
  async words({ sizeBytes }: BenchmarkOptions): Promise<BenchmarkRow[]> {
    return [await wordRow(await ensureText(sizeBytes / 4))];
  },
};

async function trainRow(log: string): Promise<BenchmarkRow> {
  const duck = await openDuck(workers);
  const trains = await interleaved({
    ours: () => mapReduce(byTrain, [log], { workers }),
    peer: () => duckGroupBy(duck, log, "train"),
  });
  duck.closeSync();
  return row(
    "log, group by train: count, sum, max",
    { file: log, peer: "DuckDB", bar: 1.5 },
    trains,
  );
}

/** The answer as both leave it, in columns; and as what a program reads, a million objects. */
async function userRows(log: string): Promise<BenchmarkRow[]> {
  const duck = await openDuck(workers);
  const columns = await interleaved({
    ours: () => mapReduce(byUser, [log], { workers }),
    peer: () => duckGroupBy(duck, log, "user"),
  });
  const objects = await interleaved({
    ours: async () => (await mapReduce(byUser, [log], { workers })).rows,
    peer: async () => (await duckGroupBy(duck, log, "user")).getRowObjectsJS(),
    rounds: 3,
  });
  duck.closeSync();
  const sides = { file: log, peer: "DuckDB", bar: 0.7 };
  return [
    row("log, group by user: count, sum, max", sides, columns),
    row("log, group by user, and rows as objects", sides, objects),
  ];
}

/** The peak of a process of its own that does nothing else. */
async function memoryRow(log: string): Promise<BenchmarkRow> {
  const { peakBytes } = await measureApart("user", log, { workers });
  return {
    work: `${size(log)} log, group by user: peak memory of the process`,
    ours: `${(peakBytes / 1e6).toFixed(0)} MB`,
    peer: "limit 1,000 MB",
    ratio: memoryLimitBytes / peakBytes,
    bar: 1,
  };
}

async function ownRows(log: string): Promise<BenchmarkRow[]> {
  const readline = await interleaved({
    ours: () => mapReduce(byTrain, [log], { workers }),
    peer: () => readlineByTrain(log),
    rounds: 3,
  });
  const speedUp = await interleaved({
    ours: () => mapReduce(byTrain, [log], { workers: 2 }),
    peer: () => mapReduce(byTrain, [log], { workers: 1 }),
  });
  return [
    row("log, group by train", { file: log, peer: "readline + Map", bar: 12 }, readline),
    row("log, group by train, 2 workers", { file: log, peer: "1 worker", bar: 1.7 }, speedUp),
  ];
}

async function wordRow(text: string): Promise<BenchmarkRow> {
  const words = await interleaved({
    ours: () => mapReduce(wordCount, [text], { workers }),
    peer: () => countWords(text),
  });
  return row("text, word count by split", { file: text, peer: "readline + Map", bar: 3 }, words);
}

function size(file: string): string {
  const { size } = statSync(file);
  return size >= 1e9 ? `${(size / 1e9).toFixed(1)} GB` : `${(size / 1e6).toFixed(0)} MB`;
}

function row(
  work: string,
  { file, peer, bar }: { file: string; peer: string; bar: number },
  { ours, peer: theirs, ratio }: Comparison,
): BenchmarkRow {
  const bytes = statSync(file).size;
  return {
    work: `${size(file)} ${work}`,
    ours: rate(bytes, "bytes", ours.medianMs),
    peer: `${peer} ${rate(bytes, "bytes", theirs.medianMs)}`,
    ratio,
    bar,
  };
}

interface CurvePoint {
  readonly inputBytes: number;
  readonly key: "train" | "user";
  readonly elapsedMs: number;
  /** Peak of the process, Node itself included. */
  readonly peakBytes: number;
}

/**
 * Time and peak memory of group by train and by user over logs from 1 MB to `largestBytes`, four
 * times as large each; a process of its own for each point. Default: 4 GB, which needs that disk.
 */
async function curve(largestBytes: number): Promise<CurvePoint[]> {
  const points: CurvePoint[] = [];
  for (let inputBytes = 1e6; inputBytes <= largestBytes * 1.1; inputBytes *= 4) {
    const log = await ensureLog(inputBytes);
    for (const key of ["train", "user"] as const) {
      points.push({ key, ...(await measureApart(key, log, { workers })) });
    }
  }
  return points;
}

/** Time and memory against the size of the input, both of which should be straight lines. */
export async function charts({ sizeBytes }: BenchmarkOptions): Promise<Record<string, Chart>> {
  const points = await curve(sizeBytes);
  const data = points.map(({ inputBytes, key, elapsedMs, peakBytes }) => {
    const megabytes = Number((inputBytes / 1e6).toPrecision(2));
    return { megabytes, key, seconds: elapsedMs / 1000, peak: peakBytes / 1e6 };
  });
  const common = {
    data,
    x: { field: "megabytes", title: "log (MB)", type: "quantitative" },
    series: { field: "key", title: "group by" },
  } as const;
  return {
    time: lineChart({
      ...common,
      y: { field: "seconds", title: "time (s)" },
      title: "MapReduce: time against the size of the log",
      caption: "Linear cost is a straight line; what it begins with is the start of the threads.",
    }),
    memory: lineChart({
      ...common,
      y: { field: "peak", title: "peak memory of the process (MB)" },
      title: "MapReduce: memory against the size of the log",
      caption:
        "Groups are held, lines are not: by train it stays flat, by user it grows with users.",
    }),
  };
}

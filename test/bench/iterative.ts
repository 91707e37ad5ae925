/**
 * k-means and logistic regression three ways: a MapReduce job a pass that leaves its model on disk,
 * a data set that is computed again each pass, and one that is kept in memory.
 */
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DatasetSession,
  kMeansByMapReduce,
  kMeansOnDataset,
  startingCentres,
} from "dabbawala/batch";
import { logisticByMapReduce, logisticOnDataset, mapReduce, wordCount } from "dabbawala/batch";
import type { BenchmarkRow, Comparison } from "./benchmark";
import { interleaved, timeOf } from "./benchmark";
import { blobs, columnsOf, writeBlobs } from "../batch/iterative/points";

const folder = join(tmpdir(), "dabbawala-bench");
const workers = 2;
const passes = 20;
const spec = { rows: 400_000, dimensions: 5, clusters: 8, seed: 5 };
const file = join(folder, `points-${spec.rows}.csv`);
const points = { files: [file], columns: columnsOf(spec.dimensions) };

/** The episode says 100 times, and in another place 16; the bar is five. */
const bar = 5;

export async function run(): Promise<BenchmarkRow[]> {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) await writeBlobs(file, spec);
  return [await kMeansRow(), await uncachedRow(), await logisticRow(), await partsRow()];
}

const sample = [...blobs({ ...spec, rows: 2_000 })].map((point) => point.slice(0, -1));
const centres = startingCentres(sample, { clusters: 8 });
const kMeans = { centres, passes };
const work = (name: string): string => {
  const megabytes = (statSync(file).size / 1e6).toFixed(0);
  return `${name}, ${spec.rows / 1_000} k points of ${spec.dimensions} columns (${megabytes} MB), ${passes} passes`;
};

/** With a session of its own: reading, parsing and starting threads count. */
async function onDataset<T>(call: (session: DatasetSession) => Promise<T>): Promise<T> {
  const session = new DatasetSession({ workers });
  try {
    return await call(session);
  } finally {
    await session.close();
  }
}

const byDisk = (): unknown => kMeansByMapReduce(points, { ...kMeans, workers });
const rounds = 3;

async function kMeansRow(): Promise<BenchmarkRow> {
  const ours = (): unknown => onDataset((session) => kMeansOnDataset(session, points, kMeans));
  const times = await interleaved({ ours, peer: byDisk, rounds });
  return row(work("k-means, 8 clusters"), times, { peer: "MapReduce, on disk", bar });
}

async function uncachedRow(): Promise<BenchmarkRow> {
  const options = { ...kMeans, isCached: false };
  const ours = (): unknown => onDataset((session) => kMeansOnDataset(session, points, options));
  const times = await interleaved({ ours, peer: byDisk, rounds: 1 });
  return row("the same without a cache", times, { peer: "MapReduce, on disk", bar: null });
}

async function logisticRow(): Promise<BenchmarkRow> {
  const scales = points.columns.map(() => [50, 30] as const);
  const options = { label: "label", scales, passes };
  const ours = (): unknown => onDataset((session) => logisticOnDataset(session, points, options));
  const peer = (): unknown => logisticByMapReduce(points, { ...options, workers });
  const times = await interleaved({ ours, peer, rounds });
  return row(work("logistic regression"), times, { peer: "MapReduce, on disk", bar: null });
}

/** What a pass costs before it computes anything: a job over a line, threads warm. */
async function partsRow(): Promise<BenchmarkRow> {
  const tiny = join(folder, "tiny.txt");
  writeFileSync(tiny, "one line\n");
  const small = (): unknown =>
    mapReduce(wordCount, [tiny], { workers, out: join(folder, "t.jsonl") });
  await small();
  const emptyMs = await timeOf(small);
  const [report] = (
    await kMeansByMapReduce(points, { ...kMeans, passes: 2, workers })
  ).reports.slice(1);
  const passMs = report?.elapsedMs ?? NaN;
  return {
    work: "a MapReduce job over one line, beside such a pass",
    ours: `${emptyMs.toFixed(0)} ms`,
    peer: `k-means pass ${passMs.toFixed(0)} ms`,
    ratio: passMs / emptyMs,
    bar: null,
  };
}

function row(
  name: string,
  { ours, peer, ratio }: Comparison,
  told: { readonly peer: string; readonly bar: number | null },
): BenchmarkRow {
  const perPass = (ms: number): string => `${(ms / passes).toFixed(0)} ms a pass`;
  return {
    work: name,
    ours: perPass(ours.medianMs),
    peer: `${told.peer} ${perPass(peer.medianMs)}`,
    ratio,
    bar: told.bar,
  };
}

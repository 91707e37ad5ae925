/**
 * What every benchmark shares: the form of its rows, and timing that is fair on a noisy machine.
 */

import type { Chart } from "dabbawala/figures";

/** One line of the table in the README. */
export interface BenchmarkRow {
  /** What was done, with its size: "1.0 GB log, group by train". */
  readonly work: string;
  /** Our figure with its unit: "1,950 MB/s". */
  readonly ours: string;
  /** The peer's name and figure: "DuckDB 540 MB/s". */
  readonly peer: string;
  /** How many times ours is faster (or smaller) than the peer; more is better. */
  readonly ratio: number;
  /** The ratio to reach; null where the row only informs. */
  readonly bar: number | null;
}

/** What `npm run bench` hands to each module's `run`. */
export interface BenchmarkOptions {
  /** Size of the input for benchmarks that read a file, from `--size`; default 100 MB. */
  readonly sizeBytes: number;
  /** How many times as fast an hour is played, from `--speed`; default 12. */
  readonly speed: number;
}

/** A benchmark is a module of this folder that exports `run`. */
export type RunBenchmark = (options: BenchmarkOptions) => Promise<BenchmarkRow[]>;

/** A module may also export `charts`: curves that `npm run bench -- --plot` draws, by name. */
export type DrawCurves = (options: BenchmarkOptions) => Promise<Readonly<Record<string, Chart>>>;

/**
 * One side of a comparison. `spread` is (slowest - fastest) / median: 0.1 is quiet, 0.5 is noisy.
 */
export interface Timing {
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
  readonly spread: number;
}

export interface Comparison {
  readonly ours: Timing;
  readonly peer: Timing;
  /** The peer's median time over our median time. */
  readonly ratio: number;
}

export interface Contest {
  readonly ours: () => unknown;
  readonly peer: () => unknown;
  /** Timed runs of each side, after one warm-up of each; default 5. */
  readonly rounds?: number;
}

/**
 * Runs the two sides in turns within one process, so that both meet the same noise, and compares
 * their medians. Which side begins changes every round: neither always follows the other.
 */
export async function interleaved({ ours, peer, rounds = 5 }: Contest): Promise<Comparison> {
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new RangeError(`rounds must be a whole number from 1, but was ${rounds}`);
  }
  await timeOf(ours);
  await timeOf(peer);
  const ourTimes: number[] = [];
  const peerTimes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) ourTimes.push(await timeOf(ours));
    peerTimes.push(await timeOf(peer));
    if (round % 2 === 1) ourTimes.push(await timeOf(ours));
  }
  const [our, their] = [timing(ourTimes), timing(peerTimes)];
  return { ours: our, peer: their, ratio: their.medianMs / our.medianMs };
}

/** Milliseconds that `work` takes, awaited. */
export async function timeOf(work: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Median and spread of measured times. */
export function timing(timesMs: readonly number[]): Timing {
  if (timesMs.length === 0) throw new RangeError("timing needs at least one time");
  const sorted = [...timesMs].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const medianMs = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  const [fastestMs, slowestMs] = [sorted[0], sorted[sorted.length - 1]];
  return { medianMs, fastestMs, slowestMs, spread: (slowestMs - fastestMs) / medianMs };
}

/** "1,950 MB/s" for `rate(2e9, "bytes", 1026)`, "2.80 M rows/s" for `rate(2.8e6, "rows", 1000)`. */
export function rate(amount: number, unit: string, elapsedMs: number): string {
  const perSecond = amount / (elapsedMs / 1000);
  const isBytes = unit === "bytes";
  if (isBytes) return `${short(perSecond / 1e6)} MB/s`;
  if (perSecond >= 1e6) return `${short(perSecond / 1e6)} M ${unit}/s`;
  return `${short(perSecond)} ${unit}/s`;
}

/** Three significant figures, thousands with a comma. */
function short(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-GB", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

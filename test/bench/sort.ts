/**
 * Sorting: 100-byte records as text beside GNU sort and DuckDB, each in a process of its own that
 * starts within its time; and 10 M whole numbers in memory. `npm run bench -- sort --size 1gb`.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parallelRadixSort, radixSort } from "dabbawala/batch";
import { Random } from "dabbawala/basics";
import { lineChart } from "dabbawala/figures";
import type { Chart } from "dabbawala/figures";
import type { BenchmarkOptions, BenchmarkRow, Comparison } from "./benchmark";
import { interleaved, rate } from "./benchmark";
import { duckSortApart, gnuSortApart, sortApart } from "./sort/apart";
import type { SortedApart } from "./sort/apart";
import { ensureRecords, recordBytes } from "./sort/inputs";

const workers = 2;
const mebibyte = 2 ** 20;
const keyCount = 10_000_000;

export async function run({ sizeBytes }: BenchmarkOptions): Promise<BenchmarkRow[]> {
  const file = ensureRecords(sizeBytes);
  const folder = mkdtempSync(join(tmpdir(), "dabbawala-bench-sort-"));
  try {
    return [...(await fileRows(file, folder)), ...(await numberRows())];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fileRows(file: string, folder: string): Promise<BenchmarkRow[]> {
  const small = { out: join(folder, "ours"), workers, memoryBytes: 256 * mebibyte };
  const large = { ...small, memoryBytes: 1024 * mebibyte };
  const other = join(folder, "other");
  // GNU sort empties its output before it writes, ours keeps the old one until the new is whole:
  // with nothing there, both start from the same.
  const clear = (): void => [small.out, other].forEach((out) => rmSync(out, { force: true }));
  let peakBytes = 0;
  const gnu = await interleaved({
    ours: () => {
      clear();
      peakBytes = Math.max(peakBytes, sortApart(file, small).peakBytes);
    },
    peer: () => {
      clear();
      gnuSortApart(file, { ...small, out: other });
    },
    rounds: 3,
  });
  const duck = await interleaved({
    ours: () => {
      clear();
      sortApart(file, large);
    },
    peer: () => {
      clear();
      duckSortApart(file, { ...large, out: other });
    },
    rounds: 3,
  });
  const bytes = statSync(file).size;
  return [
    row("sorted, 256 MB of memory", { bytes, peer: "GNU sort", bar: 1.3 }, gnu),
    row("sorted, 1 GB of memory", { bytes, peer: "DuckDB order by", bar: 0.7 }, duck),
    {
      work: `${told(bytes)} of 100-byte records sorted: peak memory of the process`,
      ours: `${(peakBytes / mebibyte).toFixed(0)} MiB`,
      peer: "cap 256 MiB",
      ratio: small.memoryBytes / peakBytes,
      bar: 1,
    },
  ];
}

async function numberRows(): Promise<BenchmarkRow[]> {
  const random = new Random(1);
  const keys = Uint32Array.from({ length: keyCount }, () => random.next() * 2 ** 32);
  const native = (): Uint32Array => keys.slice().sort();
  const parallel = await interleaved({
    ours: () => parallelRadixSort(keys.slice(), { workers }),
    peer: native,
    rounds: 3,
  });
  const single = await interleaved({
    ours: () => radixSort(keys.slice()),
    peer: native,
    rounds: 3,
  });
  const speed = (ms: number): string => rate(keyCount, "keys", ms);
  return [
    { on: "2 threads", comparison: parallel },
    { on: "1 thread", comparison: single },
  ].map(({ on, comparison: { ours, peer, ratio } }) => ({
    work: `10 M u32 in memory, radix sort on ${on}`,
    ours: speed(ours.medianMs),
    peer: `Uint32Array.sort ${speed(peer.medianMs)}`,
    ratio,
    bar: on === "2 threads" ? 1.5 : null,
  }));
}

function told(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(0)} MB`;
}

function row(
  work: string,
  { bytes, peer, bar }: { bytes: number; peer: string; bar: number },
  { ours, peer: theirs, ratio }: Comparison,
): BenchmarkRow {
  return {
    work: `${told(bytes)} of 100-byte records ${work}`,
    ours: rate(bytes, "bytes", ours.medianMs),
    peer: `${peer} ${rate(bytes, "bytes", theirs.medianMs)}`,
    ratio,
    bar,
  };
}

/** Four sizes, each four times the last; the fastest of three runs. */
function curve(largestBytes: number, folder: string): SortedApart[] {
  return [64, 16, 4, 1].map((part) => {
    const file = ensureRecords(largestBytes / part);
    const options = { out: join(folder, "out"), workers, memoryBytes: 256 * mebibyte };
    const runs = [1, 2, 3].map(() => sortApart(file, options));
    return runs.reduce((best, run) => (run.elapsedMs < best.elapsedMs ? run : best));
  });
}

/** Time beside n log n through the largest point, and memory, which should be flat. */
export async function charts({ sizeBytes }: BenchmarkOptions): Promise<Record<string, Chart>> {
  const folder = mkdtempSync(join(tmpdir(), "dabbawala-bench-sort-"));
  try {
    const points = curve(sizeBytes, folder);
    const cost = ({ inputBytes }: SortedApart): number =>
      inputBytes * Math.log2(inputBytes / recordBytes);
    const largest = points[points.length - 1];
    const perCost = largest.elapsedMs / cost(largest);
    const x = { field: "megabytes", title: "records (MB)", type: "quantitative" } as const;
    const megabytes = ({ inputBytes }: SortedApart): number => Math.round(inputBytes / 1e5) / 10;
    return {
      time: lineChart({
        data: points.flatMap((point) => [
          { megabytes: megabytes(point), seconds: point.elapsedMs / 1000, line: "measured" },
          { megabytes: megabytes(point), seconds: (perCost * cost(point)) / 1000, line: "n log n" },
        ]),
        x,
        y: { field: "seconds", title: "time (s)" },
        series: { field: "line", title: "" },
        title: "External sort: time against the size of the file",
        caption: "256 MB of memory, 2 workers; n log n is drawn through the largest file.",
      }),
      memory: lineChart({
        data: points.map((point) => ({
          megabytes: megabytes(point),
          peak: point.peakBytes / mebibyte,
          line: "peak",
        })),
        x,
        y: { field: "peak", title: "peak memory of the process (MiB)" },
        series: { field: "line", title: "" },
        title: "External sort: memory against the size of the file",
        caption: "The cap is 256 MiB, whatever the file.",
      }),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

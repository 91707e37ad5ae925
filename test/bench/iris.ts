/**
 * Iris pictures of 2,048 bits and masks compared at seven turns, beside a loop over bits, one
 * thread, and DuckDB; and duplicates found by bands beside all pairs. `npm run bench -- iris`.
 */
import { compareAll, findDuplicates, makeIrisGallery } from "dabbawala/scenarios/aadhaar";
import type { CompareOptions, IrisGallery, IrisMatch } from "dabbawala/scenarios/aadhaar";
import { lineChart } from "dabbawala/figures";
import type { Chart } from "dabbawala/figures";
import type { BenchmarkRow } from "./benchmark";
import { interleaved, rate, timeOf } from "./benchmark";
import { duckGallery, leastBitByBit, leastByDuck } from "./iris/peers";

const workers = 2;
const rows = 4_000;
/** Pictures among which duplicates are looked for. */
const searched = 10_000;
const barOfBitByBit = 10;

export async function run(): Promise<BenchmarkRow[]> {
  const gallery = await makeIrisGallery({ rows, seed: 1 });
  return [
    await besideBits(gallery),
    await besideOneThread(gallery),
    await besidePlain(gallery),
    await besideDuck(gallery),
    await besideAllPairs(0.8),
    await besideAllPairs(0.95),
  ];
}

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

/** The sides do different amounts of the same work, so what is held up are comparisons a second. */
interface Sides {
  readonly what: string;
  readonly ours: () => unknown;
  readonly comparisons: number;
  readonly peer: () => unknown;
  readonly peerName: string;
  readonly peerComparisons: number;
  readonly bar: number | null;
}

async function contest(sides: Sides): Promise<BenchmarkRow> {
  const { ours, peer, comparisons, peerComparisons, peerName } = sides;
  const times = await interleaved({ ours, peer, rounds: 5 });
  return {
    work: sides.what,
    ours: rate(comparisons, "comparisons", times.ours.medianMs),
    peer: `${peerName} ${rate(peerComparisons, "comparisons", times.peer.medianMs)}`,
    ratio: (times.ratio * comparisons) / peerComparisons,
    bar: sides.bar,
  };
}

const masked = "2,048-bit irises under both masks";
const all = (gallery: IrisGallery, options: CompareOptions) => (): unknown =>
  compareAll(gallery, options);

async function besideBits(gallery: IrisGallery): Promise<BenchmarkRow> {
  const small = await makeIrisGallery({ rows: 300, seed: 1 });
  return contest({
    what: `${masked}, all pairs of 4,000 at 7 turns, 2 workers`,
    ...{ ours: all(gallery, { workers }), comparisons: pairsOf(rows) * 7 },
    ...{ peer: () => leastBitByBit(small), peerComparisons: pairsOf(300) },
    ...{ peerName: "bit by bit, one thread", bar: barOfBitByBit },
  });
}

async function besideOneThread(gallery: IrisGallery): Promise<BenchmarkRow> {
  return contest({
    what: `${masked}, 2 workers`,
    ...{ ours: all(gallery, { workers }), comparisons: pairsOf(rows) * 7 },
    ...{ peer: all(gallery, { workers: 1 }), peerComparisons: pairsOf(rows) * 7 },
    ...{ peerName: "1 worker", bar: null },
  });
}

async function besidePlain(gallery: IrisGallery): Promise<BenchmarkRow> {
  const small = await makeIrisGallery({ rows: 1_000, seed: 1 });
  return contest({
    what: `${masked}, WebAssembly vectors, 1 worker`,
    ...{ ours: all(gallery, { workers: 1 }), comparisons: pairsOf(rows) * 7 },
    ...{ peer: all(small, { workers: 1, kind: "plain" }), peerComparisons: pairsOf(1_000) * 7 },
    ...{ peerName: "brute force in TypeScript, 1 thread", bar: null },
  });
}

async function besideDuck(gallery: IrisGallery): Promise<BenchmarkRow> {
  const small = await makeIrisGallery({ rows: 600, seed: 1 });
  const connection = await duckGallery(small);
  try {
    return await contest({
      what: `${masked}, 2 workers`,
      ...{ ours: all(gallery, { workers }), comparisons: pairsOf(rows) * 7 },
      ...{ peer: () => leastByDuck(connection), peerComparisons: pairsOf(600) },
      ...{ peerName: "DuckDB, bit_count(xor), 2 threads", bar: null },
    });
  } finally {
    connection.closeSync();
  }
}

async function besideAllPairs(recall: number): Promise<BenchmarkRow> {
  const gallery = await makeIrisGallery({ rows: searched, seed: 1, duplicates: 0.05 });
  const found = new Set<string>();
  let known: readonly IrisMatch[] = [];
  const times = await interleaved({
    ours: async () => {
      const { matches } = await findDuplicates(gallery, { workers, recall });
      for (const { row, of } of matches) found.add(`${row} ${of}`);
    },
    peer: async () => (known = (await compareAll(gallery, { workers })).matches),
    rounds: 3,
  });
  const met = known.filter(({ row, of }) => found.has(`${row} ${of}`)).length;
  return {
    work:
      `duplicates among ${searched.toLocaleString("en")} irises by bands that are to meet ` +
      `${100 * recall} %: ${met} of the ${known.length} pairs that all comparisons find`,
    ours: seconds(times.ours.medianMs),
    peer: `all pairs ${seconds(times.peer.medianMs)}`,
    ratio: times.ratio,
    bar: null,
  };
}

const seconds = (elapsedMs: number): string => `${(elapsedMs / 1_000).toFixed(2)} s`;

/** All pairs of more would take minutes. */
const mostOfAllPairs = 16_000;

/** Time against pictures: n^2 for all pairs, little more than n by bands. */
export async function charts(): Promise<Record<string, Chart>> {
  const data: { pictures: number; search: string; seconds: number }[] = [];
  for (const pictures of [2_000, 4_000, 8_000, 16_000, 32_000, 64_000]) {
    const gallery = await makeIrisGallery({ rows: pictures, seed: 1 }, { workers });
    const add = async (search: string, work: () => unknown): Promise<void> => {
      data.push({ pictures, search, seconds: (await timeOf(work)) / 1_000 });
    };
    if (pictures <= mostOfAllPairs) await add("all pairs", () => compareAll(gallery, { workers }));
    for (const recall of [0.8, 0.95]) {
      await add(`bands, recall ${recall}`, () => findDuplicates(gallery, { workers, recall }));
    }
  }
  return {
    time: lineChart({
      data,
      x: { field: "pictures", title: "pictures (count)", scale: "log" },
      y: { field: "seconds", title: "time (s)", scale: "log" },
      series: { field: "search", title: "search" },
      title: "Iris duplicates: time against pictures, 2 workers",
      caption: "Logarithmic axes. Bands first pay for the start of the threads, then for pictures.",
    }),
  };
}

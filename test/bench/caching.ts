/**
 * Caches on Zipf 0.99, 1 M keys, 50,000 entries: LRU's time beside npm lru-cache, interleaved, and
 * hit ratios beside LRU's, there and on the traces that each policy is bad at. Of ratios of hits
 * the column `ratio` is the distance to LRU in points, since that is what the bar is set in.
 */
import { execFileSync } from "node:child_process";
import { Arc, Clock, hitRatio, Lfu, loopTrace, Lru, minimumMisses } from "dabbawala/caching";
import { S3Fifo, scanTrace, shiftingTrace, Sieve, Slru, WTinyLfu } from "dabbawala/caching";
import { zipfTrace } from "dabbawala/caching";
import type { Cache, CacheOptions } from "dabbawala/caching";
import { interleaved } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

interface Store<K> {
  get(key: K): number | undefined;
  set(key: K, value: number): unknown;
}

const { LRUCache: Peer } = require("lru-cache") as {
  LRUCache: new <K>(options: { max: number }) => Store<K>;
};

const capacity = 50_000;
const usual = { keys: 1_000_000, requests: 2_000_000, seed: 20 };

type Make = (options: CacheOptions<number, boolean>) => Cache<number, boolean>;
const policies: readonly [string, Make][] = [
  ["LRU", (options) => new Lru(options)],
  ["CLOCK", (options) => new Clock(options)],
  ["LFU", (options) => new Lfu(options)],
  ["SLRU", (options) => new Slru(options)],
  ["ARC", (options) => new Arc(options)],
  ["SIEVE", (options) => new Sieve(options)],
  ["S3-FIFO", (options) => new S3Fifo(options)],
  ["W-TinyLFU", (options) => new WTinyLfu(options)],
];

export async function run(): Promise<BenchmarkRow[]> {
  const times = ["generic", "texts", "typed"].map(timeInOwnProcess);
  return [...times, ...hitRatios()];
}

/** So that neither side's compiled code was made for other keys than those of the row. */
function timeInOwnProcess(name: string): BenchmarkRow {
  const options = ["-r", "ts-node/register/transpile-only", __filename, name];
  const text = execFileSync(process.execPath, options, { encoding: "utf8", timeout: 120_000 });
  return JSON.parse(text) as BenchmarkRow;
}

async function timeRowOf(name: string): Promise<BenchmarkRow> {
  const numbers = [...zipfTrace(usual)];
  const typed = { capacity, keys: "integers" } as const;
  if (name === "typed") return timeRow("whole numbers, typed", numbers, () => new Lru(typed), 1.5);
  const lru = <K>(): Store<K> => new Lru<K, number>({ capacity });
  if (name === "generic") return timeRow("whole numbers, generic", numbers, lru, 1);
  const texts = numbers.map((key) => `product-${key}`);
  return timeRow("texts, generic", texts, lru, 1);
}

async function timeRow<K>(
  what: string,
  keys: readonly K[],
  make: () => Store<K>,
  bar: number,
): Promise<BenchmarkRow> {
  const { ours, peer, ratio } = await interleaved({
    ours: () => replay(make(), keys),
    peer: () => replayPeer(new Peer<K>({ max: capacity }), keys),
    // Texts are compared all over the memory, and single rounds differ by a fifth.
    rounds: 15,
  });
  const nanoseconds = (ms: number): string => `${((ms * 1e6) / keys.length).toFixed(0)} ns`;
  return {
    work: `LRU, get and set on a miss, Zipf 0.99, 1 M keys, 50,000 entries: ${what}`,
    ours: `${nanoseconds(ours.medianMs)} a request`,
    peer: `lru-cache ${nanoseconds(peer.medianMs)}`,
    ratio,
    bar,
  };
}

function replay<K>(cache: Store<K>, keys: readonly K[]): void {
  for (const key of keys) if (cache.get(key) === undefined) cache.set(key, 1);
}

/** The same text again, so that each side has a compiled loop of its own. */
function replayPeer<K>(cache: Store<K>, keys: readonly K[]): void {
  for (const key of keys) if (cache.get(key) === undefined) cache.set(key, 1);
}

function hitRatios(): BenchmarkRow[] {
  const small = { keys: 100_000, requests: 1_000_000, seed: 21 };
  const shifting = { ...small, everyRequests: 100_000, shiftRanks: 20_000 };
  const scans = { ...small, everyRequests: 10_000, scanKeys: 5_000 };
  return [
    ...rowsOf("Zipf 0.99", zipfTrace(usual), { capacity, barOf: "S3-FIFO" }),
    ...rowsOf("scans", scanTrace(scans), { capacity: 5_000 }),
    ...rowsOf("loop", loopTrace({ keys: 6_000, requests: 1_000_000 }), { capacity: 5_000 }),
    ...rowsOf("shifting", shiftingTrace(shifting), { capacity: 5_000 }),
    ...rowsOf("bursts", bursts(1_000_000), { capacity: 5_000 }),
  ];
}

/** Each key three times within some 12,000 requests, and never again: only recency tells. */
function bursts(requests: number): Int32Array {
  return new Int32Array(requests).map((_, i) => Math.floor(i / 3) - (i % 3) * 1_000);
}

function rowsOf(
  name: string,
  trace: Int32Array,
  { capacity, barOf }: { capacity: number; barOf?: string },
): BenchmarkRow[] {
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
  const options = { capacity, keys: "integers" } as const;
  const found = policies.map(([policy, make]) => [policy, hitRatio(make(options), trace)] as const);
  const [, ofLru] = found[0];
  const best = 1 - minimumMisses(trace, capacity) / trace.length;
  return [...found, ["Belady's bound", best] as const].slice(1).map(([policy, ratio]) => ({
    work: `${name}, ${capacity.toLocaleString("en-GB")} entries: hits of ${policy}, in points over LRU`,
    ours: percent(ratio),
    peer: `LRU ${percent(ofLru)}`,
    ratio: 100 * (ratio - ofLru),
    bar: policy === barOf ? 3 : null,
  }));
}

if (require.main === module) {
  void timeRowOf(process.argv[2]).then((row) => console.log(JSON.stringify(row)));
}

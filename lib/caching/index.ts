/**
 * What to keep when not everything fits: one shape, `Cache`, in cache.ts, and the policies that
 * fill it; Belady's bound, hit-ratio curves and traces to hold them against each other.
 */
import "../kernel/in-stock-kernel";
export { Arc } from "./arc";
export { minimumMisses } from "./belady";
export type { Cache, CacheOptions } from "./cache";
export { Clock } from "./clock";
export * from "./distributed";
export { FrequencySketch } from "./frequency-sketch";
export { Lfu } from "./lfu";
export { Lru } from "./lru";
export { StackDistances } from "./mattson";
export { recordedTrace } from "./recorded-trace";
export type { RecordedTraceOptions } from "./recorded-trace";
export { hitRatio } from "./replay";
export { S3Fifo } from "./s3-fifo";
export { Sieve } from "./sieve";
export { Slru } from "./slru";
export { TimingWheel } from "./timing-wheel";
export { loopTrace, scanTrace, shiftingTrace, zipfRanks, zipfTrace } from "./traces";
export type { ScanOptions, ShiftOptions, ZipfOptions } from "./traces";
export { TtlCache } from "./ttl";
export type { TtlOptions } from "./ttl";
export { WTinyLfu } from "./w-tiny-lfu";
export type { WTinyLfuOptions } from "./w-tiny-lfu";

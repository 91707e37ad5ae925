/** The policies of the topic beside their oracles. */
import { Arc, Clock, Lfu, Lru, S3Fifo, Sieve, Slru, WTinyLfu } from "dabbawala/caching";
import type { Cache, CacheOptions } from "dabbawala/caching";
import * as oracles from "./oracles";

export type Make = (options: CacheOptions<number, boolean>) => Cache<number, boolean>;

export const policies: readonly [string, Make, (capacity: number) => oracles.Oracle][] = [
  ["LRU", (options) => new Lru(options), oracles.lru],
  ["CLOCK", (options) => new Clock(options), oracles.clock],
  ["LFU", (options) => new Lfu(options), oracles.lfu],
  ["SLRU", (options) => new Slru(options), oracles.slru],
  ["ARC", (options) => new Arc(options), oracles.arc],
  ["SIEVE", (options) => new Sieve(options), oracles.sieve],
  ["S3-FIFO", (options) => new S3Fifo(options), oracles.s3Fifo],
  ["W-TinyLFU", (options) => new WTinyLfu(options), oracles.wTinyLfu],
];

/** Hit or miss of every request, for a cache or an oracle. */
export function outcomes(ask: (key: number) => boolean, trace: readonly number[]): string {
  return trace.map((key) => (ask(key) ? "h" : "m")).join("");
}

/** Asks, and brings in what misses. */
export function asking(cache: Cache<number, boolean>): (key: number) => boolean {
  return (key) => {
    if (cache.get(key) !== undefined) return true;
    cache.set(key, true);
    return false;
  };
}

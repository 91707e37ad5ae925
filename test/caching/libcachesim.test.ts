/**
 * Hits of the policies in libCacheSim (PyPI, 0.3.5), the simulator of the authors of S3-FIFO and
 * SIEVE, on this library's traces: counted there once, by one `get` a request of a cache of 2,000
 * objects of size 1, and written down here. Its SLRU has four segments and its W-TinyLFU another
 * sketch, so these two are not comparable.
 */
import { Arc, Clock, Lfu, loopTrace, Lru, S3Fifo, scanTrace } from "dabbawala/caching";
import { shiftingTrace, Sieve, zipfTrace } from "dabbawala/caching";
import { describe, expect, it } from "vitest";
import { asking } from "./every-policy";
import type { Make } from "./every-policy";

const entries = 2_000;
const requests = 200_000;
const zipf = { keys: 25 * entries, requests, seed: 1 };

/** Each key three times, 1,200 requests apart. */
const bursts = new Int32Array(requests).map((_, i) => Math.floor(i / 3) - (i % 3) * 0.2 * entries);

const policies: readonly [string, Make][] = [
  ["LRU", (options) => new Lru(options)],
  ["CLOCK", (options) => new Clock(options)],
  ["LFU", (options) => new Lfu(options)],
  ["ARC", (options) => new Arc(options)],
  ["SIEVE", (options) => new Sieve(options)],
  ["S3-FIFO", (options) => new S3Fifo(options)],
];

const counted: Readonly<Record<string, readonly [trace: Int32Array, hits: readonly number[]]>> = {
  zipf: [zipfTrace(zipf), [120_528, 122_734, 132_813, 133_672, 132_813, 134_314]],
  scans: [
    scanTrace({ ...zipf, everyRequests: 2 * entries, scanKeys: entries }),
    [68_678, 70_681, 86_914, 87_617, 86_914, 87_892],
  ],
  "changing favourites": [
    shiftingTrace({ ...zipf, everyRequests: requests / 10, shiftRanks: 2 * entries }),
    [117_744, 119_108, 69_699, 118_207, 103_789, 114_735],
  ],
  "a loop": [loopTrace({ keys: 1.2 * entries, requests }), [0, 0, 0, 0, 0, 110_943]],
  bursts: [bursts, [132_533, 111_067, 2_800, 132_133, 2_800, 64_987]],
};

describe.each(Object.entries(counted))("on %s", (_name, [trace, hits]) => {
  it.each(policies.map(([name, make], i) => [name, make, hits[i]] as const))(
    "%s hits as often as libCacheSim's",
    (_policy, make, expected) => {
      const ask = asking(make({ capacity: entries }));
      expect(trace.reduce((sum, key) => sum + Number(ask(key)), 0)).toBe(expected);
    },
  );
});

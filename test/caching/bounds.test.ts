/** Belady's bound, Mattson's curve, traces. */
import { loopTrace, Lru, minimumMisses, scanTrace, shiftingTrace } from "dabbawala/caching";
import { StackDistances, zipfTrace } from "dabbawala/caching";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asking, outcomes } from "./every-policy";

/** Silberschatz, Galvin, Gagne, "Operating System Concepts", section 10.4: 3 frames. */
const textbook = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];
const missesOf = (trace: readonly number[], capacity: number): number =>
  outcomes(asking(new Lru({ capacity })), trace).split("m").length - 1;

describe("Belady's bound", () => {
  it("has the textbook's 9 faults, where LRU has 12", () => {
    expect(minimumMisses(textbook, 3)).toBe(9);
    expect(missesOf(textbook, 3)).toBe(12);
  });

  it("has the 7 and 6 faults of the sequence of Belady's anomaly, LRU 10 and 8", () => {
    const anomaly = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];
    expect([3, 4].map((capacity) => minimumMisses(anomaly, capacity))).toEqual([7, 6]);
    expect([3, 4].map((capacity) => missesOf(anomaly, capacity))).toEqual([10, 8]);
  });

  it("is the least of all choices, tried out one by one", () => {
    const small = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 11 });
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 3 }), (trace, capacity) => {
        const least = (at: number, here: readonly number[]): number => {
          if (at === trace.length) return 0;
          if (here.includes(trace[at])) return least(at + 1, here);
          if (here.length < capacity) return 1 + least(at + 1, [...here, trace[at]]);
          const ways = here.map((out) =>
            least(at + 1, [...here.filter((key) => key !== out), trace[at]]),
          );
          return 1 + Math.min(...ways);
        };
        expect(minimumMisses(trace, capacity)).toBe(least(0, []));
      }),
    );
  });
});

describe("Mattson's stack", () => {
  it("is LRU at every size", () => {
    const traces = fc.array(fc.integer({ min: -5, max: 40 }), { maxLength: 300 });
    fc.assert(
      fc.property(traces, (trace) => {
        const sizes = Array.from({ length: 50 }, (_, i) => i + 1);
        const hits = sizes.map((size) => trace.length - missesOf(trace, size));
        expect(StackDistances.of(trace).hits(sizes)).toEqual(hits);
      }),
    );
  });

  it("is so after its tree was packed, with many keys", () => {
    const trace = [...zipfTrace({ keys: 3_000, requests: 30_000, seed: 2 })];
    const distances = StackDistances.of(trace);
    const sizes = [2_999, 1, 10, 700];
    expect(distances.hits(sizes)).toEqual(sizes.map((size) => 30_000 - missesOf(trace, size)));
    expect(distances.ratios([1e6])).toEqual([1 - distances.keys / 30_000]);
    expect(distances.requests).toBe(30_000);
  });

  it("gives the distances of an example by hand", () => {
    const distances = new StackDistances();
    const found = ["a", "b", "b", "a", "c", "b", "a"].map((key) =>
      distances.add(key.charCodeAt(0)),
    );
    expect(found).toEqual([Infinity, Infinity, 1, 2, Infinity, 3, 3]);
    expect(new StackDistances().ratios([5])).toEqual([0]);
    expect(() => distances.hits([-1])).toThrow("size must be from 0");
  });
});

describe("traces", () => {
  it("Zipf: each rank as often as the law says", () => {
    const requests = 400_000;
    for (const exponent of [0, 0.99, 1, 1.4]) {
      const counts = new Map<number, number>();
      for (const key of zipfTrace({ keys: 50, requests, exponent, seed: 3 })) {
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const found = [...counts.values()].sort((a, b) => b - a);
      const law = Array.from({ length: 50 }, (_, i) => (i + 1) ** -exponent);
      const sum = law.reduce((total, each) => total + each);
      expect(found).toHaveLength(50);
      for (const rank of [0, 1, 9]) {
        const expected = (requests * law[rank]) / sum;
        const slack = exponent === 0 ? 400 : 5 * Math.sqrt(expected);
        expect(Math.abs(found[rank] - expected)).toBeLessThan(slack);
      }
    }
  });

  it("are the same for the same seed, and not for another", () => {
    const of = (seed: number): string => zipfTrace({ keys: 100, requests: 50, seed }).join();
    expect(of(1)).toBe(of(1));
    expect(of(1)).not.toBe(of(2));
  });

  it("a loop and a scan", () => {
    expect([...loopTrace({ keys: 3, requests: 7 })]).toEqual([0, 1, 2, 0, 1, 2, 0]);
    const options = { keys: 10, requests: 12, seed: 1, everyRequests: 3, scanKeys: 2 };
    const trace = [...scanTrace(options)];
    expect(trace.filter((key) => key >= 10)).toEqual([10, 11, 12, 13]);
    expect([3, 4, 8, 9].map((at) => trace[at])).toEqual([10, 11, 12, 13]);
  });

  it("know their options", () => {
    const zipf = { keys: 10, requests: 10, seed: 1, exponents: 1 };
    expect(() => zipfTrace(zipf)).toThrow('zipfTrace has no option "exponents"');
    const scan = { ...zipf, everyRequests: 5, scanKeys: 5 };
    expect(() => scanTrace(scan)).toThrow('scanTrace has no option "exponents"');
    const shift = { ...zipf, everyRequests: 5, shiftRanks: 5 };
    expect(() => shiftingTrace(shift)).toThrow('shiftingTrace has no option "exponents"');
    expect(() => loopTrace(zipf)).toThrow('loopTrace has no option "seed"');
  });

  it("popularity that shifts: the favourite changes", () => {
    const options = { keys: 100, requests: 20_000, exponent: 1.2, seed: 4 };
    const trace = shiftingTrace({ ...options, everyRequests: 10_000, shiftRanks: 50 });
    const favourite = (part: Int32Array): number => {
      const counts = new Map<number, number>();
      for (const key of part) counts.set(key, (counts.get(key) ?? 0) + 1);
      return [...counts].sort(([, a], [, b]) => b - a)[0][0];
    };
    const same = shiftingTrace({ ...options, everyRequests: 10_000, shiftRanks: 0 });
    expect(favourite(trace.subarray(10_000))).not.toBe(favourite(trace.subarray(0, 10_000)));
    expect(favourite(same.subarray(10_000))).toBe(favourite(same.subarray(0, 10_000)));
  });
});

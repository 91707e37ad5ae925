/** Every policy against a plain one, with weights, with removals, and against Belady's bound. */
import { hitRatio, loopTrace, Lru, minimumMisses, scanTrace, zipfTrace } from "dabbawala/caching";
import { WTinyLfu } from "dabbawala/caching";
import fc from "fast-check";
import type { Cache } from "dabbawala/caching";
import { describe, expect, it } from "vitest";
import { asking, outcomes, policies } from "./every-policy";

const keys = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.integer({ min: 0, max: 60 }));
const traces = fc.array(keys, { maxLength: 400 });
const sizes = fc.integer({ min: 1, max: 24 });

describe.each(policies)("%s", (name, make, oracle) => {
  it("hits and misses as the plain one, with keys of both kinds", () => {
    fc.assert(
      fc.property(traces, sizes, (trace, capacity) => {
        const expected = outcomes(oracle(capacity), trace);
        expect(outcomes(asking(make({ capacity })), trace)).toBe(expected);
        expect(outcomes(asking(make({ capacity, keys: "integers" })), trace)).toBe(expected);
      }),
      { numRuns: 200 },
    );
  });

  it("does so on a long trace by Zipf's law", () => {
    const trace = [...zipfTrace({ keys: 2_000, requests: 20_000, seed: 5 })];
    const expected = outcomes(oracle(250), trace);
    expect(expected).toContain("h");
    expect(outcomes(asking(make({ capacity: 250 })), trace)).toBe(expected);
  });

  it("never has more hits than Belady's bound", () => {
    fc.assert(
      fc.property(traces, sizes, (trace, capacity) => {
        const seen = outcomes(asking(make({ capacity })), trace);
        expect(seen.split("m").length - 1).toBeGreaterThanOrEqual(minimumMisses(trace, capacity));
      }),
    );
  });

  it("keeps within its weight, and knows what it holds, whatever is done to it", () => {
    const action = fc.record({
      kind: fc.constantFrom("set" as const, "get" as const, "delete" as const),
      key: keys,
      weight: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(0.5)),
    });
    const run = fc.property(fc.array(action, { maxLength: 300 }), sizes, (actions, capacity) => {
      const held = new Map<number, number>();
      const cache = make({ capacity, onEvict: (key) => held.delete(key) });
      for (const { kind, key, weight } of actions) {
        if (kind === "delete") expect(cache.delete(key)).toBe(held.delete(key));
        else if (kind === "get") expect(cache.get(key) === true).toBe(held.has(key));
        else {
          held.set(key, weight);
          const isKept = cache.set(key, true, weight);
          if (!isKept) held.delete(key);
          expect(isKept).toBe(cache.has(key));
        }
        const total = [...held.values()].reduce((sum, each) => sum + each, 0);
        expect(cache.weight).toBeCloseTo(total, 9);
        expect(cache.weight).toBeLessThanOrEqual(capacity);
        expect([cache.size, [...held.keys()].every((each) => cache.has(each))]).toEqual([
          held.size,
          true,
        ]);
      }
    });
    fc.assert(run, { numRuns: 200 });
  });

  it.each([
    ["bring in", (cache: Cache<number, boolean>) => cache.set(9, true)],
    ["delete", (cache: Cache<number, boolean>) => [0, 1, 2].map((key) => cache.delete(key))],
  ])("lets nobody %s keys while it tells of what goes", (_what, change) => {
    let isChanging = true;
    const onEvict = (): unknown => isChanging && change(cache);
    const cache: Cache<number, boolean> = make({ capacity: 2, onEvict });
    expect(() => [0, 1, 2].map((key) => cache.set(key, true))).toThrow("onEvict must not");
    isChanging = false;
    for (const key of [3, 4, 5]) cache.set(key, true);
    const keys = Array.from({ length: 10 }, (_, key) => key).filter((key) => cache.has(key));
    expect([cache.size, cache.weight]).toEqual([keys.length, keys.length]);
    expect(keys.length).toBeLessThanOrEqual(2);
  });

  it("grows past its first slots; a value too heavy to keep does not leave the old one", () => {
    const cache = make({ capacity: 1e9 });
    for (let key = 0; key < 70_000; key++) cache.set(key, key % 2 === 0);
    expect([cache.size, cache.get(2), cache.get(69_999)]).toEqual([70_000, true, false]);
    expect(cache.set(1, true, 2e9)).toBe(false);
    expect([cache.has(1), cache.size]).toEqual([false, 69_999]);
  });

  it(`${name} refuses a capacity and a weight that make no sense, and options of others`, () => {
    const typo = { capacity: 3, onEviction: () => {} };
    expect(() => make(typo)).toThrow(/^\w+ has no option "onEviction"$/);
    expect(() => make({ capacity: 0 })).toThrow("capacity must be from 1");
    expect(() => make({ capacity: 3 }).set(1, true, 0)).toThrow("weight must be above 0");
    const typed = make({ capacity: 3, keys: "integers" });
    expect(() => typed.set(2 ** 40, true)).toThrow("a key must be a whole number of 32 bits");
    expect([typed.size, typed.has(0)]).toEqual([0, false]);
  });
});

describe("what the papers claim", () => {
  const hits = (name: string, capacity: number, trace: Int32Array): number => {
    const found = policies.find(([each]) => each === name);
    return hitRatio(found![1]({ capacity }), trace);
  };

  it("a loop one longer than the cache: LRU never hits", () => {
    const trace = loopTrace({ keys: 101, requests: 10_000 });
    expect(hits("LRU", 100, trace)).toBe(0);
    expect(hits("LFU", 100, trace)).toBeGreaterThanOrEqual(0);
    expect(hits("W-TinyLFU", 100, trace)).toBeGreaterThan(0.5);
  });

  it("scans cost ARC, S3-FIFO and W-TinyLFU less than LRU", () => {
    const options = { keys: 5_000, requests: 60_000, everyRequests: 2_000, scanKeys: 1_000 };
    const trace = scanTrace({ ...options, seed: 9 });
    const ofLru = hits("LRU", 250, trace);
    for (const name of ["ARC", "S3-FIFO", "W-TinyLFU"]) {
      expect(hits(name, 250, trace)).toBeGreaterThan(ofLru + 0.02);
    }
  });
});

it("objects as keys: LRU takes them, W-TinyLFU asks for a hash", () => {
  const [seat, other] = [{ seat: 1 }, { seat: 2 }];
  const lru = new Lru<object, string>({ capacity: 1 });
  lru.set(seat, "A1");
  expect([lru.get(seat), lru.get(other)]).toEqual(["A1", undefined]);
  const refused = new WTinyLfu<object, string>({ capacity: 2 });
  expect(() => refused.set(seat, "A1")).toThrow("need the option hash");
  const hashed = new WTinyLfu<{ seat: number }, string>({ capacity: 2, hash: (key) => key.seat });
  hashed.set(seat, "A1");
  expect(hashed.get(seat)).toBe("A1");
});

/** The parts: typed index, sketch, timing wheel, and the cache with an end. */
import { FrequencySketch, Lru, TimingWheel, TtlCache } from "dabbawala/caching";
import { avalanche32 } from "dabbawala/dist/basics/murmur3";
import { AnyKeys, IntegerKeys } from "dabbawala/dist/caching/key-index";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

it("the typed index is a Map of whole numbers", () => {
  const key = fc.oneof(
    fc.integer({ min: -20, max: 20 }),
    fc.constantFrom(-(2 ** 31), 2 ** 31 - 1),
    // Homes in the last places of the table, so that probing goes round its end.
    fc.integer({ min: 1, max: 9 }).map((i) => Math.imul(-i, 0x144cbc89)),
  );
  const actions = fc.array(fc.tuple(key, fc.integer({ min: 0, max: 30 })), { maxLength: 200 });
  fc.assert(
    fc.property(actions, (list) => {
      const [index, map] = [new IntegerKeys(1), new Map<number, number>()];
      for (const [each, slot] of list) {
        if (slot === 0) {
          index.remove(each);
          map.delete(each);
        } else {
          index.put(each, slot);
          map.set(each, slot);
        }
        for (const [known] of list) expect(index.find(known)).toBe(map.get(known) ?? 0);
      }
    }),
  );
});

it("the index of any keys is a Map, whole numbers or not", () => {
  const far = [2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53];
  const key: fc.Arbitrary<unknown> = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom<unknown>(-0, 0.5, NaN, ...far, "1", "a", undefined, null, true, far),
  );
  const actions = fc.array(fc.tuple(key, fc.integer({ min: 0, max: 30 })), { maxLength: 100 });
  fc.assert(
    fc.property(actions, (list) => {
      const [index, map] = [new AnyKeys<unknown>(), new Map<unknown, number>()];
      for (const [each, slot] of list) {
        if (slot === 0) {
          index.remove(each);
          map.delete(each);
        } else {
          index.put(each, slot);
          map.set(each, slot);
        }
        for (const [known] of list) expect(index.find(known)).toBe(map.get(known) ?? 0);
      }
    }),
  );
});

it("a key found missing, then brought in, is one key, undefined too", () => {
  for (const key of [undefined, NaN, 7, "seven", null]) {
    const cache = new Lru<unknown, number>({ capacity: 3 });
    cache.set(undefined, 0);
    expect([key, cache.get(key)]).toEqual([key, key === undefined ? 0 : undefined]);
    cache.set(key, 1);
    cache.set(key, 2);
    expect([cache.get(key), cache.size]).toEqual([2, key === undefined ? 1 : 2]);
    cache.delete(key);
    expect([cache.get(key), cache.has(key)]).toEqual([undefined, false]);
  }
});

describe("the sketch", () => {
  it("counts no less than the truth before it ages, up to 16", () => {
    const sketch = new FrequencySketch(64);
    const truth = new Map<number, number>();
    for (let i = 0; i < 639; i++) {
      const key = (i * i) % 97;
      truth.set(key, (truth.get(key) ?? 0) + 1);
      sketch.add(avalanche32(key));
    }
    for (const [key, count] of truth) {
      expect(sketch.estimate(avalanche32(key))).toBeGreaterThanOrEqual(Math.min(count, 16));
    }
  });

  it("is close to the truth for most, when it is not too full", () => {
    const sketch = new FrequencySketch(1_000);
    for (let key = 0; key < 1_000; key++) {
      for (let time = 0; time <= key % 4; time++) sketch.add(avalanche32(key));
    }
    const isExact = (_: unknown, key: number): boolean =>
      sketch.estimate(avalanche32(key)) === (key % 4) + 1;
    const exact = Array.from({ length: 1_000 }, isExact).filter(Boolean);
    expect(exact.length).toBeGreaterThan(850);
    const strangers = Array.from({ length: 1_000 }, (_, i) => sketch.estimate(avalanche32(-1 - i)));
    expect(strangers.filter((count) => count > 0).length).toBeLessThan(250);
  });

  it("halves its counts and empties the doorkeeper when it ages", () => {
    const sketch = new FrequencySketch(16);
    for (let i = 0; i < 11; i++) sketch.add(7);
    expect(sketch.estimate(7)).toBe(11);
    for (let i = 0; i < 149; i++) sketch.add(7);
    expect(sketch.estimate(7)).toBe(7);
    expect(() => new FrequencySketch(0)).toThrow("entries must be from 1");
  });
});

describe("the timing wheel", () => {
  it("rings every timer in its tick, in order, beyond the top wheel too", () => {
    const due = fc.oneof(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 300_000 }),
      fc.constantFrom(63, 64, 65, 4_095, 4_096, 4_097),
    );
    const timers = fc.array(fc.tuple(fc.nat({ max: 30 }), due), { maxLength: 40 });
    fc.assert(
      fc.property(timers, fc.nat({ max: 10_000 }), (list, start) => {
        const wheel = new TimingWheel(start);
        const expected = new Map<number, number>();
        for (const [slot, after] of list) {
          wheel.set(slot, start + after);
          expected.set(slot, Math.max(start + 1, start + after));
        }
        const cancelled = list[0]?.[0] ?? -1;
        if (cancelled >= 0) expect(wheel.cancel(cancelled)).toBe(expected.delete(cancelled));
        const rung = new Map<number, number>();
        wheel.advance(start + 400_000, (slot) => rung.set(slot, wheel.now));
        expect(new Map([...rung].sort())).toEqual(new Map([...expected].sort()));
        expect(wheel.size).toBe(0);
      }),
      { numRuns: 60 },
    );
    const far = new TimingWheel();
    far.set(3, 64 ** 4 + 5);
    let at = 0;
    far.advance(64 ** 4 + 9, () => (at = far.now));
    expect(at).toBe(64 ** 4 + 5);
  });
});

it("a wheel passes over ticks in which nothing can ring, however many", () => {
  const wheel = new TimingWheel();
  const rung: number[] = [];
  for (const due of [7, 5_000, 2 ** 24 + 3, 10 ** 12]) wheel.set(due % 97, due);
  const start = performance.now();
  wheel.advance(10 ** 12, () => rung.push(wheel.now));
  // Tick by tick it would be hours.
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(rung).toEqual([7, 5_000, 2 ** 24 + 3, 10 ** 12]);
});

describe("TTL", () => {
  it("needs a clock", () => {
    const options = { capacity: 1, ttlMs: 5 } as unknown as { nowMs: () => number };
    expect(() => new TtlCache({ capacity: 1, ttlMs: 5, ...options })).toThrow("nowMs");
  });

  it("answers as a list of values with their ends", () => {
    const action = fc.record({
      kind: fc.constantFrom("set" as const, "get" as const, "wait" as const, "delete" as const),
      key: fc.nat({ max: 8 }),
      ms: fc.integer({ min: 1, max: 70 }),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        let now = 1_234;
        const cache = new TtlCache<number, number>({ capacity: 5, ttlMs: 100, nowMs: () => now });
        let oracle: { key: number; endsAt: number }[] = []; // the most recent one last
        for (const { kind, key, ms } of actions) {
          if (kind === "wait") now += ms;
          oracle = oracle.filter(({ endsAt }) => endsAt > now);
          const old = oracle.find((each) => each.key === key);
          const others = oracle.filter((each) => each !== old);
          if (kind === "set") {
            cache.set(key, key);
            oracle = [...others, { key, endsAt: now + 100 }];
            if (oracle.length > 5) oracle.shift();
          } else if (kind === "get") {
            expect(cache.get(key)).toBe(old && key);
            oracle = old === undefined ? others : [...others, old];
          } else if (kind === "delete") {
            expect(cache.delete(key)).toBe(old !== undefined);
            oracle = others;
          }
        }
      }),
    );
  });

  it("throws out what nobody asks for within a tick", () => {
    let now = 0;
    const gone: string[] = [];
    const onEvict = (key: string): unknown => gone.push(key);
    const options = { capacity: 100, ttlMs: 25, tickMs: 10, nowMs: () => now, onEvict };
    const cache = new TtlCache<string, number>(options);
    cache.set("train", 12951, 40);
    now = 29;
    cache.sweep();
    expect(cache.size).toBe(1);
    expect(cache.has("train")).toBe(false);
    cache.set("train", 12952, 40);
    now = 60;
    cache.sweep();
    expect([cache.size, cache.has("train"), gone]).toEqual([0, false, ["train", "train"]]);
  });
});

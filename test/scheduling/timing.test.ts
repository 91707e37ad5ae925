import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, Random } from "dabbawala/basics";
import { backoffMs, gcra, nextCronMs, takeTokens, tokenBucket } from "dabbawala/scheduling";
import type { BackoffOptions, Jitter } from "dabbawala/scheduling";
import { checkBackoff } from "dabbawala/dist/scheduling/backoff";

describe("backoff", () => {
  const options = { baseMs: 100, capMs: 1_000 };
  const waits = (jitter: Jitter, chance: number): number[] => {
    const result: number[] = [];
    for (let retries = 0; retries < 5; retries++) {
      const previousMs = result.at(-1);
      result.push(backoffMs({ retries, previousMs }, () => chance, { ...options, jitter }));
    }
    return result;
  };

  it("Brooker: min(cap, base * 2 ** attempt) without jitter", () => {
    expect(waits("none", 0.7)).toEqual([100, 200, 400, 800, 1_000]);
  });

  it("Brooker: full jitter is random_between(0, min(cap, base * 2 ** attempt))", () => {
    expect(waits("full", 0)).toEqual([0, 0, 0, 0, 0]);
    expect(waits("full", 0.5)).toEqual([50, 100, 200, 400, 500]);
  });

  it("Brooker: equal jitter is temp / 2 + random_between(0, temp / 2)", () => {
    expect(waits("equal", 0)).toEqual([50, 100, 200, 400, 500]);
    expect(waits("equal", 0.5)).toEqual([75, 150, 300, 600, 750]);
  });

  it("Brooker: decorrelated is min(cap, random_between(base, sleep * 3))", () => {
    expect(waits("decorrelated", 0)).toEqual([100, 100, 100, 100, 100]);
    expect(waits("decorrelated", 0.5)).toEqual([200, 350, 575, 912.5, 1_000]);
  });

  it("stays within base and cap, however often", () => {
    const jitters = fc.constantFrom<Jitter>("none", "full", "equal", "decorrelated");
    const natural = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(jitters, natural, natural, natural, (jitter, retries, baseMs, more) => {
        const random = new Random(retries);
        const capMs = baseMs + more;
        const state = { retries, previousMs: random.between(baseMs, capMs) };
        const wait = backoffMs(state, () => random.next(), { baseMs, capMs, jitter });
        expect(wait).toBeLessThanOrEqual(capMs);
        const least = jitter === "full" ? 0 : jitter === "equal" ? baseMs / 2 : baseMs;
        expect(wait).toBeGreaterThanOrEqual(least);
      }),
    );
  });

  it("has its defaults, and a cap that is never below the base", () => {
    const usual = { baseMs: 100, capMs: 30_000, factor: 2, jitter: "full" };
    expect(checkBackoff({})).toEqual(usual);
    expect(checkBackoff({ baseMs: 60_000 }).capMs).toBe(60_000);
  });

  it("refuses options that cannot be", () => {
    const wait = (bad: BackoffOptions) => () => backoffMs({ retries: 0 }, () => 0, bad);
    expect(wait({ baseMs: -1 })).toThrow("baseMs must be from 0");
    expect(wait({ baseMs: 10, capMs: 5 })).toThrow("capMs must be from 10");
    expect(wait({ factor: 0.5 })).toThrow("factor must be from 1");
    expect(wait({ jitter: "some" as Jitter })).toThrow("jitter must be one of none, full");
    expect(() => backoffMs({ retries: -1 }, () => 0)).toThrow("retries must be from 0");
  });
});

describe("token bucket", () => {
  it("gives a burst at once, and then one each interval", () => {
    const bucket = tokenBucket({ perSecond: 10, burst: 3 }, 0);
    const times = [0, 0, 0, 0, 99, 100, 150, 200];
    expect(times.map((nowMs) => takeTokens(bucket, nowMs))).toEqual([
      ...Array(3).fill({ kind: "taken" }),
      { kind: "wait", afterMs: 100 },
      { kind: "wait", afterMs: expect.closeTo(1) },
      { kind: "taken" },
      { kind: "wait", afterMs: expect.closeTo(50) },
      { kind: "taken" },
    ]);
  });

  it("is plain data, and holds no more than its burst", () => {
    const bucket = structuredClone(tokenBucket({ perSecond: 5 }, 0));
    expect(takeTokens(bucket, 1e9, 5).kind).toBe("taken");
    expect(takeTokens(bucket, 1e9).kind).toBe("wait");
    expect(() => takeTokens(bucket, 1e9, 6)).toThrow("count must be from 0 to 5");
    expect(() => tokenBucket({ perSecond: 0 }, 0)).toThrow("perSecond must be");
    expect(() => tokenBucket({ perSecond: 1, burst: 0 }, 0)).toThrow("burst must be");
  });

  it("goes on when the clock steps back", () => {
    const bucket = tokenBucket({ perSecond: 1, burst: 1 }, 1e6);
    expect(takeTokens(bucket, 1e6).kind).toBe("taken");
    expect(takeTokens(bucket, 0)).toEqual({ kind: "wait", afterMs: 1_000 });
    expect(takeTokens(bucket, 1_000).kind).toBe("taken");
  });

  const arrivals = fc.array(
    fc.record({ gapMs: fc.integer({ min: 0, max: 400 }), count: fc.integer({ min: 0, max: 4 }) }),
    { maxLength: 60 },
  );
  const rates = fc.record({
    perSecond: fc.integer({ min: 1, max: 100 }),
    burst: fc.integer({ min: 4, max: 9 }),
  });

  it("never gives more than burst + time x rate, and waiting as told is enough", () => {
    fc.assert(
      fc.property(arrivals, rates, (all, options) => {
        const bucket = tokenBucket(options, 0);
        let [nowMs, taken] = [0, 0];
        for (const { gapMs, count } of all) {
          nowMs += gapMs;
          const first = takeTokens(bucket, nowMs, count);
          if (first.kind === "wait") {
            nowMs += first.afterMs;
            expect(takeTokens(bucket, nowMs, count).kind).toBe("taken");
          }
          taken += count;
          const most = options.burst + (nowMs * options.perSecond) / 1_000;
          expect(taken).toBeLessThanOrEqual(most + 1e-6);
        }
      }),
    );
  });

  it("says what GCRA says", () => {
    fc.assert(
      fc.property(arrivals, rates, (all, options) => {
        const bucket = tokenBucket(options, 0);
        let [nowMs, arrivalMs] = [0, -Infinity];
        for (const { gapMs, count } of all) {
          nowMs += gapMs;
          const step = gcra(arrivalMs, nowMs, { ...options, count });
          arrivalMs = step.arrivalMs;
          const taken = takeTokens(bucket, nowMs, count);
          expect(step.result.kind).toBe(taken.kind);
          if (taken.kind === "taken" || step.result.kind === "taken") continue;
          expect(step.result.afterMs).toBeCloseTo(taken.afterMs, 6);
        }
      }),
    );
  });
});

describe("cron", () => {
  const next = (expression: string, after: string, timeZone?: string): string =>
    new Date(nextCronMs(expression, Date.parse(after), { timeZone })).toISOString();

  it("is India's wall clock unless told otherwise", () => {
    // 10:00 in Delhi, the hour at which tatkal opens, is 04:30 UTC.
    expect(next("0 10 * * *", "2026-10-01T00:00:00Z")).toBe("2026-10-01T04:30:00.000Z");
    expect(next("0 10 * * *", "2026-10-01T04:30:00Z")).toBe("2026-10-02T04:30:00.000Z");
    expect(next("0 10 * * *", "2026-10-01T00:00:00Z", "UTC")).toBe("2026-10-01T10:00:00.000Z");
  });

  it("knows lists, ranges, steps and names", () => {
    const after = "2026-10-01T00:00:00Z"; // a Thursday
    expect(next("*/20 9-17/4 * * *", after, "UTC")).toBe("2026-10-01T09:00:00.000Z");
    expect(next("5,50 * * * *", after, "UTC")).toBe("2026-10-01T00:05:00.000Z");
    expect(next("0 0 * JAN sun", after, "UTC")).toBe("2027-01-03T00:00:00.000Z");
    expect(next("0 0 * * 7", after, "UTC")).toBe("2026-10-04T00:00:00.000Z");
    expect(next("0 0 29 2 *", after, "UTC")).toBe("2028-02-29T00:00:00.000Z");
  });

  it("POSIX: where both days are restricted, either will do", () => {
    expect(next("0 0 13 * FRI", "2026-10-01T12:00:00Z", "UTC")).toBe("2026-10-02T00:00:00.000Z");
    expect(next("0 0 13 * FRI", "2026-10-09T12:00:00Z", "UTC")).toBe("2026-10-13T00:00:00.000Z");
  });

  it("daylight saving: an hour left out moves on, an hour that comes twice comes once", () => {
    const zone = "America/New_York";
    expect(next("30 2 * * *", "2026-03-08T05:00:00Z", zone)).toBe("2026-03-08T07:00:00.000Z");
    const first = next("30 1 * * *", "2026-11-01T04:00:00Z", zone);
    expect(first).toBe("2026-11-01T05:30:00.000Z");
    expect(next("30 1 * * *", first, zone)).toBe("2026-11-02T06:30:00.000Z");
    expect(next("30 * * * *", first, zone)).toBe("2026-11-01T06:30:00.000Z");
  });

  it("agrees with a search minute by minute", () => {
    const value = (min: number, max: number) =>
      fc.oneof(
        fc.constant("*"),
        fc.integer({ min, max }).map(String),
        fc.integer({ min: 1, max: 5 }).map((step) => `*/${step}`),
        fc
          .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
          .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      );
    const times = fc.integer({ min: 0, max: 1_000_000 }).map((minute) => minute * 60_000 + 17);
    fc.assert(
      fc.property(value(0, 59), value(0, 23), value(0, 6), times, (minute, hour, day, afterMs) => {
        const expression = `${minute} ${hour} * * ${day}`;
        const found = nextCronMs(expression, afterMs);
        expect(found).toBe(bySearch([minute, hour, day], afterMs));
      }),
      { numRuns: 60 },
    );
  });

  /** India has no daylight saving and is 5.5 hours ahead. */
  function bySearch([minute, hour, day]: string[], afterMs: number): number {
    const isIn = (text: string, value: number): boolean => {
      if (text === "*") return true;
      if (text.startsWith("*/")) return value % Number(text.slice(2)) === 0;
      const ends = text.split("-").map(Number);
      return value >= ends[0] && value <= ends[ends.length - 1];
    };
    for (let at = Math.floor(afterMs / 60_000) * 60_000 + 60_000; ; at += 60_000) {
      const local = new Date(at + 5.5 * 3_600_000);
      if (!isIn(minute, local.getUTCMinutes()) || !isIn(hour, local.getUTCHours())) continue;
      if (isIn(day, local.getUTCDay())) return at;
    }
  }

  it.each([
    ["* * * *", "has 5 fields"],
    ["", "has 5 fields"],
    ["60 * * * *", 'the minute has "60", which must be from 0 to 59'],
    ["* 24 * * *", 'the hour has "24"'],
    ["* * 0 * *", 'the day of the month has "0"'],
    ["* * * 13 *", 'the month has "13"'],
    ["* * * * 8", 'the day of the week has "8"'],
    ["* * * * L", 'the day of the week has "L"'],
    ["5-1 * * * *", 'the minute has the range "5-1", which runs backwards'],
    ["*/0 * * * *", 'the minute has the step "0"'],
    ["5/2 * * * *", 'the minute steps from "5", no range'],
    ["1-2-3 * * * *", "no range"],
    ["1,,2 * * * *", 'the minute has ""'],
    ["0 0 30 2 *", "never comes true"],
  ])("refuses %j: %s", (expression, message) => {
    expect(() => nextCronMs(expression, 0)).toThrow(InputError);
    expect(() => nextCronMs(expression, 0)).toThrow(message);
  });

  it("refuses a zone and a time that cannot be", () => {
    const wrong = { timeZone: "Asia/Atlantis" };
    expect(() => nextCronMs("* * * * *", 0, wrong)).toThrow('"Asia/Atlantis" is no time zone');
    expect(() => nextCronMs("* * * * *", NaN)).toThrow("but that was NaN");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { AliasTable, Permutation } from "dabbawala/generators";
import { dateOfDay, dayOf, formatClock, formatDate } from "dabbawala/dist/generators/calendar";
import { DailyCurve } from "dabbawala/dist/generators/daily-curve";
import { RowWriter } from "dabbawala/dist/generators/row-writer";
import { chiSquare, countsOf } from "./distributions";

describe("permutation", () => {
  it("is a bijection for every size and seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.maxSafeNat(), (size, seed) => {
        const order = new Permutation(size, seed);
        const seen = new Set(Array.from({ length: size }, (_, index) => order.at(index)));
        return seen.size === size && [...seen].every((value) => value >= 0 && value < size);
      }),
      { numRuns: 60 },
    );
  });

  it("spreads neighbours evenly, and differs from seed to seed", () => {
    const order = new Permutation(20_000_000_000, 1);
    const other = new Permutation(20_000_000_000, 2);
    const places = Array.from({ length: 50_000 }, (_, index) => order.at(index));
    const bins = countsOf(
      places.map((place) => Math.floor(place / 200_000_000)),
      100,
    );
    const fit = chiSquare(bins, new Array<number>(100).fill(1));
    expect(fit.statistic).toBeLessThan(fit.limit);
    expect(places.filter((place, index) => other.at(index) === place).length).toBeLessThan(3);
  });
});

describe("alias table", () => {
  it("draws by the weights, whatever they are: exact over a fine grid", () => {
    const weight = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 40 }), (weights) => {
        const total = weights.reduce((sum, value) => sum + value, 0);
        if (total === 0) return;
        const table = new AliasTable(weights);
        const steps = 20_000;
        const draws = Array.from({ length: steps }, (_, i) => table.at((i + 0.5) / steps));
        countsOf(draws, weights.length).forEach((count, index) => {
          const share = weights[index]! / total;
          expect(Math.abs(count / steps - share)).toBeLessThan(0.01);
          if (share === 0) expect(count).toBeLessThanOrEqual(0);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("draws at random by the weights: chi-square", () => {
    const weights = [1, 2, 3, 4, 0, 50, 7];
    const table = new AliasTable(weights);
    const random = new Random(4);
    const draws = Array.from({ length: 50_000 }, () => table.draw(random));
    const fit = chiSquare(countsOf(draws, 7), weights);
    expect(fit.statistic).toBeLessThan(fit.limit);
  });
});

describe("calendar", () => {
  it("agrees with Date on every day from 1800 to 2100", () => {
    for (let day = dayOf(1800, 1, 1); day < dayOf(2100, 1, 1); day++) {
      const iso = new Date(day * 86_400_000).toISOString().slice(0, 10);
      if (formatDate(dateOfDay(day)) !== iso) expect.fail(`${day} is ${iso}`);
    }
  });

  it("writes times of the day", () => {
    expect(formatClock(0)).toBe("00:00:00.000");
    expect(formatClock(36_003_123)).toBe("10:00:03.123");
    expect(formatClock(86_399_999)).toBe("23:59:59.999");
  });
});

describe("row writer", () => {
  it("writes numbers, digits, dates and times as their texts", () => {
    const number = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 86_399_999 }), (value, ms) => {
        const writer = new RowWriter(100);
        writer.number(value);
        writer.byte(44);
        writer.digits(value, 12);
        writer.byte(44);
        writer.clock(ms);
        writer.byte(44);
        writer.date(20_130_230);
        const text = Buffer.from(writer.written()).toString();
        const wanted = [value, String(value).padStart(12, "0"), formatClock(ms), "2013-02-30"];
        expect(text).toBe(wanted.join(","));
      }),
    );
  });
});

describe("daily curve", () => {
  it("comes to each minute when the minutes before have had their share", () => {
    const curve = new DailyCurve((minute) => (minute < 720 ? 1 : 3));
    expect(curve.timeAtShare(0)).toBe(0);
    expect(curve.timeAtShare(0.25)).toBeCloseTo(720 * 60_000, 3);
    expect(curve.timeAtShare(0.5)).toBeCloseTo(960 * 60_000, 3);
    expect(curve.timeAtShare(1)).toBeLessThan(86_400_000);
    expect(curve.byMinute.reduce((sum, load) => sum + load, 0)).toBeCloseTo(1_440, 6);
  });
});

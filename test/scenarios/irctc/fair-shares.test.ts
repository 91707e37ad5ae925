import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxMinShares, proportionalShares } from "dabbawala/scenarios/irctc";
import type { Demand } from "dabbawala/scenarios/irctc";

const lines = fc.integer({ min: 1, max: 4 }).chain((stretches) => {
  const demand = fc
    .record({ a: fc.nat(stretches), b: fc.nat(stretches), wanted: fc.nat(9) })
    .filter(({ a, b }) => a !== b)
    .map(({ a, b, wanted }) => ({ from: Math.min(a, b), to: Math.max(a, b), wanted }));
  return fc.record({
    line: fc.record({ stretches: fc.constant(stretches), berths: fc.nat(12) }),
    demands: fc.array(demand, { minLength: 1, maxLength: 6 }),
  });
});

function loads(demands: readonly Demand[], given: readonly number[], stretches: number): number[] {
  return Array.from({ length: stretches }, (_, stretch) =>
    demands.reduce((sum, { from, to }, i) => {
      return sum + (from <= stretch && stretch < to ? given[i]! : 0);
    }, 0),
  );
}

describe.each([
  ["max-min", maxMinShares],
  ["proportional", proportionalShares],
] as const)("%s shares", (_name, shares) => {
  it("fill what can be filled, and no stretch beyond its berths", () => {
    fc.assert(
      fc.property(lines, ({ demands, line }) => {
        const given = shares(demands, line);
        const load = loads(demands, given, line.stretches);
        expect(Math.max(...load)).toBeLessThanOrEqual(line.berths);
        demands.forEach(({ from, to, wanted }, i) => {
          expect(given[i]).toBeLessThanOrEqual(wanted);
          if (given[i]! === wanted) return;
          expect(Math.max(...load.slice(from, to))).toBe(line.berths);
        });
      }),
    );
  });

  it("sell every berth of an over-demanded train, which the episode's reducer did not", () => {
    const demands = [60, 50].map((wanted) => ({ from: 0, to: 1, wanted }));
    const given = shares(demands, { berths: 100, stretches: 1 });
    expect(given[0]! + given[1]!).toBe(100);
  });
});

describe("the two kinds of fairness", () => {
  it("max-min: nobody could have more without taking from somebody who has no more than that", () => {
    fc.assert(
      fc.property(lines, ({ demands, line }) => {
        const given = maxMinShares(demands, line);
        const load = loads(demands, given, line.stretches);
        demands.forEach(({ from, to, wanted }, i) => {
          if (given[i] === wanted) return;
          const isBottleneck = (stretch: number): boolean =>
            load[stretch] === line.berths &&
            demands.every(
              (other, j) =>
                !(other.from <= stretch && stretch < other.to) || given[j]! <= given[i]! + 1,
            );
          const stretches = Array.from({ length: to - from }, (_, k) => from + k);
          expect(stretches.some(isBottleneck)).toBe(true);
        });
      }),
      { numRuns: 500 },
    );
  });

  it("differ: the small demand is served whole, or in proportion", () => {
    const demands = [
      { from: 0, to: 1, wanted: 90 },
      { from: 0, to: 1, wanted: 10 },
    ];
    const line = { berths: 50, stretches: 1 };
    expect(maxMinShares(demands, line)).toEqual([40, 10]);
    expect(proportionalShares(demands, line)).toEqual([45, 5]);
  });
});

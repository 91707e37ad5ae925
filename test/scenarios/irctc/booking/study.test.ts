import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { bookingMachine, chanceOfAtLeast, choosersShare } from "dabbawala/scenarios/irctc";
import { clerksShare, randomJourneys, soldBerths, trainPlan } from "dabbawala/scenarios/irctc";

const stations = ["A", "B", "C", "D", "E", "F", "G"];
const quotas = { tatkal: 0, ladies: 0, senior: 0, defence: 0 };
const plan = trainPlan({ stations, coaches: 1, travelClass: "1A", quotas });
const train = { berths: 24, stretches: 6 };
const first = () => 0;

describe("what tickets and trains show", () => {
  it("the berth of each ticket, sold onwards, and none of who waits", () => {
    const machine = bookingMachine();
    const state = machine.initial();
    const small = { ...quotas, tatkal: 23 };
    const departure = "1|2026-01-12|1A";
    const opened = trainPlan({ stations, coaches: 1, travelClass: "1A", quotas: small });
    machine.apply(state, { op: "open", departure, plan: opened });
    for (const [key, from, to] of [
      ["a", 0, 2] as const,
      ["b", 2, 6] as const,
      ["c", 1, 3] as const,
    ])
      machine.apply(state, {
        ...{ op: "book", key, departure, from, to, quota: "general" },
        passengers: [{ age: 40, gender: "F" }],
      });
    expect(state.tickets.size).toBe(3);
    expect(soldBerths(state)).toEqual([
      { who: "a", berth: "H1-1", from: 0, to: 2 },
      { who: "b", berth: "H1-1", from: 2, to: 6 },
    ]);
  });

  it("journeys between any two stops, worth their length", () => {
    const journeys = randomJourneys(new Random(1, 3), { count: 500, stretches: 6 });
    expect(new Set(journeys.map(({ from, to }) => `${from} ${to}`)).size).toBe(21);
    for (const { from, to, weight } of journeys) expect(weight).toBe(to - from);
    expect(() => randomJourneys(new Random(1, 3), { count: 1, stretches: 0 })).toThrow(RangeError);
  });

  it("all is sold where all fits, and less than the best where it does not", () => {
    const few = randomJourneys(new Random(1, 3), { count: 20, stretches: 6 });
    const many = randomJourneys(new Random(1, 3), { count: 120, stretches: 6 });
    for (const share of [
      (list: typeof few) => clerksShare(list, plan),
      (list: typeof few) => choosersShare(list, train, first),
    ]) {
      expect(share(few)).toBe(1);
      expect(share(many)).toBeLessThan(1);
      expect(share(many)).toBeGreaterThan(0.7);
    }
    expect(choosersShare(few, train, () => -1)).toBe(0);
  });

  it("what is free around a journey, as far as the next passenger or the train's end", () => {
    const journeys = [
      { from: 0, to: 1, weight: 1 },
      { from: 4, to: 6, weight: 2 },
      { from: 2, to: 3, weight: 1 },
    ];
    const seen: unknown[] = [];
    choosersShare(journeys, { berths: 1, stretches: 6 }, (list) => (seen.push(list[0]), 0));
    expect(seen).toEqual([
      { before: 0, behind: 5 },
      { before: 3, behind: 0 },
      { before: 1, behind: 1 },
    ]);
  });

  it("the binomial tail", () => {
    expect(chanceOfAtLeast(0, { of: 10, share: 0.3 })).toBe(1);
    expect(chanceOfAtLeast(1, { of: 10, share: 0.3 })).toBeCloseTo(1 - 0.7 ** 10, 12);
    expect(chanceOfAtLeast(2, { of: 3, share: 0.5 })).toBeCloseTo(0.5, 12);
    expect(chanceOfAtLeast(3, { of: 3, share: 0.2 })).toBeCloseTo(0.008, 12);
    expect(() => chanceOfAtLeast(4, { of: 3, share: 0.2 })).toThrow(RangeError);
    expect(() => chanceOfAtLeast(1, { of: 3, share: 1 })).toThrow(RangeError);
  });
});

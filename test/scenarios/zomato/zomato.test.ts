import { describe, expect, it } from "vitest";
import { simulateZomato } from "dabbawala/scenarios/zomato";
import type { ZomatoSimulation } from "dabbawala/scenarios/zomato";

const seeds = [1, 2, 3, 5];
const runs = (given: Omit<ZomatoSimulation, "seed">) =>
  seeds.map((seed) => simulateZomato({ seed, ...given }));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

describe("the dinner rush", () => {
  it("without locks partners are given twice and kitchens are overfull", () => {
    const all = runs({ locking: "none" });
    expect(sum(all.map(({ partnersTwice }) => partnersTwice))).toBeGreaterThan(0);
    expect(sum(all.map(({ overfull }) => overfull))).toBeGreaterThan(0);
  });

  it.each(["retry", "fifo"] as const)(
    "with %s locks never, pauses or not",
    (locking) => {
      for (const hasPauses of [false, true]) {
        for (const run of runs({ locking, hasPauses, partners: 12 })) {
          expect([run.partnersTwice, run.overfull]).toEqual([0, 0]);
          expect(run.done).toBe(run.ordered);
        }
      }
    },
    120_000,
  );

  it("a paused dispatcher gives a partner twice when tokens are not checked", () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    const options = { locking: "fifo", hasPauses: true, isFenced: false, partners: 4 } as const;
    const isBroken = (seed: number): boolean => {
      const { partnersTwice, overfull } = simulateZomato({ seed, ...options });
      return partnersTwice + overfull > 0;
    };
    expect(seeds.some(isBroken)).toBe(true);
  }, 120_000);

  it("standing in line is fairer than trying again, and its longest wait is shorter", () => {
    const [retry, fifo] = (["retry", "fifo"] as const).map((locking) => runs({ locking }));
    const jain = (all: typeof retry) => mean(all.map(({ jainOfWaits }) => jainOfWaits));
    const longest = (all: typeof retry) => mean(all.map(({ maxWaitMs }) => maxWaitMs));
    expect(jain(fifo)).toBeGreaterThan(jain(retry));
    expect(longest(fifo)).toBeLessThan(longest(retry));
  });

  it("refuses options that are wrong", () => {
    const wrong = { seed: 1, locking: "fifo", dispatchers: 0 } as const;
    expect(() => simulateZomato(wrong)).toThrow("dispatchers must be from 1 to 100");
    const run = (changes: object) => () =>
      simulateZomato({ seed: 1, locking: "fifo", ...changes } as never);
    expect(run({ locking: "hope" })).toThrow("locking must be one of none, retry, fifo");
    expect(run({ partners: 0 })).toThrow("partners must be from 1");
    expect(run({ slots: 1.5 })).toThrow("slots must be a whole number");
  });
});

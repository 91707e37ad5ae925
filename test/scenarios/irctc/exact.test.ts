import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateDeparture, bestJourneys } from "dabbawala/scenarios/irctc";
import type { Journey } from "dabbawala/scenarios/irctc";
import { departures } from "./random-departure";

/** Every subset of the journeys that no stretch is too narrow for. */
function bestByForce(journeys: readonly Journey[], berths: number, stretches: number): number {
  let best = 0;
  for (let subset = 0; subset < 2 ** journeys.length; subset++) {
    const load = new Array<number>(stretches).fill(0);
    let weight = 0;
    journeys.forEach((journey, i) => {
      if (((subset >> i) & 1) === 0) return;
      weight += journey.weight;
      for (let stretch = journey.from; stretch < journey.to; stretch++) load[stretch]++;
    });
    if (Math.max(...load) <= berths) best = Math.max(best, weight);
  }
  return best;
}

const lines = fc.integer({ min: 1, max: 6 }).chain((stretches) => {
  const journey = fc
    .record({ a: fc.nat(stretches), b: fc.nat(stretches), weight: fc.nat(9) })
    .filter(({ a, b }) => a !== b)
    .map(({ a, b, weight }) => ({ from: Math.min(a, b), to: Math.max(a, b), weight }));
  return fc.record({
    stretches: fc.constant(stretches),
    berths: fc.nat(4),
    journeys: fc.array(journey, { maxLength: 10 }),
  });
});

describe("the best choice of journeys", () => {
  it("is as good as the best of all subsets, and one that fits", () => {
    fc.assert(
      fc.property(lines, ({ journeys, berths, stretches }) => {
        const { weight, isChosen } = bestJourneys(journeys, { berths, stretches });
        expect(weight).toBe(bestByForce(journeys, berths, stretches));
        const chosen = journeys.filter((_, i) => isChosen[i]);
        expect(weight).toBe(chosen.reduce((sum, journey) => sum + journey.weight, 0));
        expect(bestByForce(chosen, berths, stretches)).toBe(weight);
      }),
      { numRuns: 300 },
    );
  });

  it("takes back an early choice when two others are worth more", () => {
    const journeys = [
      { from: 0, to: 3, weight: 5 },
      { from: 0, to: 1, weight: 3 },
      { from: 1, to: 3, weight: 3 },
    ];
    const { weight, isChosen } = bestJourneys(journeys, { berths: 1, stretches: 3 });
    expect(weight).toBe(6);
    expect(isChosen).toEqual([false, true, true]);
  });

  it("is never below what the rules sell", () => {
    let gaps = 0;
    fc.assert(
      fc.property(departures({ requests: 30, group: 1 }), ({ requests, plan }) => {
        const journeys = requests.map(({ from, to }) => ({ from, to, weight: 1 }));
        const { sold } = allocateDeparture(requests, plan);
        const best = bestJourneys(journeys, plan).weight;
        expect(best).toBeGreaterThanOrEqual(sold.length);
        if (best > sold.length) gaps++;
      }),
      { numRuns: 300 },
    );
    expect(gaps).toBeGreaterThan(0);
  });
});

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import {
  bestJourneys,
  chooseBerths,
  emptyBerthMap,
  isTaken,
  layoutOf,
} from "dabbawala/scenarios/irctc";
import { releaseBerth, takeBerth, trainPlan } from "dabbawala/scenarios/irctc";
import type { Stops, TrainPlanOptions, Wishes } from "dabbawala/scenarios/irctc";
import { ScanBerths } from "./scan-berths";

const stationsOf = (stretches: number) => Array.from({ length: stretches + 1 }, (_, i) => `S${i}`);
const noQuotas = { tatkal: 0, ladies: 0, senior: 0, defence: 0 };

function train(options: Partial<TrainPlanOptions> & { stretches: number }) {
  const plan = trainPlan({ stations: stationsOf(options.stretches), ...options });
  const layout = layoutOf(plan);
  return { plan, layout, map: emptyBerthMap(layout.places, options.stretches) };
}

describe("berths", () => {
  it("are those of a sleeper coach: 72, of which a bay has 8", () => {
    const { layout } = train({ stretches: 3, coaches: 1, racBerths: 2 });
    expect(layout.labels.filter((label) => label !== "")).toHaveLength(70);
    expect(layout.seatLabels).toEqual(["S1-7a", "S1-7b", "S1-15a", "S1-15b"]);
  });

  it("are sold onwards: a berth that is left at a stop has another passenger from there", () => {
    const { map, layout } = train({ stretches: 3, coaches: 1 });
    const first = chooseBerths({ map, layout, within: layout.all }, { from: 0, to: 1 }, [null]);
    takeBerth(map, first![0], { from: 0, to: 1 });
    const next = chooseBerths({ map, layout, within: layout.all }, { from: 1, to: 3 }, [null]);
    expect(next).toEqual(first);
  });

  it("of the type that is asked for come first, and another one before none", () => {
    const { map, layout } = train({ stretches: 1, coaches: 1, quotas: noQuotas, racBerths: 0 });
    const one = (): string => {
      const [berth] = chooseBerths({ map, layout, within: layout.all }, { from: 0, to: 1 }, [
        "side upper",
      ])!;
      takeBerth(map, berth, { from: 0, to: 1 });
      return layout.labels[berth];
    };
    const labels = Array.from({ length: 10 }, one);
    expect(labels.slice(0, 3)).toEqual(["S1-8", "S1-16", "S1-24"]);
    expect(labels[9]).toBe("S1-1");
  });

  it("of a group are in one bay, and of one coach when no bay has enough", () => {
    const { map, layout } = train({ stretches: 2, coaches: 2, quotas: noQuotas, racBerths: 0 });
    const six: Wishes = [null, null, null, null, null, null];
    const all = { from: 0, to: 2 };
    const groups = Array.from({ length: 22 }, () => {
      const places = chooseBerths({ map, layout, within: layout.all }, all, six)!;
      for (const place of places) takeBerth(map, place, all);
      return places;
    });
    const parts = groups.map((places) => new Set(places.map((place) => place >> 3)).size);
    expect(parts.slice(0, 18)).toEqual(new Array(18).fill(1));
    expect(parts.slice(18)).toEqual([3, 3, 3, 3]);
    for (const places of groups.slice(0, 21)) {
      expect(new Set(places.map((place) => Math.floor((place >> 3) / 9))).size).toBe(1);
    }
  });

  it("are chosen as by a straightforward scan, whatever was taken and freed before", () => {
    const types = [null, null, "lower", "middle", "upper", "side lower", "side upper"] as const;
    const step = fc.record({
      from: fc.nat(9),
      length: fc.integer({ min: 1, max: 10 }),
      wishes: fc.array(fc.constantFrom(...types), { minLength: 1, maxLength: 6 }),
      quota: fc.constantFrom("general" as const, "tatkal" as const, "ladies" as const),
      frees: fc.option(fc.nat(1_000), { freq: 4, nil: undefined }),
    });
    const classes = fc.constantFrom("SL" as const, "3A" as const, "2A" as const, "1A" as const);
    const plans = fc.record({ travelClass: classes, coaches: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(plans, fc.array(step, { maxLength: 120 }), (options, steps) => {
        const { map, layout } = train({ ...options, stretches: 10 });
        const scan = new ScanBerths(layout, 10);
        const held: { stops: Stops; places: number[] }[] = [];
        for (const { from, length, wishes, quota, frees } of steps) {
          const stops = { from, to: Math.min(10, from + length) };
          const within = layout.ofQuota[quota];
          const places = chooseBerths({ map, layout, within }, stops, wishes);
          expect(places).toEqual(scan.choose(within, stops, wishes));
          if (places !== undefined) {
            for (const place of places) takeBerth(map, place, stops);
            scan.mark(places, stops, true);
            held.push({ stops, places });
          }
          if (frees === undefined || held.length === 0) continue;
          const [given] = held.splice(frees % held.length, 1);
          for (const place of given.places) releaseBerth(map, place, given.stops);
          scan.mark(given.places, given.stops, false);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("are sold once: a second sale is a broken invariant, with the berth named", () => {
    const { map } = train({ stretches: 4, coaches: 1 });
    takeBerth(map, 5, { from: 1, to: 3 });
    expect(isTaken(map, 5, 3)).toBe(false);
    expect(() => takeBerth(map, 5, { from: 2, to: 4 })).toThrow(/a berth is sold once.*5/s);
  });
});

describe("best fit against the exact choice", () => {
  /** Stretches sold of single journeys, one after the other, and what the best choice sells. */
  function sell(seed: number, isBestFit: boolean): { sold: number; best: number } {
    const random = new Random(seed, 7);
    const { map, layout } = train({
      ...{ stretches: 6, coaches: 1, travelClass: "1A", quotas: noQuotas, racBerths: 0 },
    });
    const journeys = Array.from({ length: 70 }, () => {
      const from = random.below(6);
      const to = from + 1 + random.below(6 - from);
      return { from, to, weight: to - from };
    });
    let sold = 0;
    for (const journey of journeys) {
      const places = isBestFit
        ? chooseBerths({ map, layout, within: layout.all }, journey, [null])
        : firstFit(map, layout.all, journey);
      if (places === undefined) continue;
      takeBerth(map, places[0], journey);
      sold += journey.weight;
    }
    return { sold, best: bestJourneys(journeys, { berths: 24, stretches: 6 }).weight };
  }

  function firstFit(map: Parameters<typeof isTaken>[0], all: Int32Array, { from, to }: Stops) {
    for (let place = 0; place < map.words * 32; place++) {
      if ((all[place >> 5] & (1 << (place & 31))) === 0) continue;
      let isFree = true;
      for (let at = from; at < to; at++) isFree &&= !isTaken(map, place, at);
      if (isFree) return [place];
    }
    return undefined;
  }

  it("sells 90 % of what hindsight would, and more than the first free berth does", () => {
    const seeds = Array.from({ length: 100 }, (_, seed) => seed);
    const share = (isBestFit: boolean): number => {
      const runs = seeds.map((seed) => sell(seed, isBestFit));
      for (const { sold, best } of runs) expect(sold).toBeLessThanOrEqual(best);
      return runs.reduce((sum, { sold, best }) => sum + sold / best, 0) / runs.length;
    };
    expect(share(true)).toBeGreaterThan(0.9);
    expect(share(true)).toBeGreaterThan(share(false));
  });
});

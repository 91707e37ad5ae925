import fc from "fast-check";
import * as simple from "simple-statistics";
import {
  authenticationColumns,
  authenticationTravels,
  distanceKm,
  statePlaces,
  states,
} from "dabbawala/generators";
import {
  eventLog,
  findBursts,
  findTravels,
  judgeBursts,
  judgeTravels,
  median,
  medianLatencies,
  poissonTail,
  refusingDevices,
  robustDeviation,
  robustScores,
  slowEvents,
} from "dabbawala/scenarios/aadhaar";
import { describe, expect, it } from "vitest";

const spec = { rows: 60_000, seed: 7, faults: 0.02, travel: 0.001 };
const blocks = [...authenticationTravels(spec)];
const truth = blocks.flatMap((block) => block.truth);
const log = eventLog(blocks.map(({ columns }) => columns));
const clean = eventLog(authenticationColumns({ rows: 60_000, seed: 7 }));

const floats = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });

describe("robust statistics", () => {
  it("are the middle of the sorted values, lists and typed arrays alike", () => {
    const middle = (values: readonly number[]): number => {
      const sorted = [...values].sort((a, b) => a - b);
      const half = sorted.length >> 1;
      return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    };
    fc.assert(
      fc.property(floats, (values) => {
        const expected = middle(values);
        const deviations = values.map((value) => Math.abs(value - expected));
        for (const given of [values, Float64Array.from(values)]) {
          expect(median(given)).toBeCloseTo(expected, 6);
          expect(robustDeviation(given)).toBeCloseTo(1.4826 * middle(deviations), 4);
        }
      }),
    );
    const given = [3, 1, 2];
    expect([median(given), given]).toEqual([2, [3, 1, 2]]);
    expect(median(Uint16Array.of(3, 2))).toBe(2.5);
    expect([median([]), robustDeviation([])]).toEqual([NaN, NaN]);
  });

  it("give a wild value away, which the standard deviation hides", () => {
    const values = [10, 11, 9, 10, 12, 8, 10, 11, 9, 1_000];
    const scores = robustScores(values);
    expect(scores[9]).toBeGreaterThan(100);
    expect(
      simple.zScore(1_000, simple.mean(values), simple.standardDeviation(values)),
    ).toBeLessThan(3.5);
    expect([...robustScores([5, 5, 5, 9])]).toEqual([0, 0, 0, 0]);
  });

  it("know the tail of Poisson", () => {
    const byHand = (count: number, mean: number): number => {
      let [term, below] = [Math.exp(-mean), 0];
      for (let i = 0; i < count; i++) {
        below += term;
        term *= mean / (i + 1);
      }
      return 1 - below;
    };
    for (const [count, mean] of [
      [1, 0.5],
      [3, 2],
      [10, 6],
      [4, 9],
    ] as const) {
      expect(Math.exp(poissonTail(count, mean))).toBeCloseTo(byHand(count, mean), 10);
    }
    expect(poissonTail(0, 3)).toBe(0);
    expect(poissonTail(40, 0.01)).toBeLessThan(-200);
  });
});

describe("bursts", () => {
  it("are found, and nothing else is, where they were planted", () => {
    const score = judgeBursts(findBursts(log), truth);
    expect(score.planted).toBeGreaterThan(15);
    expect(score.recall).toBeGreaterThan(0.95);
    expect(score.precision).toBe(1);
  });

  it("are not found where none were planted", () => {
    expect(findBursts(clean)).toEqual([]);
  });

  it("hold the refusals of one key within their time", () => {
    for (const { rows, startMs, endMs, failures, kind, key } of findBursts(log)) {
      expect(rows.length).toBeGreaterThanOrEqual(failures);
      expect(rows.every((row) => log.error[row] !== 0)).toBe(true);
      expect([log.timeMs[rows[0]], log.timeMs[rows[rows.length - 1]]]).toEqual([startMs, endMs]);
      const keys = new Set(
        rows.map((row) => (kind === "number" ? log.aadhaar[row] : log.device[row])),
      );
      expect(keys.size).toBe(1);
      expect(key).toMatch(kind === "number" ? /^\d{12}$/ : /^[A-Z]{2}-\d{5}$/);
    }
  });

  it("are told less often the more refusals they must hold", () => {
    const found = [8, 20, 35, 60].map((leastFailures) => findBursts(log, { leastFailures }).length);
    expect(found).toEqual([...found].sort((a, b) => b - a));
    expect(found[3]).toBe(0);
    expect(() => findBursts(log, { windowMs: 1 })).toThrow("windowMs must be from 1000");
  });
});

describe("impossible journeys", () => {
  it("are found, and each alert is of a planted event", () => {
    const score = judgeTravels(findTravels(log), truth);
    expect(score.planted).toBeGreaterThan(20);
    expect(score.recall).toBe(1);
    expect(score.precision).toBe(1);
    expect(findTravels(clean)).toEqual([]);
  });

  it("were planted as the truth says", () => {
    for (const planted of truth) {
      if (planted.fault !== "impossible-travel") continue;
      const { row, of, km, minutes } = planted;
      expect(log.aadhaar[row]).toBe(log.aadhaar[of]);
      const places = [row, of].map((at) => statePlaces[log.state[at]]);
      expect(Math.round(distanceKm(places[0], places[1]))).toBe(km);
      expect((log.timeMs[row] - log.timeMs[of]) / 60_000).toBeCloseTo(minutes, 9);
      expect(km / (minutes / 60)).toBeGreaterThan(1_900);
    }
  });

  it("leave all other events as they are", () => {
    const changed = new Set(truth.map(({ row }) => row));
    const plain = eventLog(authenticationColumns({ rows: 60_000, seed: 7, faults: 0.02 }));
    for (let row = 0; row < plain.events; row++) {
      if (changed.has(row)) continue;
      if (plain.aadhaar[row] !== log.aadhaar[row]) expect(row).toBe("unchanged");
    }
    expect(plain.latencyMs).toEqual(log.latencyMs);
  });

  it("stand on known distances", () => {
    const at = (name: string) => statePlaces[states.findIndex((state) => state.name === name)];
    expect(Math.abs(distanceKm(at("Delhi"), at("Maharashtra")) - 1_150)).toBeLessThan(30);
    expect(Math.abs(distanceKm(at("Tamil Nadu"), at("Karnataka")) - 290)).toBeLessThan(15);
    expect(distanceKm(at("Goa"), at("Goa"))).toBe(0);
  });
});

describe("outliers", () => {
  it("among devices are those that were used for bursts", () => {
    const bursts = findBursts(log).filter(({ kind }) => kind === "device");
    const used = new Set(bursts.map(({ key }) => key));
    const told = refusingDevices(log, { cut: 6 });
    expect(told.length).toBeGreaterThan(3);
    expect(told.every(({ group }) => used.has(group))).toBe(true);
    expect(refusingDevices(clean, { cut: 6 })).toEqual([]);
  });

  it("among latencies are those that timed out", () => {
    const slow = slowEvents(log, { cut: 3.5 });
    const rows = slow.map(({ group }) => Number(group.split(" ")[1]));
    const timedOut = rows.filter((row) => log.error[row] === 999).length;
    const all = log.error.reduce((sum, error) => sum + (error === 999 ? 1 : 0), 0);
    expect(timedOut / all).toBeGreaterThan(0.9);
    const medians = medianLatencies(log).map(({ medianMs }) => medianMs);
    expect(Math.max(...medians)).toBeLessThan(1_000);
  });
});

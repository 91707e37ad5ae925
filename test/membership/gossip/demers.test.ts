/** The tables of Demers et al. 1987 and the formulas of rumours, within the agreed bands. */
import { describe, expect, it } from "vitest";
import { cold, counterAfter, demersTables, measureDemers } from "dabbawala/membership";
import { infectionCurve, measureRounds, spreadRumour } from "dabbawala/membership";
import type { DemersRow, DemersTable } from "dabbawala/membership";

const [push, blind, pull] = demersTables as [DemersTable, DemersTable, DemersTable];

/** By how much of the published figure the measured one is off. */
function off(row: DemersRow, figure: "residue" | "traffic" | "lastRound"): number {
  return Math.abs(row[figure] / row.published[figure] - 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The residue s = e^(-k (1 - s)) of blind sites that send k copies each in the mean, k > 1. */
function fixedPoint(k: number): number {
  let residue = 0;
  for (let i = 0; i < 200; i++) residue = Math.exp(-k * (1 - residue));
  return residue;
}

describe("section 1.4, with 1,000 sites", () => {
  it("table 1: push, feedback, counter: residue 10 %, traffic 5 %, last cycle 3 %", () => {
    for (const row of measureDemers(push, { seed: 1, runs: 400, ks: [1, 2, 3] })) {
      expect(off(row, "residue")).toBeLessThan(0.1);
      expect(off(row, "traffic")).toBeLessThan(0.05);
      expect(off(row, "lastRound")).toBeLessThan(0.03);
    }
  });

  it("table 2: push, blind, coin: residue 10 %, traffic 5 %, last cycle 5 %", () => {
    for (const row of measureDemers(blind, { seed: 1, runs: 400 })) {
      if (row.k < 5) expect(off(row, "residue")).toBeLessThan(0.1);
      expect(off(row, "traffic")).toBeLessThan(0.05);
      expect(off(row, "lastRound")).toBeLessThan(0.05);
    }
  });

  /**
   * The one residue that is more than 10 % off its printed figure, 0.008 with one digit. Ours is
   * what the recurrence says, so the model is right; and the paper's figure is noise of its runs.
   */
  it("table 2, k = 5: 0.0071 is e^(-k (1 - s)), and 30 runs print 0.008 one time in five", () => {
    const residues = Array.from(
      { length: 6_000 },
      (_, seed) =>
        spreadRumour({ seed, nodes: 1_000, mode: "push", ...blind.interest, k: 5 }).residue,
    );
    expect(fixedPoint(5)).toBeCloseTo(0.00698, 5);
    expect(Math.abs(mean(residues) / fixedPoint(5) - 1)).toBeLessThan(0.03);
    const experiments = Array.from({ length: 200 }, (_, i) =>
      mean(residues.slice(30 * i, 30 * (i + 1))),
    );
    const printed = experiments.filter((residue) => residue.toFixed(3) === "0.008");
    // One in five of 200 experiments has the deviation sqrt(0.2 * 0.8 / 200) = 0.028.
    expect(printed.length / experiments.length).toBeGreaterThan(0.15);
    // What is printed as 0.008 begins at 0.0075, and that is within the band.
    expect(0.0075 / mean(residues) - 1).toBeLessThan(0.1);
  }, 60_000);

  it("table 3: pull, feedback, counter: all within 15 %", () => {
    const [one, two] = measureDemers(pull, { seed: 1, runs: 1_500, ks: [1, 2] }) as [
      DemersRow,
      DemersRow,
    ];
    for (const figure of ["residue", "traffic", "lastRound"] as const) {
      expect(off(one, figure)).toBeLessThan(0.15);
      expect(off(two, figure)).toBeLessThan(0.15);
    }
  });

  it("residue is about e^(-traffic), whatever the variant of push", () => {
    for (const row of measureDemers(push, { seed: 2, runs: 100, ks: [1, 2, 3] })) {
      expect(row.residue / Math.exp(-row.traffic)).toBeGreaterThan(0.8);
      expect(row.residue / Math.exp(-row.traffic)).toBeLessThan(1.25);
    }
  });
});

describe("the loss of interest", () => {
  const random = (): number => 0.3;
  const counter = { feedback: "feedback", loss: "counter", k: 2 } as const;

  it("counts useless contacts, begins anew after a useful one, and ends at k", () => {
    const options = { options: counter, random };
    expect(counterAfter(0, { useful: 0, useless: 1 }, options)).toBe(1);
    expect(counterAfter(1, { useful: 1, useless: 1 }, options)).toBe(0);
    expect(counterAfter(1, { useful: 0, useless: 1 }, options)).toBe(cold);
    expect(counterAfter(1, { useful: 0, useless: 0 }, options)).toBe(1);
  });

  it("is blind to what was useful, tosses a coin, or never comes", () => {
    const useful = { useful: 1, useless: 0 };
    const after = (changes: object): number =>
      counterAfter(1, useful, { options: { ...counter, ...changes }, random });
    expect(after({ feedback: "blind" })).toBe(cold);
    expect(after({ feedback: "blind", loss: "coin", k: 3 })).toBe(cold);
    expect(after({ feedback: "blind", loss: "coin", k: 4 })).toBe(1);
    expect(after({ feedback: "blind", loss: "never" })).toBe(1);
  });
});

describe("rounds until all know", () => {
  it("push: log2 n + ln n, and 0 to 1.5 more", () => {
    for (const row of measureRounds("push", { seed: 1, sizes: [100, 1_000, 10_000], runs: 60 })) {
      expect(row.rounds - row.theory).toBeGreaterThan(0);
      expect(row.rounds - row.theory).toBeLessThan(1.5);
    }
  });

  it("push and pull: 6.7, 9.1 and 11.5 rounds, half a round either way", () => {
    const rows = measureRounds("pushPull", { seed: 1, sizes: [100, 1_000, 10_000], runs: 60 });
    rows.forEach((row, i) => {
      expect(Math.abs(row.rounds - ([6.7, 9.1, 11.5][i] as number))).toBeLessThan(0.5);
    });
  });

  it("a node sends at most one message a round by push, whatever the size", () => {
    for (const row of measureRounds("push", { seed: 2, sizes: [30, 3_000], runs: 20 })) {
      expect(row.messages / row.rounds).toBeLessThan(1);
    }
  });

  it("a wider fanout is faster", () => {
    const rounds = (fanout: number): number =>
      spreadRumour({ seed: 1, nodes: 5_000, loss: "never", fanout }).lastRound;
    expect(rounds(3)).toBeLessThan(rounds(1) - 4);
  });
});

it("a rumour that is pushed spreads as the logistic equation says, within 5 points", () => {
  for (const seed of [1, 2, 3]) {
    for (const { measured, logistic } of infectionCurve({ seed, nodes: 2_000 })) {
      expect(Math.abs(measured - logistic)).toBeLessThan(0.05);
    }
  }
});

it("an option that is wrong is named", () => {
  const spread = (options: object) => () => spreadRumour({ seed: 1, nodes: 10, ...options });
  expect(spread({ nodes: 1 })).toThrow("nodes must be from 2");
  expect(spread({ mode: "pul" })).toThrow("mode must be one of push, pull, pushPull");
  expect(spread({ loss: "dice" })).toThrow("loss must be one of counter, coin, never");
  expect(spread({ k: 0 })).toThrow("k must be from 1");
  expect(spread({ maxRounds: NaN })).toThrow("maxRounds must be a whole number");
});

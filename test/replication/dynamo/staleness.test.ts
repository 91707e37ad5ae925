/** Bailis et al. 2012 against the simulator, and what read repair before the answer is for. */
import { describe, expect, it } from "vitest";
import { checkLinearizable, register } from "dabbawala/checks";
import { oneWriterHistory, stalenessCurve } from "dabbawala/replication";
import type { DynamoOptions } from "dabbawala/replication";

describe("the staleness curve", () => {
  it.each([
    [1, 1],
    [2, 1],
    [1, 2],
  ])("of R = %i, W = %i is what the model predicts", (readQuorum, writeQuorum) => {
    const afterMs = [0, 5, 15, 60];
    const rows = stalenessCurve({ readQuorum, writeQuorum, afterMs, trials: 400 });
    for (const { afterMs, predicted, measured, band } of rows) {
      const difference = Math.abs(predicted - measured);
      expect(difference, `${afterMs} ms: ${predicted} against ${measured}`).toBeLessThan(
        band + 1e-3,
      );
    }
    expect(rows[0].predicted).toBeGreaterThan(0.1);
    expect(rows.at(-1)!.predicted).toBeLessThan(0.02);
  });

  it("of R = W = 1 is the tail of the delay: exp(-(t - 1) / 9)", () => {
    for (const { afterMs, predicted } of stalenessCurve({ afterMs: [5, 10, 20], trials: 100 })) {
      expect(predicted).toBeCloseTo(Math.exp(-(afterMs - 1) / 9), 1);
    }
  });

  it("of R + W > N is zero", () => {
    const rows = stalenessCurve({ readQuorum: 2, writeQuorum: 2, afterMs: [0, 5], trials: 100 });
    expect(rows.map(({ predicted, measured }) => [predicted, measured])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("names a wrong option", () => {
    expect(() => stalenessCurve({ readQuorum: 4 })).toThrow("readQuorum");
    expect(() => stalenessCurve({ trials: 1 })).toThrow("trials");
    const typo = { readsQuorum: 2 } as object;
    expect(() => stalenessCurve(typo)).toThrow('stalenessCurve has no option "readsQuorum"');
  });
});

describe("R + W > N, a strict quorum, one writer", () => {
  const verdicts = (readRepair: DynamoOptions["readRepair"]) =>
    Array.from({ length: 12 }, (_, seed) =>
      checkLinearizable(oneWriterHistory({ seed: seed + 1, readRepair }), register()),
    );

  it("is regular but not linearizable: a later read may have less than an earlier one", () => {
    const broken = verdicts("later").filter(({ kind }) => kind === "not linearizable");
    expect(broken.length).toBeGreaterThan(0);
  });

  it("is linearizable when a read makes sure of what it answers", () => {
    expect(new Set(verdicts("first").map(({ kind }) => kind))).toEqual(new Set(["linearizable"]));
  });
});

describe("R + W > N, a sloppy quorum", () => {
  const history = (readRepair: DynamoOptions["readRepair"]) =>
    oneWriterHistory({ seed: 1, readRepair, isSloppy: true, writes: 12, reads: 40 });

  it.each(["later", "first"] as const)(
    "answers reads without writes that it has acknowledged, write-back or not: %s",
    (readRepair) => {
      const events = history(readRepair);
      const verdict = checkLinearizable(events, register());
      expect(verdict.kind).toBe("not linearizable");
      const done = events.filter(({ f, type }) => f === "put" && type === "ok");
      expect(done).toHaveLength(12);
      // Once hints have been handed over, all is there.
      expect(events.filter(({ f, type }) => f === "get" && type === "ok").at(-1)?.value).toBe(11);
    },
  );
});

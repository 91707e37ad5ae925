/** Bailis et al. 2012 against the simulator, and what read repair before the answer is for. */
import { describe, expect, it } from "vitest";
import { checkLinearizable, register } from "dabbawala/checks";
import { DynamoCluster, stalenessCurve } from "dabbawala/replication";
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
  });
});

/**
 * One client writes a key again and again, two others read it, each through an owner of its own.
 */
function registerHistory(seed: number, readRepair: DynamoOptions["readRepair"]) {
  const cluster = new DynamoCluster({
    seed,
    servers: 3,
    options: { partitions: 1, readRepair, antiEntropyMs: 1e7 },
    // What the writer's coordinator sends is slow and overtakes itself; all else is fast.
    simulator: {
      network: {
        latency: { kind: "constant", ms: 1 },
        links: [{ from: ["n1"], latency: { kind: "exponential", minMs: 0.5, tailMs: 20 } }],
      },
    },
  });
  const writes = Array.from({ length: 12 }, (_, i) => ({ op: "put" as const, key: "x", value: i }));
  const reads = Array.from({ length: 40 }, () => ({ op: "get" as const, key: "x" }));
  cluster.addClient("c1", { operations: writes, server: "n1", answerMs: 60_000 });
  for (const [id, server] of [
    ["c2", "n1"],
    ["c3", "n3"],
  ]) {
    cluster.addClient(id, { operations: reads, server, answerMs: 60_000 });
  }
  cluster.run(60_000);
  // A single writer leaves no siblings: what is read is one value, or none at first.
  return cluster.history().map((event) => {
    const value = Array.isArray(event.value) ? (event.value[0] ?? null) : event.value;
    return { ...event, value: event.f === "put" && event.type === "ok" ? undefined : value };
  });
}

describe("R + W > N, a strict quorum, one writer", () => {
  const verdicts = (readRepair: DynamoOptions["readRepair"]) =>
    Array.from({ length: 25 }, (_, seed) =>
      checkLinearizable(registerHistory(seed + 1, readRepair), register()),
    );

  it("is regular but not linearizable: a later read may have less than an earlier one", () => {
    const broken = verdicts("later").filter(({ kind }) => kind === "not linearizable");
    expect(broken.length).toBeGreaterThan(0);
  });

  it("is linearizable when a read makes sure of what it answers", () => {
    expect(new Set(verdicts("first").map(({ kind }) => kind))).toEqual(new Set(["linearizable"]));
  });
});

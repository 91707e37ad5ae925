/** The laboratory of PBFT: what it tells of honest clusters and of those with liars. */
import { checkEvidence, publicKeysOf, simulatePbft } from "dabbawala/consensus";
import type { PbftSimulation } from "dabbawala/consensus";
import { expect, test } from "vitest";

const put = (value: number) => ({ command: { op: "put", key: "k", value } });

function play(given: Partial<PbftSimulation> = {}) {
  const clients = [{ operations: [put(1), put(2)] }];
  return simulatePbft({ seed: 1, clients, untilMs: 5_000, isTraced: true, ...given });
}

test("an honest cluster: two requests are twice 29 messages, and one state", () => {
  const run = play();
  expect(run.messages).toEqual({ request: 2, prePrepare: 6, prepare: 18, commit: 24, reply: 8 });
  expect(new Set([...run.states.values()].map((state) => JSON.stringify(state))).size).toBe(1);
  expect(run.operations.map(({ outcome }) => outcome)).toEqual(["ok", "ok"]);
  expect(run.evidence).toEqual([]);
  expect(run.trace.length).toBeGreaterThan(0);
});

test("liars are correct until they are bribed", () => {
  const liars = { n1: ["silent"] } as const;
  expect([...play({ liars, liesFromMs: 6_000 }).views.values()]).toEqual([0, 0, 0]);
  expect([...play({ liars }).views.values()]).toEqual([1, 1, 1]);
});

test("what a forger says is refused for its proof; a two-faced primary leaves evidence", () => {
  expect(play({ liars: { n1: ["forging"] } }).refused["proof"]).toBeGreaterThan(0);
  const { evidence } = play({
    clients: [{ operations: [put(1)] }, { operations: [put(2)] }],
    liars: { n1: ["twoFaced"] },
  });
  const keys = publicKeysOf("dabbawala", ["n1", "n2", "n3", "n4"]);
  expect(evidence.length).toBeGreaterThan(0);
  for (const piece of evidence) {
    expect(checkEvidence(piece, keys)).toMatchObject({ kind: "proven", accused: "n1" });
  }
});

test("a wrong number is named", () => {
  expect(() => play({ replicas: 3 })).toThrow("replicas must be from 4 to 100, but was 3");
});

import assert from "node:assert";
import { describe, expect, it } from "vitest";
import { checkLinearizable, models } from "dabbawala/checks";
import type { LinearizabilityVerdict, Model, OrderStep } from "dabbawala/checks";
import { operationsOf } from "dabbawala/protocol";
import type { HistoryEvent, Operation } from "dabbawala/protocol";
import { callOf, hasOrder, realTime } from "./brute-force";
import { randomHistory, shapes } from "./random-history";

/** Histories of each kind: five thousand of each ready model, fewer of their special cases. */
const ready = ["register", "cas-register", "kv", "queue", "lock"];
const seedsOf = (kind: string): number => (ready.includes(kind) ? 5_000 : 1_000);

/**
 * Judges the order itself: legal, in real time, and complete but for unknown outcomes. With Node's
 * `assert`, since vitest's `expect` would take most of the time here.
 */
function expectOrder(
  steps: readonly OrderStep[],
  operations: readonly Operation[],
  model: Model,
): void {
  const ids = steps.map(({ operation }) => operation.id);
  assert.equal(new Set(ids).size, ids.length);
  const answered = operations.filter(({ outcome }) => outcome === "ok");
  for (const { id } of answered) assert(ids.includes(id));
  let state = model.initial();
  steps.forEach(({ operation }, i) => {
    for (const later of steps.slice(i + 1)) assert(!realTime(later.operation, operation));
    state = model.step(state, callOf(operation, model)) as typeof state;
    assert.notEqual(typeof state, "symbol");
  });
}

/** The evidence again by brute force: contradicts with all else optional, and nothing to spare. */
function expectEvidence(verdict: LinearizabilityVerdict, model: Model): void {
  if (verdict.kind !== "not linearizable") throw new Error("no evidence");
  const { violation } = verdict;
  const { firstBad, offending, operations } = violation;
  expect(violation.isSmallest).toBe(true);
  const until = (end: number): Operation[] =>
    operations
      .filter(({ call }) => call <= end)
      .map((operation) =>
        operation.return <= end
          ? operation
          : { ...operation, outcome: "unknown", output: undefined, return: Infinity },
      );
  const prefix = until(firstBad.return - 1);
  expect(hasOrder(prefix, model, realTime)).toBe(true);
  expectOrder(violation.prefix, prefix, model);
  expect(hasOrder(until(firstBad.return), model, realTime)).toBe(false);
  const kept = new Set(offending.map(({ id }) => id));
  const canSpare = (without: number): boolean =>
    someSubset(until(firstBad.return), (subset) => {
      const needed = [...kept].filter((id) => id !== without);
      const isComplete = needed.every((id) => subset.some((operation) => operation.id === id));
      return isComplete && hasOrder(subset, model, realTime);
    });
  expect(canSpare(-1)).toBe(false);
  for (const id of kept) expect(canSpare(id)).toBe(true);
}

function someSubset(
  operations: readonly Operation[],
  test: (subset: Operation[]) => boolean,
): boolean {
  return Array.from({ length: 2 ** operations.length }, (_, mask) => mask).some((mask) =>
    test(operations.filter((_, i) => ((mask >> i) & 1) === 1)),
  );
}

function sample(kind: string, seed: number, model: Model): HistoryEvent[] {
  return randomHistory(seed, model, {
    processes: 2 + (seed % 3),
    operations: 3 + (seed % 6),
    infoRate: 0.15,
    lieRate: seed % 2 === 0 ? 0.2 : 0,
    ...shapes[kind]!,
  });
}

const kinds = { ...shapes, "owned-lock": shapes["lock"]! };

describe("agrees with every order tried by brute force", () => {
  for (const kind of Object.keys(kinds)) {
    const seeds = seedsOf(kind);
    it(`on ${seeds} random histories of ${kind}, of 3 to 8 operations`, () => {
      const model = models[kind.replace("unique ", "")]!();
      const seen = { linearizable: 0, "not linearizable": 0, unknown: 0 };
      for (let seed = 0; seed < seeds; seed++) {
        const history = sample(kind === "owned-lock" ? "lock" : kind, seed, model);
        const operations = operationsOf(history);
        const verdict = checkLinearizable(history, model);
        const expected = hasOrder(operations, model, realTime)
          ? "linearizable"
          : "not linearizable";
        assert.equal(verdict.kind, expected, `seed ${seed}: ${verdict.kind}`);
        seen[verdict.kind]++;
        if (verdict.kind === "linearizable") {
          for (const { key, steps } of verdict.orders) {
            const part = operations.filter(
              (o) => (model.partition?.(callOf(o, model)) ?? "") === key,
            );
            expectOrder(steps, part, model);
          }
        } else if (seed % 25 === 0) {
          expectEvidence(verdict, model);
        }
      }
      expect(seen.unknown).toBe(0);
      expect(seen.linearizable).toBeGreaterThan(seeds / 10);
      if (kind !== "lock") expect(seen["not linearizable"]).toBeGreaterThan(seeds / 20);
    });
  }
});

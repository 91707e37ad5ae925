/** Options that are wrong are told in one sentence, before anything runs. */
import { expect, it } from "vitest";
import { LockClient, RedlockClient, simulateRedlock } from "dabbawala/locks";

const errand = { names: ["a"] };

it.each([
  [{ thinkMs: -1 }, "thinkMs must be from 0"],
  [{ errands: [{}] }, "an errand needs the names of locks"],
  [{ errands: [{ names: [] }] }, "an errand needs the names of locks"],
  [{ errands: [{ ...errand, mode: "both" }] }, "mode must be one of exclusive, shared, but was"],
  [{ errands: [{ ...errand, holdMs: NaN }] }, "holdMs must be from 0"],
  [{ errands: [{ ...errand, waitMs: -1 }] }, "waitMs must be from 0"],
  [{ errands: [{ ...errand, uses: 0 }] }, "uses must be from 1"],
  [{ errands: [{ names: ["a", "b"], isUpgraded: true }] }, "an upgrade is of one lock"],
  [{ groups: [] }, "a leaseholder needs a group of servers"],
  [{ groups: [[]] }, "a leaseholder needs the names of servers"],
])("a lock client with %j", (options, words) => {
  const client = (): unknown => new LockClient("c1", ["n1"], options as never);
  expect(client).toThrow(RangeError);
  expect(client).toThrow(words);
});

it("Redlock's clients and its simulation", () => {
  expect(() => new RedlockClient("c1", [])).toThrow("a Redlock client needs instances");
  expect(() => new RedlockClient("c1", ["n1"], { uses: NaN })).toThrow("uses must be");
  expect(() => new RedlockClient("c1", ["n1"], { holdMs: -4 })).toThrow("holdMs must be");
  const run = (changes: object) => () =>
    simulateRedlock({ seed: 1, lock: "raft", ...changes } as never);
  expect(run({ lock: "x" })).toThrow("lock must be one of redlock, raft, raftFenced, but was x");
  expect(run({ fault: "flood" })).toThrow("fault must be one of quiet, pause");
  expect(run({ clients: 0 })).toThrow("clients must be from 1");
});

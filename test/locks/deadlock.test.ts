import { describe, expect, it } from "vitest";
import { deadlockPolicies, simulateDeadlocks, TransactionClient } from "dabbawala/locks";
import { DeadlockDetector, LockSite } from "dabbawala/locks";
import type { DeadlockMessage, DeadlockPolicy, Transaction } from "dabbawala/locks";
import { step } from "dabbawala/protocol";
import type { Node } from "dabbawala/protocol";

const senses = { nowMs: 0, random: () => 0.5 };
const of = (client: string, begunMs: number): Transaction => {
  return { id: `${client}/1`, client, begunMs };
};
const [old, young] = [of("c1", 1), of("c2", 2)];

/** What a node sends when it hears this, without the rest. */
function hear<T>(node: Node<DeadlockMessage, T>, message: DeadlockMessage, from = "c1") {
  const effects = step(node, { kind: "message", from, message }, senses);
  return effects.flatMap((effect) => (effect.kind === "send" ? [[effect.to, effect.message]] : []));
}

const lock = (transaction: Transaction) => ({ type: "lock", transaction, item: "i1" }) as const;
const site = (policy: DeadlockPolicy) => new LockSite("n1", ["d1"], { policy });
const granted = ({ id: transaction }: Transaction) => ({
  type: "granted",
  transaction,
  item: "i1",
});
const abort = ({ id: transaction }: Transaction) => ({ type: "abort", transaction });

describe("prevention (Rosenkrantz, Stearns, Lewis 1978)", () => {
  it("wait-die: the younger one that would wait for an older one dies", () => {
    const waitDie = site("waitDie");
    expect(hear(waitDie, lock(old))).toEqual([["c1", granted(old)]]);
    expect(hear(waitDie, lock(young))).toEqual([["c2", abort(young)]]);
    const other = site("waitDie");
    hear(other, lock(young));
    expect(hear(other, lock(old))).toEqual([]);
  });

  it("wound-wait: the older one wounds the younger holder, the younger one waits", () => {
    const woundWait = site("woundWait");
    hear(woundWait, lock(young));
    expect(hear(woundWait, lock(old))).toEqual([["c2", abort(young)]]);
    const unlock = { type: "unlock", transaction: young.id } as const;
    expect(hear(woundWait, unlock)).toEqual([["c1", granted(old)]]);
    expect(hear(woundWait, lock(young))).toEqual([]);
  });
});

describe("edge chasing (Chandy, Misra, Haas 1983)", () => {
  it("a probe goes from who waits to who holds, and on to where that one waits", () => {
    const chasing = site("edgeChasing");
    hear(chasing, lock(old));
    hear(chasing, lock(young));
    const timer = { probe: young.id, item: "i1" };
    const effects = step(chasing, { kind: "timer", timer }, senses);
    const probe = { type: "probe", initiator: young, to: old.id };
    expect(effects).toContainEqual({ kind: "send", to: "c1", message: probe });
  });

  it("a client passes on the probe of a younger one, and stops at its own", () => {
    const client = new TransactionClient("c1", ["n1"], { policy: "edgeChasing" });
    step(client, { kind: "timer", timer: "next" }, { ...senses, random: next() });
    const own = client.transaction as Transaction;
    const probe = (initiator: Transaction) =>
      hear(client, { type: "probe", initiator, to: own.id }, "n1");
    const chase = { type: "chase", initiator: young, transaction: own.id };
    expect(probe(young)).toEqual([["n1", chase]]);
    expect(probe(of("c0", -1))).toEqual([]);
    expect(probe(own)).toEqual([["n1", { type: "unlock", transaction: own.id }]]);
    expect(client.transaction).toBeNull();
  });
});

/** Different draws, so that different items are wanted. */
function next(): () => number {
  let drawn = 0;
  return () => (drawn = (drawn + 0.19) % 1);
}

describe("the central detector", () => {
  it("ends the youngest of a circle that no site sees alone, once", () => {
    const detector = new DeadlockDetector("d1");
    const third = of("c3", 3);
    expect(hear(detector, { type: "edges", edges: [[old, young]] }, "n1")).toEqual([]);
    const closing = {
      type: "edges",
      edges: [
        [young, third],
        [third, old],
      ],
    } as const;
    expect(hear(detector, closing, "n2")).toEqual([["c3", abort(third)]]);
    expect(hear(detector, closing, "n2")).toEqual([]);
  });
});

it("what comes for an attempt that is over goes back", () => {
  const client = new TransactionClient("c1", ["n1"]);
  const unlock = { type: "unlock", transaction: "c1/7" };
  expect(hear(client, { type: "granted", transaction: "c1/7", item: "i1" }, "n1")).toEqual([
    ["n1", unlock],
  ]);
});

describe("measured", () => {
  const run = (policy: DeadlockPolicy, given: object = {}) =>
    simulateDeadlocks({ seed: 1, policy, untilMs: 10_000, ...given });

  it("without a policy all stand still, with any of them work goes on", () => {
    const rates = Object.fromEntries(
      deadlockPolicies.map((policy) => [policy, run(policy).committedPerSecond]),
    );
    expect(rates["none"]).toBeLessThan(2);
    for (const policy of deadlockPolicies.slice(1)) expect(rates[policy]).toBeGreaterThan(25);
  });

  it("circles that are seen are true; time-outs and prevention give up in vain", () => {
    expect(run("central").falseShare).toBe(0);
    expect(run("edgeChasing").falseShare).toBeLessThan(0.1);
    for (const policy of ["timeout", "waitDie", "woundWait"] as const) {
      expect(run(policy).falseShare).toBeGreaterThan(0.5);
    }
  });

  it("locks given back early make a detector see what is past", () => {
    const seeds = [1, 2, 3, 4].map((seed) => run("central", { seed, isTwoPhase: false }));
    expect(seeds.reduce((sum, { needless }) => sum + needless, 0)).toBeGreaterThan(0);
  });

  it("refuses options that are wrong", () => {
    expect(() => run("central", { items: 2 })).toThrow(/items must be from 3/);
    expect(() => run("prayer" as DeadlockPolicy)).toThrow(/policy must be one of none, timeout/);
  });
});

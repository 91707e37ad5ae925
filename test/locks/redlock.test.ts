import { describe, expect, it } from "vitest";
import { redlockFaults, RedlockInstance, redlockStorm, simulateRedlock } from "dabbawala/locks";
import type { RedlockFault, RedlockMessage, RedlockSimulation } from "dabbawala/locks";
import { shrinkStorm } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";

const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
type Total = Readonly<Record<"lost" | "refused", number>>;
const totals = new Map<string, Total>();

/** Over all seeds; played once, however often it is asked for. */
function total(lock: RedlockSimulation["lock"], fault: RedlockFault): Total {
  const name = `${lock} ${fault}`;
  const known = totals.get(name) ?? played(lock, fault);
  totals.set(name, known);
  return known;
}

function played(lock: RedlockSimulation["lock"], fault: RedlockFault): Total {
  const runs = seeds.map((seed) => simulateRedlock({ seed, lock, fault }));
  const sum = (of: (run: (typeof runs)[number]) => number) =>
    runs.reduce((all, run) => all + of(run), 0);
  return { lost: sum(({ lost }) => lost), refused: sum(({ refused }) => refused) };
}

describe("an instance (redis.io, Distributed Locks)", () => {
  const set = (value: string, requestId = 1): RedlockMessage => {
    return { type: "setIfAbsent", requestId, key: "k", value, ttlMs: 100 };
  };
  const hear = (instance: RedlockInstance, message: RedlockMessage, nowMs: number) =>
    step(instance, { kind: "message", from: "c1", message }, { nowMs, random: () => 0 });
  const answer = (isSet: boolean) => {
    const message = { type: "set", requestId: 1, isSet };
    return expect.arrayContaining([{ kind: "send", to: "c1", message }]) as unknown;
  };

  it("gives a key to the first, until its time is over by its own clock", () => {
    const instance = new RedlockInstance("n1");
    expect(hear(instance, set("a"), 0)).toEqual(answer(true));
    expect(hear(instance, set("b"), 99)).toEqual(answer(false));
    expect(hear(instance, set("b"), 100)).toEqual(answer(true));
  });

  it("deletes a key for its owner only", () => {
    const instance = new RedlockInstance("n1");
    hear(instance, set("a"), 0);
    hear(instance, { type: "deleteIfOwn", key: "k", value: "b" }, 1);
    expect(hear(instance, set("b"), 2)).toEqual(answer(false));
    hear(instance, { type: "deleteIfOwn", key: "k", value: "a" }, 3);
    expect(hear(instance, set("b"), 4)).toEqual(answer(true));
  });
});

describe("Redlock and the lock service under the same faults", () => {
  it("Redlock is right while its assumptions hold", () => {
    expect(total("redlock", "quiet").lost).toBe(0);
  });

  it.each(["pause", "clockJump", "amnesia"] as const)(
    "and loses updates beyond them: %s",
    (fault) => {
      expect(total("redlock", fault).lost).toBeGreaterThan(0);
    },
  );

  it("pauses alone break the lock service too, when nobody checks tokens", () => {
    expect(total("raft", "pause").lost).toBeGreaterThan(0);
    expect(total("raft", "clockJump").lost).toBe(0);
  }, 60_000);

  it("fenced, nothing is lost, and late writes are refused", () => {
    for (const fault of redlockFaults) expect(total("raftFenced", fault).lost).toBe(0);
    expect(total("raftFenced", "pause").refused).toBeGreaterThan(0);
  }, 120_000);
});

it("a storm that breaks it shrinks to a few clocks", () => {
  const found = seeds.map((seed) => redlockStorm.build(seed, "redlock-clockJump"));
  const broken = found.find((storm) => storm.run().failure !== undefined);
  expect(broken).toBeDefined();
  const shrunk = shrinkStorm(broken as NonNullable<typeof broken>, { maxRuns: 200 });
  expect(shrunk?.failure.property).toBe("lostUpdate");
  expect(shrunk?.actions.length).toBeLessThan(8);
  expect(redlockStorm.build(1).run().failure).toBeUndefined();
}, 60_000);

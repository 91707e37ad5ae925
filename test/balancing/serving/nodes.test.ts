import { BalancedServer, Balancer, policyNamed, policyNames, Pool } from "dabbawala/balancing";
import type { BalancingMessage, BalancingTimer } from "dabbawala/balancing";
import { errorAnswer, step } from "dabbawala/protocol";
import type { Effect } from "dabbawala/protocol";
import { describe, expect, it } from "vitest";

type Effects = Effect<BalancingMessage, BalancingTimer>[];
const start = { kind: "start", saved: {} } as const;

/** What it sends, as "n1: serve 2". */
function sendsOf(effects: Effects): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== "send") return [];
    const { type, requestId } = effect.message as { type: string; requestId?: number };
    return [`${effect.to}: ${type} ${(requestId ?? 0) % 2 ** 32}`];
  });
}

const labelsOf = (effects: Effects): string[] =>
  effects.flatMap((effect) => (effect.kind === "note" ? [effect.label] : []));

describe("a balancer", () => {
  const set = (options = {}) => {
    const balancer = new Balancer("b1", ["n1", "n2", "n3"], { policy: "round-robin", ...options });
    let nowMs = 0;
    const senses = () => ({ nowMs, random: () => 0.5 });
    const hear = (from: string, message: BalancingMessage) =>
      step(balancer, { kind: "message", from, message }, senses());
    const ring = (timer: BalancingTimer) => step(balancer, { kind: "timer", timer }, senses());
    step(balancer, start, senses());
    const life = 2 ** 32;
    return { balancer, hear, ring, life, wait: (ms: number) => (nowMs += ms) };
  };
  const serve = (requestId: number, more = {}): BalancingMessage => ({
    type: "serve",
    requestId,
    ...more,
  });

  it("passes a request on under its own number, and its answer back under the client's", () => {
    const { hear, life } = set();
    expect(sendsOf(hear("c1", serve(7)))).toEqual(["n1: serve 1"]);
    const served = { type: "served", requestId: life + 1, server: "n1" } as const;
    expect(sendsOf(hear("n1", served))).toEqual(["c1: served 7"]);
    expect(sendsOf(hear("n1", served))).toEqual([]); // a copy
    expect(sendsOf(hear("c1", serve(7)))).toEqual([]); // and one of the request
  });

  it("sends a failed request to another server, but one to be done once only if it was not", () => {
    const { hear, ring, life } = set();
    hear("c1", serve(1));
    expect(sendsOf(hear("n1", errorAnswer(life + 1, "crash", "oh")))).toEqual(["n2: serve 2"]);
    expect(sendsOf(ring({ attempt: life + 2 }))).toEqual(["n3: serve 3"]);
    expect(sendsOf(ring({ attempt: life + 3 }))).toEqual(["c1: error 1"]);
    hear("c1", serve(2, { isOnce: true }));
    const full = errorAnswer(life + 4, "temporarilyUnavailable", "full");
    expect(sendsOf(hear("n1", full))).toEqual(["n2: serve 5"]);
    expect(sendsOf(ring({ attempt: life + 5 }))).toEqual(["c1: error 2"]);
  });

  it("tells of a refusal that comes after a failure that the outcome is in doubt", () => {
    const { hear, ring, life } = set({ maxAttempts: 2 });
    hear("c1", serve(1));
    ring({ attempt: life + 1 });
    const effects = hear("n2", errorAnswer(life + 2, "temporarilyUnavailable", "full"));
    const told = effects.find((effect) => effect.kind === "send");
    expect(told).toMatchObject({ to: "c1", message: { type: "error", requestId: 1, code: 0 } });
  });

  it("does not retry over its budget", () => {
    const { hear, life } = set({ budget: { share: 0, minPerSecond: 0.1, ttlMs: 10_000 } });
    hear("c1", serve(1));
    expect(sendsOf(hear("n1", errorAnswer(life + 1, "crash", "")))).toEqual(["n2: serve 2"]);
    hear("n2", { type: "served", requestId: life + 2, server: "n2" });
    hear("c1", serve(2));
    const effects = hear("n3", errorAnswer(life + 3, "crash", ""));
    expect([labelsOf(effects), sendsOf(effects)]).toEqual([["budgetExhausted"], ["c1: error 2"]]);
  });

  it("refuses more requests than it may have under way", () => {
    const { hear } = set({ maxRequests: 2 });
    hear("c1", serve(1));
    hear("c1", serve(2));
    expect(sendsOf(hear("c1", serve(3)))).toEqual(["c1: error 3"]);
  });

  it("sends nothing more to a server that drains, says when it has left, and remembers it", () => {
    const { balancer, hear, life } = set();
    hear("c1", serve(1));
    const drained = hear("op", { type: "drain", server: "n1" });
    expect(labelsOf(drained)).toEqual(["draining"]);
    expect(drained).toContainEqual({
      ...{ kind: "save", key: "leaving/n1", value: { type: "drain", server: "n1" } },
    });
    for (let i = 2; i < 6; i++) expect(sendsOf(hear("c1", serve(i)))[0]).not.toContain("n1");
    const last = hear("n1", { type: "served", requestId: life + 1, server: "n1" });
    expect(labelsOf(last)).toContain("drained");
    const saved = { "leaving/n1": { type: "drain", server: "n1" }, life: 1 };
    const again = new Balancer("b1", ["n1", "n2", "n3"]);
    step(again, { kind: "start", saved }, { nowMs: 0, random: () => 0.5 });
    expect([balancer.pool.isDraining(0), again.pool.isDraining(0)]).toEqual([true, true]);
  });

  it("takes an added server in with little weight at first", () => {
    const { balancer, hear, ring, wait } = set();
    hear("op", { type: "add", server: "n4", weight: 2 });
    expect(balancer.pool.weights[3]).toBeCloseTo(0.2);
    wait(5_000);
    ring("ramp");
    expect(balancer.pool.weights[3]).toBeCloseTo(1);
  });

  it("closes a server after `fall` bad checks, and refuses requests when all are down", () => {
    const { hear, ring } = set({ health: { panicShare: 0, active: { fall: 1 } } });
    for (const server of [0, 1, 2]) {
      ring({ check: server });
      expect(labelsOf(ring({ overdue: server }))).toEqual(["checked", "down"]);
    }
    expect(sendsOf(hear("c1", serve(1)))).toEqual(["c1: error 1"]);
    const asked = ring({ check: 1 }).find((effect) => effect.kind === "send");
    const { requestId = 0 } = (asked as { message: { requestId?: number } }).message;
    const answer = { type: "probed", isWell: true, inFlight: 0, latencyMs: 1 } as const;
    expect(labelsOf(hear("n2", { ...answer, requestId: requestId - 1 }))).toEqual([]); // too late
    expect(labelsOf(hear("n2", { ...answer, requestId }))).toEqual(["checked"]);
    ring({ check: 1 });
    const second = { ...answer, requestId: requestId + 1 };
    expect(labelsOf(hear("n2", second))).toEqual(["checked", "up"]);
    expect(sendsOf(hear("c1", serve(2)))[0]).toContain("n2: serve");
  });

  it("probes for policies that go by probes", () => {
    const { hear } = set({ policy: "prequal" });
    expect(sendsOf(hear("c1", serve(1))).filter((each) => each.includes("probe"))).toHaveLength(3);
  });

  it("knows every policy by name", () => {
    const pool = new Pool([{ id: "a" }]);
    for (const name of policyNames) expect(policyNamed(name, pool).pick()).toBe(0);
    expect(() => new Balancer("b1", ["n1"], { policy: "best" as never })).toThrow(
      'no policy is called "best"; there are round-robin',
    );
  });
});

describe("a server", () => {
  const set = (options = {}) => {
    const server = new BalancedServer("n1", [], { slots: 1, maxQueue: 1, ...options });
    const senses = { nowMs: 0, random: () => 0.5 };
    return {
      server,
      hear: (message: BalancingMessage) =>
        step(server, { kind: "message", from: "b1", message }, senses),
      ring: (timer: BalancingTimer) => step(server, { kind: "timer", timer }, senses),
    };
  };
  const serve = (requestId: number): BalancingMessage => ({ type: "serve", requestId });

  it("serves so many at a time, lets others wait, and refuses what does not fit", () => {
    const { hear, ring } = set();
    expect(hear(serve(1))).toEqual([
      { kind: "setTimer", timer: { job: 1 }, afterMs: -10 * Math.log(0.5) },
    ]);
    expect(hear(serve(2))).toEqual([]);
    expect(sendsOf(hear(serve(3)))).toEqual(["b1: error 3"]);
    for (const copy of [1, 2, 3]) expect(hear(serve(copy))).toEqual([]);
    expect(sendsOf(ring({ job: 1 }))).toEqual(["b1: served 1"]);
    expect(sendsOf(ring({ job: 2 }))).toEqual(["b1: served 2"]);
  });

  it("fails, hangs, is slow or sick when it is told to", () => {
    const { server, hear } = set({ slowFactor: 3 });
    const probe: BalancingMessage = { type: "probe", requestId: 9 };
    const wellOf = (): unknown =>
      hear(probe).map((effect) => effect.kind === "send" && effect.message)[0];
    hear({ type: "mode", mode: "failing" });
    expect(sendsOf(hear(serve(1)))).toEqual(["b1: error 1"]);
    expect(wellOf()).toMatchObject({ isWell: true, inFlight: 0 });
    hear({ type: "mode", mode: "silent" });
    expect(hear(serve(2))).toEqual([]);
    expect(server.inFlight).toBe(0);
    hear({ type: "mode", mode: "sick" });
    expect(wellOf()).toMatchObject({ isWell: false });
    hear({ type: "mode", mode: "slow" });
    expect(hear(serve(3))).toMatchObject([{ afterMs: -30 * Math.log(0.5) }]);
  });
});

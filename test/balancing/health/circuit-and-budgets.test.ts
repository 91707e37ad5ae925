import { CircuitBreaker, RetryBudget, ScalingRule } from "dabbawala/balancing";
import type { CallOutcome, CircuitState } from "dabbawala/balancing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const options = { window: 4, minimumCalls: 2, failureShare: 0.5, openMs: 100, probes: 2 };

/** A breaker that is brought into a state; half-open with so many of its probes sent. */
function inState(state: CircuitState, sent = 0): { breaker: CircuitBreaker; permits: number[] } {
  const breaker = new CircuitBreaker(options);
  const permits: number[] = [];
  const permit = (nowMs: number): void => {
    permits.push(breaker.permit(nowMs) ?? -1);
  };
  if (state === "closed") return { breaker, permits };
  for (let i = 0; i < 2; i++) breaker.ended(breaker.permit(0) ?? -1, "failed", 0);
  if (state === "half-open") for (let i = 0; i < sent; i++) permit(100);
  return { breaker, permits };
}

describe("the circuit breaker's table of states", () => {
  const outcomes: CallOutcome[] = ["ok", "failed", "cancelled"];
  // state, event -> next state; every pair.
  const table: [CircuitState, string, CircuitState][] = [
    ["closed", "time", "closed"],
    ["closed", "ok", "closed"],
    ["closed", "failed", "closed"],
    ["closed", "failed enough", "open"],
    ["closed", "cancelled", "closed"],
    ["open", "time", "half-open"],
    ["open", "less time", "open"],
    ["half-open", "time", "half-open"],
    ["half-open", "ok", "half-open"],
    ["half-open", "ok enough", "closed"],
    ["half-open", "failed", "open"],
    ["half-open", "cancelled", "half-open"],
  ];
  it.each(table)("%s, %s: %s", (state, event, next) => {
    const { breaker, permits } = inState(state, 2);
    const nowMs = state === "closed" ? 0 : 100;
    if (event === "less time") expect(breaker.stateAt(99.9)).toBe(next);
    else if (event === "time") expect(breaker.stateAt(nowMs + 1e6)).toBe(next);
    else {
      const [outcome, enough] = event.split(" ") as [CallOutcome, string | undefined];
      const own = permits.length > 0 ? permits : [breaker.permit(0) ?? -1, breaker.permit(0) ?? -1];
      const used = enough === undefined ? own.slice(0, 1) : own;
      for (const permit of used) breaker.ended(permit, outcome, nowMs);
      expect(breaker.stateAt(nowMs)).toBe(next);
    }
  });

  it("has no other events: an open one has no call that could end", () => {
    for (const outcome of outcomes) {
      const { breaker } = inState("open");
      expect(breaker.permit(99)).toBeUndefined();
      breaker.ended(0, outcome, 50); // of the time when it was closed
      expect(breaker.stateAt(50)).toBe("open");
    }
  });
});

describe("the circuit breaker, in every order of seven events", () => {
  const events = ["permit", "ok", "failed", "cancelled", "time"] as const;

  it("never has more probes under way than it may, and no call when it is open", () => {
    let looked = 0;
    const explore = (path: readonly (typeof events)[number][]): void => {
      if (path.length < 7) for (const event of events) explore([...path, event]);
      else {
        looked++;
        play(path);
      }
    };
    const play = (path: readonly (typeof events)[number][]): void => {
      const breaker = new CircuitBreaker({ ...options, window: 2 });
      let nowMs = 0;
      for (let i = 0; i < 2; i++) breaker.ended(breaker.permit(0) ?? -1, "failed", 0);
      const calls: { permit: number; state: CircuitState }[] = [];
      for (const event of path) {
        if (event === "time") nowMs += 100;
        const before = breaker.stateAt(nowMs);
        if (event === "permit") {
          const permit = breaker.permit(nowMs);
          if (before === "open" && permit !== undefined) throw new Error(path.join(" "));
          if (permit !== undefined) calls.push({ permit, state: before });
        } else if (event !== "time") {
          const call = calls.shift();
          if (call !== undefined) breaker.ended(call.permit, event, nowMs);
        }
        const probes = calls.filter(
          ({ permit, state }) => state === "half-open" && permit === calls.at(-1)?.permit,
        );
        if (probes.length > options.probes) throw new Error(path.join(" "));
      }
    };
    explore([]);
    expect(looked).toBe(5 ** 7);
  });

  it("counts nothing that an earlier state's calls say", () => {
    const { breaker } = inState("closed");
    const late = [0, 1].map(() => breaker.permit(0) ?? -1);
    for (let i = 0; i < 2; i++) breaker.ended(breaker.permit(0) ?? -1, "failed", 0);
    expect(breaker.stateAt(100)).toBe("half-open");
    for (const permit of late) breaker.ended(permit, "ok", 100);
    expect(breaker.stateAt(100)).toBe("half-open");
  });

  it("gives a cancelled probe's room to another", () => {
    const { breaker, permits } = inState("half-open", 2);
    expect(breaker.permit(100)).toBeUndefined();
    breaker.ended(permits[0], "cancelled", 100);
    expect(breaker.hasRoom(100)).toBe(true);
  });

  it("opens at its share of failures among the last calls, and forgets older ones", () => {
    const breaker = new CircuitBreaker({ ...options, window: 4, minimumCalls: 4 });
    const call = (outcome: CallOutcome) => breaker.ended(breaker.permit(0) ?? -1, outcome, 0);
    expect(["failed", "ok", "ok", "ok"].map((each) => call(each as CallOutcome)).at(-1)).toBe(
      "closed",
    );
    expect(call("failed")).toBe("closed"); // the first failure has left the window
    expect(call("failed")).toBe("open");
  });
});

describe("a retry budget", () => {
  it("allows a share of the requests, and a few a second", () => {
    const budget = new RetryBudget({ share: 0.2, minPerSecond: 1, ttlMs: 10_000 });
    for (let i = 0; i < 100; i++) budget.request(i);
    const taken = Array.from({ length: 100 }, () => budget.take(200));
    expect(taken.filter((each) => each === "retry")).toHaveLength(20 + 10);
  });

  it("forgets requests and retries after their time", () => {
    const budget = new RetryBudget({ share: 1, minPerSecond: 0, ttlMs: 1_000 });
    for (let i = 0; i < 5; i++) budget.request(0);
    expect([budget.available(899), budget.available(1_000)]).toEqual([5, 0]);
  });

  it("is never exceeded, whatever happens", () => {
    const step = fc.record({ isRetry: fc.boolean(), afterMs: fc.nat(300) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const budget = new RetryBudget({ share: 0.5, minPerSecond: 2, ttlMs: 1_000 });
        const [requests, retries]: [number[], number[]] = [[], []];
        let nowMs = 0;
        for (const { isRetry, afterMs } of steps) {
          nowMs += afterMs;
          if (!isRetry) requests.push(nowMs);
          if (!isRetry) budget.request(nowMs);
          if (!isRetry || budget.take(nowMs) === "exhausted") continue;
          retries.push(nowMs);
          const within = (all: number[], ms: number) => all.filter((each) => each > nowMs - ms);
          const allowed = 0.5 * within(requests, 1_000).length + 2;
          expect(within(retries, 900).length).toBeLessThanOrEqual(allowed);
        }
      }),
    );
  });
});

describe("a scaling rule", () => {
  const rule = (more = {}) => new ScalingRule({ target: 0.5, shrinkWindowMs: 60_000, ...more });

  it("is the formula of Kubernetes: ceil(servers x value / target), within a tolerance", () => {
    expect(rule().decide(10, 0.65, 0)).toBe(13);
    expect(rule().decide(10, 0.549, 0)).toBe(10);
    expect(rule().decide(10, 0.451, 0)).toBe(10);
    expect(rule({ target: 0.1 }).decide(10, 0.3, 0)).toBe(20); // 30 wanted, twice at a time
    expect(rule({ target: 0.1 }).decide(1, 0.3, 0)).toBe(3);
    expect(rule({ target: 0.1 }).decide(1, 2, 0)).toBe(5); // four more at a time
  });

  it("shrinks to the largest wish of its window only", () => {
    const scaling = rule();
    expect(scaling.decide(10, 0.4, 0)).toBe(8); // the first wish of all
    expect(scaling.decide(8, 0.625, 15_000)).toBe(10);
    expect(scaling.decide(10, 0.1, 30_000)).toBe(10);
    expect(scaling.decide(10, 0.1, 75_001)).toBe(2);
  });

  it("waits with growing where a window says so", () => {
    const scaling = rule({ growWindowMs: 30_000 });
    expect(scaling.decide(4, 0.5, 0)).toBe(4);
    expect(scaling.decide(4, 1, 15_000)).toBe(4);
    expect(scaling.decide(4, 1, 30_001)).toBe(8);
  });

  it("keeps within its bounds, and says what is wrong", () => {
    expect(rule({ maxServers: 12 }).decide(10, 1, 0)).toBe(12);
    expect(rule({ minServers: 3 }).decide(10, 0, 0)).toBe(3);
    expect(() => rule({ minServers: 5, maxServers: 4 })).toThrow("maxServers must be from 5");
  });
});

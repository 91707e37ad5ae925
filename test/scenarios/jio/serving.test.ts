/** Retries with a budget and without, message by message; queues as bars. */
import { fixedWork, poisson, RoundRobin } from "dabbawala/balancing";
import { credulous, queueSpans, simulateServing } from "dabbawala/scenarios/jio";
import { describe, expect, it } from "vitest";

describe("retries", () => {
  const storm = (maxAttempts: number, share: number) =>
    simulateServing({
      ...{ seed: 1, servers: 4, requests: 1e6, everyMs: 10 / 3, untilMs: 8_000 },
      server: { serviceMs: 10, slots: 1, maxQueue: 100, slowFactor: 5 },
      balancer: {
        ...{ health: credulous, attemptMs: 200, maxAttempts },
        budget: { share, minPerSecond: 1, ttlMs: 1_000 },
      },
      modes: [
        { atMs: 2_000, mode: "slow" },
        { atMs: 3_000, mode: "well" },
      ],
    });

  it("without a budget keep servers down that are well again, with one they do not", () => {
    const [none, free, bounded] = [storm(1, 0), storm(3, 1_000), storm(3, 0.1)];
    expect(none.answered.at(-1)).toBeGreaterThan(200);
    expect(free.answered.at(-1)).toBeLessThan(20);
    expect(bounded.answered.at(-1)).toBeGreaterThan(200);
    expect(free.worked).toBeGreaterThan(2_000); // at work all the time, for nobody
  });

  it("find another server for what one fails, in a trace", () => {
    const { trace, answered } = simulateServing({
      ...{ seed: 1, servers: 3, requests: 10, everyMs: 10, untilMs: 1_000, isTraced: true },
      modes: [{ atMs: 0, server: "n2", mode: "failing" }],
    });
    expect(answered.reduce((sum, count) => sum + count / 2, 0)).toBe(10);
    expect(trace.length).toBeGreaterThan(30);
    expect(() =>
      simulateServing({ seed: 1, servers: 0, requests: 1, everyMs: 1, untilMs: 1 }),
    ).toThrow("servers must be");
  });
});

it("queues as bars: each request once, none beside another of its server", () => {
  const spans = queueSpans({
    ...{ servers: [{ id: "a" }, { id: "b", speed: 0.5 }], requests: 40 },
    policy: (pool) => new RoundRobin(pool),
    ...{ arrivals: poisson(150), work: fixedWork(10) },
  });
  expect(spans).toHaveLength(40);
  const ofB = spans.filter(({ lane }) => lane === "b");
  expect(ofB).toHaveLength(20);
  ofB.forEach(({ startMs, endMs }, at) => {
    expect(endMs - startMs).toBeCloseTo(20, 6);
    expect(startMs).toBeGreaterThanOrEqual((ofB[at - 1]?.endMs ?? 0) - 1e-6);
  });
});

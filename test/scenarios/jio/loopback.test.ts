/** Real processes behind the real proxy: they share the load, and one that dies loses nobody. */
import { measureProxy } from "dabbawala/scenarios/jio";
import { describe, expect, it } from "vitest";

const small = { connections: 8, seconds: 0.6, backEnds: 3, rounds: 20 } as const;

describe("real servers behind a real proxy", () => {
  it("get the same share by turns", async () => {
    const run = await measureProxy({ ...small, policy: "round-robin" });
    expect(run.failed).toBe(0);
    const counts = Object.values(run.answered);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(run.requests);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(small.connections);
    expect(run.p50Ms).toBeLessThanOrEqual(run.p99Ms);
  });

  it("that are slow get less from who measures latency", async () => {
    const { answered } = await measureProxy({ ...small, slowFactor: 50, policy: "peak-ewma" });
    expect(answered["b3"]).toBeLessThan(0.5 * (answered["b2"] ?? 0));
  });

  it.each(["kill", "drain"] as const)("nobody is lost when one ends: %s", async (event) => {
    const run = await measureProxy({ ...small, event });
    expect(run.failed).toBe(0);
    expect(run.eventSeconds).toBeGreaterThan(0.29);
    const after = run.steps.filter(({ atSeconds }) => atSeconds > 0.1 + (run.eventSeconds ?? 0));
    const count = (name: string): number =>
      after
        .filter(({ backEnd }) => backEnd === name)
        .reduce((sum, step) => sum + step.perSecond, 0);
    expect(count("b1")).toBe(0);
    expect(count("b2")).toBeGreaterThan(0);
  });

  it("can be asked directly, for comparison", async () => {
    const run = await measureProxy({ ...small, policy: "none" });
    expect([run.failed, run.answered["b2"]]).toEqual([0, 0]);
    expect(run.requests).toBe(run.answered["b1"]);
  });

  it("options that are wrong are told", async () => {
    await expect(measureProxy({ seconds: 0 })).rejects.toThrow("seconds must be");
    await expect(measureProxy({ backEnds: 0 })).rejects.toThrow("backEnds must be");
  });
});

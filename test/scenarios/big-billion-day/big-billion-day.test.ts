/** The sale on the real scheduler: what each of its means is good for, and what it costs. */
import { describe, expect, it } from "vitest";
import {
  bigBillionKinds,
  bigBillionRate,
  bigBillionTenants,
} from "dabbawala/scenarios/big-billion-day";
import { meanServiceMs, simulateBigBillionDay } from "dabbawala/scenarios/big-billion-day";
import type { BigBillionDay, BigBillionDayOptions } from "dabbawala/scenarios/big-billion-day";

/** Half of the usual hour: half as many jobs. */
const small = { seed: 3, hourMs: 3_000 };
const days = new Map<string, BigBillionDay>();

/** The same day is looked at by several tests. */
function day(more: Partial<BigBillionDayOptions> = {}): BigBillionDay {
  const name = JSON.stringify(more);
  const known = days.get(name) ?? simulateBigBillionDay({ ...small, ...more });
  days.set(name, known);
  return known;
}

const count = ({ jobs }: BigBillionDay, outcome: string) =>
  jobs.filter((job) => job.outcome === outcome).length;

describe("the tables", () => {
  it("shares are parts of one", () => {
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect(sum(bigBillionKinds.map(({ share }) => share))).toBeCloseTo(1, 12);
    expect(sum(bigBillionTenants.map(({ usual }) => usual))).toBeCloseTo(1, 12);
    expect(sum(bigBillionTenants.map(({ sale }) => sale))).toBeCloseTo(1, 12);
    expect(meanServiceMs()).toBeCloseTo(60, 12);
  });

  it("a usual day has 1 in the mean, and the opening the spike", () => {
    const hours = Array.from({ length: 2_400 }, (_, i) => i / 100);
    const usual = hours.map((hour) => bigBillionRate(hour, 0));
    expect(usual.reduce((sum, rate) => sum + rate, 0) / hours.length).toBeCloseTo(1, 3);
    expect(bigBillionRate(8, 50)).toBeCloseTo(50, 12);
    expect(bigBillionRate(7.99, 50)).toBeLessThan(1);
    expect(bigBillionRate(10, 50) - bigBillionRate(10, 0)).toBeCloseTo(49.6 / Math.E, 12);
  });
});

describe("the day", () => {
  it("comes as its rate says: jobs of the rush within four standard deviations", () => {
    const hours = Array.from({ length: 300 }, (_, i) => 8 + (i + 0.5) / 100);
    const mean = (hours.reduce((sum, hour) => sum + bigBillionRate(hour, 50), 0) / 100) * 5 * 3;
    expect(Math.abs(day().rush.length - mean)).toBeLessThan(4 * Math.sqrt(mean));
  });

  it("every job ends, once to effect; dead letters say why", () => {
    const { jobs, deadLetters, effects, effectsTwice } = day();
    expect(count(day(), "done") + count(day(), "dead")).toBe(jobs.length);
    expect(effects).toBe(count(day(), "done"));
    expect(effectsTwice).toBe(0);
    expect(Object.keys(deadLetters)).toHaveLength(count(day(), "dead"));
    for (const cause of Object.values(deadLetters)) expect(cause).toMatch(/^failed: /);
  });

  it("is the same again for the same seed", () => {
    const options = { ...small, hourMs: 1_000 };
    expect(simulateBigBillionDay(options)).toEqual(simulateBigBillionDay(options));
  });

  it("ageing bounds the wait of the least urgent, and the most urgent pay for it", () => {
    const [strict, ageing] = (["strict", "ageing"] as const).map((order) =>
      simulateBigBillionDay({ ...small, hourMs: 5_000, order }),
    );
    expect(ageing.byKind.analytics.maxMs).toBeLessThan(0.8 * strict.byKind.analytics.maxMs);
    expect(ageing.byKind.payment.p99Ms).toBeGreaterThan(strict.byKind.payment.p99Ms);
  });

  it("any order by urgency is better for payments than first come, first served", () => {
    const { byKind } = day({ order: "firstCome" });
    expect(day().byKind.payment.p99Ms).toBeLessThan(byKind.payment.p99Ms / 2);
  });

  it("shares keep a small tenant's jobs out of the queue of a large one", () => {
    const [shared, common] = [day(), day({ hasShares: false })];
    expect(shared.byTenant.grocery.p50Ms).toBeLessThan(common.byTenant.grocery.p50Ms / 2);
  });

  it("back-pressure bounds what waits in the scheduler, shedding what waits at all", () => {
    const most = ({ slices }: BigBillionDay, field: "waiting" | "underWay") =>
      Math.max(...slices.map((slice) => slice[field]));
    const pressed = day({ admission: "backPressure", maxWaiting: 100 });
    const shed = day({ admission: "shedding", maxWaiting: 100 });
    expect(most(day(), "waiting")).toBeGreaterThan(200);
    expect(most(pressed, "waiting")).toBeLessThanOrEqual(100);
    expect(count(pressed, "shed")).toBe(0);
    expect(most(shed, "underWay")).toBeLessThan(0.7 * most(pressed, "underWay"));
    const lost = shed.jobs.filter(({ outcome }) => outcome === "shed");
    expect(new Set(lost.map(({ kind }) => kind))).toEqual(new Set(["analytics", "image"]));
    expect(shed.byKind.payment.lateShare).toBeLessThan(pressed.byKind.payment.lateShare);
  });
});

describe("a machine and the scheduler die in the rush", () => {
  it("nothing is lost, and nothing happens twice", () => {
    const { jobs, effects, effectsTwice, repeated } = day({ hasFaults: true });
    const done = jobs.filter(({ outcome }) => outcome === "done").length;
    expect(jobs.filter(({ outcome }) => outcome === "open")).toEqual([]);
    expect(repeated).toBeGreaterThan(0);
    expect(effectsTwice).toBe(0);
    expect(effects).toBeGreaterThanOrEqual(done);
  });

  it("without keys the same faults do things twice", () => {
    expect(day({ hasFaults: true, hasKeys: false }).effectsTwice).toBeGreaterThan(0);
  });
});

describe("wrong options", () => {
  it.each([
    [{ machines: 0 }, "machines must be from 1 to 1000"],
    [{ spike: 0.5 }, "spike must be from 1 to 1000"],
    [{ hourMs: 10 }, "hourMs must be from 100 to 3600000"],
  ])("%j", (more, words) => {
    expect(() => simulateBigBillionDay({ ...small, ...more })).toThrow(words);
  });
});

/** The simulated crowd: what theory says of queues, and what priorities, ageing and shares do. */
import { describe, expect, it } from "vitest";
import { simulateScheduling } from "dabbawala/scheduling";
import type { SchedulingOptions } from "dabbawala/scheduling";

const day: SchedulingOptions = {
  seed: 7,
  workers: 4,
  durationMs: 30_000,
  spikeFromMs: 10_000,
  spikeToMs: 14_000,
  classes: [
    { name: "payment", perSecond: 20, spike: 8, serviceMs: 20, task: { priority: 0 } },
    { name: "image", perSecond: 10, spike: 8, serviceMs: 60, task: { priority: 9 } },
  ],
};

it("is M/M/c: the mean number of busy workers is the offered load", () => {
  const classes = [{ name: "k", perSecond: 100, serviceMs: 40 }];
  const { utilization, counts } = simulateScheduling({
    ...{ seed: 1, workers: 5, durationMs: 60_000, classes },
  });
  expect(counts.done).toBe(counts.submitted);
  expect(utilization).toBeGreaterThan(0.75);
  expect(utilization).toBeLessThan(0.85);
});

it("the same seed gives the same numbers", () => {
  expect(simulateScheduling(day)).toEqual(simulateScheduling(day));
});

describe("priorities", () => {
  const of = (ageingMs: number | null) => {
    const { classes } = simulateScheduling({ ...day, settings: { ageingMs } });
    return { payment: classes[0], image: classes[1] };
  };

  it("the urgent do not wait for the others, though there are too many of them", () => {
    const { payment, image } = of(null);
    expect(payment.waitP99Ms).toBeLessThan(300);
    expect(image.waitMaxMs).toBeGreaterThan(2_000);
  });

  it("ageing bounds how much longer the least urgent wait", () => {
    const aged = of(100);
    expect(aged.image.waitMaxMs).toBeLessThanOrEqual(aged.payment.waitMaxMs + 9 * 100 + 300);
    expect(of(null).image.waitMaxMs).toBeGreaterThan(aged.image.waitMaxMs);
  });
});

it("tenants share in proportion to their weights, however many tasks each has", () => {
  const classes = ["dadar", "thane"].map((tenant, at) => {
    return { name: tenant, perSecond: 100 + 400 * at, serviceMs: 50, task: { tenant } };
  });
  const settings = { weights: { dadar: 2, thane: 1 } };
  const { shares } = simulateScheduling({
    ...{ seed: 3, workers: 4, durationMs: 5_000, classes, settings },
  });
  expect(shares["dadar"]).toBeCloseTo(2 / 3, 1);
  expect(shares["thane"]).toBeCloseTo(1 / 3, 1);
});

it("a full board refuses the less urgent first", () => {
  const settings = { maxWaiting: 200, shedding: [{ priority: 5, above: 0.5 }] };
  const { classes } = simulateScheduling({ ...day, settings });
  expect(classes[0].shed).toBe(0);
  expect(classes[1].shed).toBeGreaterThan(50);
});

it("what fails is tried again, and given up in the end", () => {
  const classes = [{ name: "k", perSecond: 50, serviceMs: 10, failRate: 0.5 }];
  const settings = { maxAttempts: 3 };
  const run = simulateScheduling({ seed: 5, workers: 4, durationMs: 20_000, classes, settings });
  const [{ submitted, dead, done }] = run.classes;
  expect(done + dead).toBe(submitted);
  expect(dead / submitted).toBeGreaterThan(0.09);
  expect(dead / submitted).toBeLessThan(0.16);
});

it("says what is wrong with its options", () => {
  expect(() => simulateScheduling({ ...day, classes: [] })).toThrow("at least one class");
  expect(() => simulateScheduling({ ...day, workers: 0 })).toThrow("workers must be from 1");
});

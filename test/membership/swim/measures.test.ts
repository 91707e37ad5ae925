/** SWIM's figures, in the simulator, against the paper's formulas, within the agreed bands. */
import { describe, expect, it } from "vitest";
import { expectedFirstDetection, firstDetections, measureFalseAlarms } from "dabbawala/membership";
import { measureLoad, ownDetections, swimGroup } from "dabbawala/membership";
import { at, crash } from "dabbawala/hosts";

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe("section 3.1: the first detection", () => {
  it.each([16, 64, 256])("of %i members takes e / (e - 1) periods within 3 sigma", (members) => {
    const trials = 200;
    const found = firstDetections({ seed: 7, members, trials });
    const expected = expectedFirstDetection(members);
    // A geometric distribution with mean m has the deviation sqrt(m (m - 1)).
    const sigma = Math.sqrt((expected * (expected - 1)) / trials);
    expect(found).toHaveLength(trials);
    expect(Math.abs(mean(found) - expected)).toBeLessThan(3 * sigma);
  });

  it("tends to e / (e - 1) whatever the size", () => {
    expect(expectedFirstDetection(16)).toBeCloseTo(1.551, 3);
    expect(expectedFirstDetection(10_000)).toBeCloseTo(Math.E / (Math.E - 1), 3);
  });
});

it("section 4.3: each member notices within 2n - 1 periods by its own probes", () => {
  const found = ownDetections({ seed: 5, members: 12, trials: 600 });
  expect(Math.max(...found)).toBeLessThanOrEqual(23);
  // Were every draw independent, one in seven would take longer than that.
  expect(Math.max(...found)).toBeGreaterThan(12);
});

it("section 5: the load of a member is flat from 16 to 1,024 members", () => {
  const rows = measureLoad({ seed: 1, sizes: [16, 64, 256, 1_024] });
  for (const { messages } of rows) expect(messages).toBeCloseTo(2, 1);
});

describe("accuracy", () => {
  it("nobody who answers is declared dead, or suspected, in a network that loses nothing", () => {
    const found = measureFalseAlarms({ seed: 1, members: 32, periods: 100 });
    expect(found).toMatchObject({ falseDeaths: 0, falseSuspicions: 0 });
    expect(found.detectionMs).toBeLessThan(20_000);
  });

  it("under loss false deaths rise steeply, and Lifeguard has fewer", () => {
    const at = (lossRate: number, hasLifeguard: boolean) =>
      measureFalseAlarms({ seed: 2, lossRate, periods: 150, options: { hasLifeguard } })
        .falseDeaths;
    expect(at(0.05, false)).toBe(0);
    const without = at(0.25, false);
    expect(without).toBeGreaterThan(100);
    expect(at(0.25, true)).toBeLessThan(without);
  });

  it("with members that are slow to hear, Lifeguard spares the healthy ones at least tenfold", () => {
    const healthy = (hasLifeguard: boolean) =>
      measureFalseAlarms({
        ...{ seed: 3, slowMembers: 6, maxStallMs: 16_000, periods: 150 },
        options: { hasLifeguard },
      }).healthyFalseDeaths;
    const without = healthy(false);
    expect(without).toBeGreaterThan(50);
    expect(healthy(true)).toBeLessThan(without / 10);
  });
});

it("a group forgets a crashed member, and no other", () => {
  const group = swimGroup({ seed: 4, members: 20 });
  group.simulator.schedule(at(5_000, crash(["n7"])));
  group.simulator.run({ untilMs: 5_000 });
  expect(group.believers("n7")).toHaveLength(19);
  group.simulator.run({ untilMs: 40_000 });
  expect(group.believers("n7")).toEqual([]);
  expect(group.believers("n8")).toHaveLength(18);
  expect(group.heard()).toBeGreaterThan(20 * 40);
});

it("an option of a measurement that is wrong is named", () => {
  expect(() => expectedFirstDetection(1)).toThrow("members must be from 2");
  expect(() => measureLoad({ seed: 1, sizes: [4], periods: 0 })).toThrow("periods must be from 1");
  const loss = { seed: 1, members: 4, lossRate: NaN };
  expect(() => measureFalseAlarms(loss)).toThrow("lossRate must be from 0 to 1");
});

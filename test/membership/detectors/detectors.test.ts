import { describe, expect, it } from "vitest";
import { HeartbeatMonitor, compareDetectors, defaultPhiOptions } from "dabbawala/membership";
import { emptyWindow, phiOf, recordArrival } from "dabbawala/membership";
import { Random } from "dabbawala/basics";

const options = { ...defaultPhiOptions, minDeviationMs: 0.001 };

/** Heartbeats at these gaps, from 0. */
function windowOf(gapsMs: readonly number[], phi = options) {
  const window = emptyWindow();
  let atMs = 0;
  recordArrival(window, atMs, phi);
  for (const gapMs of gapsMs) recordArrival(window, (atMs += gapMs), phi);
  return { window, lastMs: atMs };
}

describe("phi", () => {
  const { window, lastMs } = windowOf([900, 1_100, 900, 1_100]);

  // Mean 1,000 and deviation 100: -log10 of the upper tail of the normal distribution.
  it.each([
    [0, 0.30103],
    [1, 0.79955],
    [2, 1.64302],
    [3, 2.86966],
    [5, 6.54265],
    [8, 15.20613],
    [20, 88.56],
  ])("%i deviations late is %f", (deviations, expected) => {
    expect(phiOf(window, lastMs + 1_000 + 100 * deviations, options)).toBeCloseTo(expected, 2);
  });

  it("rises with the silence, without a jump", () => {
    let before = 0;
    for (let ms = 500; ms < 4_000; ms += 5) {
      const phi = phiOf(window, lastMs + ms, options);
      expect(phi).toBeGreaterThanOrEqual(before);
      expect(phi - before).toBeLessThan(1.4);
      before = phi;
    }
  });

  it("is 0 before there is a gap, and forgets gaps that are out of the window", () => {
    expect(phiOf(emptyWindow(), 1e6, options)).toBe(0);
    const short = { ...options, windowSize: 3 };
    const { window: later } = windowOf([9_000, 9_000, 100, 110, 120], short);
    expect(later.sum).toBe(330);
    expect(later.gapsMs).toHaveLength(3);
  });

  it("is not nervous about very regular heartbeats, and allows a pause", () => {
    const { window: regular, lastMs: last } = windowOf(Array<number>(50).fill(1_000));
    expect(phiOf(regular, last + 1_030, { ...options, minDeviationMs: 20 })).toBeLessThan(2);
    expect(phiOf(regular, last + 1_030, { ...options, minDeviationMs: 1 })).toBeGreaterThan(100);
    const paused = { ...options, minDeviationMs: 20, pauseMs: 3_000 };
    expect(phiOf(regular, last + 3_900, paused)).toBeLessThan(0.1);
  });

  it("at a threshold t a suspicion is wrong about once in 10^t, with normal gaps", () => {
    const random = new Random(1);
    const window = emptyWindow();
    let [atMs, wrong] = [0, 0];
    const gaps = 40_000;
    for (let i = 0; i < gaps; i++) {
      const gapMs = 1_000 + 100 * random.normal();
      if (i > 200 && phiOf(window, atMs + gapMs, options) > 2) wrong++;
      recordArrival(window, (atMs += gapMs), options);
    }
    expect(wrong / gaps).toBeGreaterThan(0.008);
    expect(wrong / gaps).toBeLessThan(0.0135);
  });
});

describe("detectors on the same heartbeats", () => {
  const rows = compareDetectors({
    seed: 1,
    network: { lossRate: 0.02, latency: { kind: "logNormal", medianMs: 40, sigma: 0.6 } },
  });
  const row = (detector: string) => rows.find((each) => each.detector === detector);

  it("notice a crash, later and with fewer mistakes at higher thresholds", () => {
    expect(rows.map(({ noticed }) => noticed)).toEqual(rows.map(() => 1));
    const [one, three, eight] = ["phi 1", "phi 3", "phi 8"].map(row);
    expect(one?.detectionMs).toBeLessThan(three?.detectionMs ?? 0);
    expect(three?.detectionMs).toBeLessThan(eight?.detectionMs ?? 0);
    expect(one?.mistakesAnHour).toBeGreaterThan(eight?.mistakesAnHour ?? Infinity);
  });

  it("the fixed timeout notices between it less a heartbeat and it plus a check", () => {
    const timeout = row("timeout");
    expect(timeout?.slowestMs).toBeLessThan(3_200);
    expect(timeout?.detectionMs).toBeGreaterThan(2_000);
  });
});

it("an option that is wrong is named", () => {
  const build = (given: object) => () => new HeartbeatMonitor("n1", ["n2"], given);
  expect(build({ heartbeatMs: 0 })).toThrow("heartbeatMs must be from 1");
  expect(build({ windowSize: 1 })).toThrow("windowSize must be from 2");
  expect(build({ thresholds: [400] })).toThrow("threshold must be from 0 to 300");
  expect(build({ thresholds: 8 })).toThrow("thresholds must be of the type list");
  expect(build({ threshold: [8] })).toThrow('HeartbeatMonitor has no option "threshold"');
  expect(() => compareDetectors({ seed: 1, lastsMs: NaN })).toThrow("lastsMs must be from 1");
});

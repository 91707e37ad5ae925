import {
  compareWithClaims,
  findDuplicates,
  fusedLikeness,
  fusionCurves,
  identify,
  judgeDuplicates,
  makeIrisGallery,
  makeTrials,
  thresholdFor,
  timeMatches,
} from "dabbawala/scenarios/aadhaar";
import type { IrisGallery, Trial } from "dabbawala/scenarios/aadhaar";
import { beforeAll, describe, expect, it } from "vitest";

let gallery: IrisGallery;
let trials: Trial[];
beforeAll(async () => {
  gallery = await makeIrisGallery({ rows: 4_000, seed: 1, duplicates: 0.3 });
  trials = makeTrials(gallery, { impostors: 20_000 });
});

describe("trials", () => {
  it("are all second pictures, and as many impostors as are asked for but for chance pairs", () => {
    const planted = gallery.persons.filter((of, row) => of !== row).length;
    expect(trials.filter(({ isGenuine }) => isGenuine)).toHaveLength(planted);
    expect(trials.length - planted).toBeGreaterThan(19_900);
    expect(makeTrials(gallery, { impostors: 20_000 })).toEqual(trials);
  });
});

describe("the fusion", () => {
  const trial: Trial = {
    ...{ isGenuine: true, fingerprintScore: 80, fingerprintQuality: 0.9 },
    ...{ irisDistance: 0.1, irisQuality: 0.5 },
  };

  it("weighs the clear trait more: the sum by hand", () => {
    expect(fusedLikeness(trial)).toBeCloseTo((0.7 * 0.8 + 0.4 * 0.8) / 1.1, 12);
    const worn = { ...trial, fingerprintQuality: 0.2, fingerprintScore: 20, irisQuality: 0.9 };
    expect(fusedLikeness(worn)).toBeCloseTo((0.5 * 0.2 + 0.6 * 0.8) / 1.1, 12);
  });

  it("errs less than either trait alone", () => {
    const curves = fusionCurves(trials);
    const { fingerprint, iris, qualityWeights } = curves;
    expect(qualityWeights.equalErrorRate).toBeLessThan(fingerprint.equalErrorRate / 3);
    expect(qualityWeights.equalErrorRate).toBeLessThanOrEqual(iris.equalErrorRate);
    expect(fingerprint.equalErrorRate).toBeGreaterThan(0.005);
    const chosen = thresholdFor(qualityWeights, 0.001);
    expect(chosen.falseAccept).toBeLessThanOrEqual(0.001);
    expect(chosen.falseReject).toBeLessThan(0.02);
  });

  it("has rates that rise and fall with the threshold", () => {
    for (const curve of Object.values(fusionCurves(trials))) {
      const { falseAccept, falseReject } = curve;
      expect([...falseAccept].sort((a, b) => a - b)).toEqual(falseAccept);
      expect([...falseReject].sort((a, b) => b - a)).toEqual(falseReject);
    }
  });
});

describe("matches", () => {
  it("are timed on all threads, every one decided: half are of the right people", async () => {
    for (const workers of [1, 2]) {
      const timing = await timeMatches(gallery, { matches: 3_200, workers });
      expect([timing.matches, timing.workers]).toEqual([3_200, workers]);
      expect(timing.accepted / 1_600).toBeGreaterThan(0.95);
      expect(timing.accepted / 1_600).toBeLessThan(1.05);
      expect(timing.medianMicroseconds).toBeLessThanOrEqual(timing.p99Microseconds);
      expect(timing.matchesPerSecond).toBeGreaterThan(1_000);
    }
  });

  it("accept the same ones for any number of threads, stop, and refuse nonsense", async () => {
    const options = { matches: 1_600, threshold: 0.45 };
    const [one, two] = [1, 2].map((workers) => timeMatches(gallery, { ...options, workers }));
    expect((await one).accepted).toBe((await two).accepted);
    const aborted = timeMatches(gallery, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toThrow("abort");
    await expect(timeMatches(gallery, { matches: 3 })).rejects.toThrow("matches must be from 160");
  });

  it("are set beside the claims of the episode, with a search where one was made", async () => {
    const timing = await timeMatches(gallery, { matches: 160, workers: 1 });
    const rates = { falseReject: 0.001, falseAccept: 0, genuine: 1_000, impostors: 20_000 };
    const system = { timing, ...rates, people: 4_000 };
    const rows = compareWithClaims(system);
    expect(rows.map(({ claimed }) => claimed)).toEqual(["150 ms", "50,000", "99.968 %", "0.001 %"]);
    expect(rows[2].measured).toBe("99.9000 %");
    expect(rows[3].measured).toBe("none of 20,000");
    const { clusters, elapsedMs } = await findDuplicates(gallery);
    const score = judgeDuplicates(gallery, clusters);
    const [found, mistaken] = compareWithClaims(system, { score, people: 4_000, elapsedMs }).slice(
      4,
    );
    expect(Number.parseFloat(found.measured)).toBeGreaterThan(85);
    expect(mistaken.measured).toBe(`none of ${score.strangers.toLocaleString("en")}`);
  });
});

describe("identification", () => {
  it("finds the other pictures of a person and nobody else", async () => {
    const { persons } = gallery;
    const row = persons.findIndex((of, at) => of !== at);
    const told: number[] = [];
    const matches = await identify(gallery, row, { onProgress: (done) => told.push(done) });
    expect(matches.length).toBeGreaterThan(0);
    expect(matches.every(({ of }) => persons[of] === persons[row] && of !== row)).toBe(true);
    expect(await identify(gallery, row, { kind: "plain" })).toEqual(matches);
    expect(told).toEqual([4_000]);
    await expect(identify(gallery, row, { signal: AbortSignal.abort() })).rejects.toThrow("abort");
    await expect(identify(gallery, 4_000)).rejects.toThrow("row must be from 0 to 3999");
  });
});

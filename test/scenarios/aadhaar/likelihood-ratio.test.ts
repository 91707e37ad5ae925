import { compareFusions, fitLikelihoodRatio, fusedLikeness } from "dabbawala/scenarios/aadhaar";
import { logLikelihoodRatio, makeIrisGallery, makeTrials } from "dabbawala/scenarios/aadhaar";
import type { IrisGallery, Trial } from "dabbawala/scenarios/aadhaar";
import { fitMixture, logDensity } from "dabbawala/dist/scenarios/aadhaar/authentication/mixture";
import { shareInterval } from "dabbawala/dist/scenarios/aadhaar/share-interval";
import { Random } from "dabbawala/basics";
import { beforeAll, describe, expect, it } from "vitest";

const draw = (count: number, one: (random: Random) => number, seed = 1): number[] => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => one(random));
};

describe("a mixture of normals", () => {
  it("finds the normals that scores were drawn from", () => {
    const scores = draw(20_000, (random) =>
      random.chance(0.3) ? 10 + 2 * random.normal() : 40 + 5 * random.normal(),
    );
    const { weights, means, spreads } = fitMixture(scores);
    const order = means.map((_, i) => i).sort((a, b) => means[a]! - means[b]!);
    const [low, high] = [order[0]!, order[1]!];
    expect(means.length).toBe(2);
    expect([weights[low], means[low], spreads[low]]).toEqual([
      expect.closeTo(0.3, 1),
      expect.closeTo(10, 0),
      expect.closeTo(2, 0),
    ]);
    expect([means[high], spreads[high]]).toEqual([expect.closeTo(40, 0), expect.closeTo(5, 0)]);
  });

  it("is a density: its integral is 1, and it is finite far away", () => {
    for (const scores of [draw(500, (random) => random.normal() ** 2), [1, 1, 1, 1, 5]]) {
      const mixture = fitMixture(scores);
      let sum = 0;
      for (let at = -40; at < 60; at += 0.001) sum += 0.001 * Math.exp(logDensity(mixture, at));
      expect(sum).toBeCloseTo(1, 3);
      expect(logDensity(mixture, 1e6)).toBeLessThan(-1e6);
      expect(Number.isFinite(logDensity(mixture, 1e6))).toBe(true);
    }
  });
});

describe("the interval of a share", () => {
  it("is Wilson's, known by hand, and holds the truth in about 95 of 100 draws", () => {
    expect(shareInterval(0, 10)).toEqual([0, expect.closeTo(0.2775, 4)]);
    expect(shareInterval(5, 10)).toEqual([expect.closeTo(0.2366, 4), expect.closeTo(0.7634, 4)]);
    const random = new Random(2);
    let held = 0;
    for (let round = 0; round < 2_000; round++) {
      let seen = 0;
      for (let i = 0; i < 300; i++) if (random.chance(0.05)) seen++;
      const [low, high] = shareInterval(seen, 300);
      if (low <= 0.05 && 0.05 <= high) held++;
    }
    expect(held / 2_000).toBeGreaterThan(0.93);
    expect(held / 2_000).toBeLessThan(0.98);
    expect(() => shareInterval(3, 2)).toThrow("seen must be from 0 to 2");
  });
});

describe("the likelihood ratio", () => {
  const trial = (isGenuine: boolean, random: Random): Trial => ({
    isGenuine,
    fingerprintScore: (isGenuine ? 60 : 20) + 10 * random.normal(),
    fingerprintQuality: 0.8,
    irisDistance: (isGenuine ? 0.3 : 0.45) + 0.04 * random.normal(),
    irisQuality: 0.8,
  });
  const random = new Random(3);
  const trials = Array.from({ length: 12_000 }, (_, i) => trial(i % 2 === 0, random));

  it("is that of the densities that the scores were drawn from", () => {
    const model = fitLikelihoodRatio(trials);
    // Normals of the same spread: the ratio's logarithm is a straight line, 0 half way between.
    const at = (fingerprintScore: number, irisDistance: number): number => {
      return logLikelihoodRatio(model, { ...trials[0]!, fingerprintScore, irisDistance });
    };
    expect(Math.abs(at(40, 0.375))).toBeLessThan(0.5);
    const [finger, iris] = [(20 * 40) / 10 ** 2, (0.05 * 0.15) / 0.04 ** 2];
    expect(at(60, 0.375)).toBeCloseTo(finger, -0.5);
    expect(at(40, 0.325)).toBeCloseTo(iris, -0.5);
  });

  it("needs a hundred of each, said in a sentence", () => {
    expect(() => fitLikelihoodRatio(trials.slice(0, 150))).toThrow(
      "needs 100 right ones and as many impostors, but there are 75 and 75",
    );
  });
});

describe("both fusions, Neyman and Pearson's lemma", () => {
  let gallery: IrisGallery;
  beforeAll(
    async () => void (gallery = await makeIrisGallery({ rows: 6_000, seed: 1, duplicates: 0.4 })),
  );

  /** Eyes of which only so many bytes of 256 can be seen: errors are not too rare to be counted. */
  function squinting(seenBytes: number): Trial[] {
    for (let row = 0; row < gallery.count; row++) gallery.picture(row).fill(0, 256 + seenBytes);
    return makeTrials(gallery, { impostors: 40_000 });
  }

  it.each([64, 24])("with %d bytes to see: not worse, and here better", (seenBytes) => {
    const all = squinting(seenBytes);
    for (const mostFalseAccepts of [0.01, 0.001]) {
      const found = compareFusions(all, { mostFalseAccepts });
      const { weightedSum, likelihoodRatio } = found;
      expect(found.genuine).toBeGreaterThan(1_000);
      for (const { falseAccept, falseReject, falseRejectInterval } of [
        weightedSum,
        likelihoodRatio,
      ]) {
        expect(falseAccept).toBeLessThanOrEqual(mostFalseAccepts);
        expect(falseRejectInterval[0]).toBeLessThanOrEqual(falseReject);
        expect(falseRejectInterval[1]).toBeGreaterThanOrEqual(falseReject);
      }
      // Not worse: even the least that its share may be is no more than the sum's.
      expect(likelihoodRatio.falseRejectInterval[0]).toBeLessThanOrEqual(weightedSum.falseReject);
      // Better: the sum refuses more than the ratio does at most, or, at 1 in 100, none is refused.
      expect(likelihoodRatio.falseReject).toBeLessThan(weightedSum.falseReject);
    }
    const curves = compareFusions(all);
    expect(curves.likelihoodRatio.rates.equalErrorRate).toBeLessThan(
      curves.weightedSum.rates.equalErrorRate,
    );
  });

  it("every trial trains or is judged, none does both", () => {
    const all = squinting(24);
    const { genuine, impostors } = compareFusions(all);
    const right = all.filter(({ isGenuine }) => isGenuine).length;
    expect([genuine, impostors]).toEqual([
      Math.floor(right / 2),
      Math.floor((all.length - right) / 2),
    ]);
    expect(fusedLikeness(all[0]!)).toBeGreaterThan(0);
    expect(() => compareFusions(all, { mostFalseAccepts: 2 })).toThrow("mostFalseAccepts must be");
  });
});

import fc from "fast-check";
import { irisTruth } from "dabbawala/generators";
import {
  bandRecall,
  compareAll,
  errorRates,
  errorRatesOf,
  findDuplicates,
  judgeDuplicates,
  makeIrisGallery,
  measureBands,
  planFor,
  thresholdFor,
} from "dabbawala/scenarios/aadhaar";
import type { IrisGallery } from "dabbawala/scenarios/aadhaar";
import {
  bandPlaces,
  expectedCandidates,
  shownShares,
} from "dabbawala/dist/scenarios/aadhaar/iris/bands";
import { beforeAll, describe, expect, it } from "vitest";

const spec = { rows: 3_000, seed: 4, duplicates: 0.2 };
let gallery: IrisGallery;
beforeAll(async () => {
  gallery = await makeIrisGallery(spec);
});

describe("the formula of bands", () => {
  it("is 1 - (1 - s^k)^L where all is seen", () => {
    const shown = new Array<number>(20).fill(1);
    expect(bandRecall(0, 16, shown)).toBe(1);
    expect(bandRecall(0.1, 16, shown)).toBeCloseTo(1 - (1 - 0.9 ** 16) ** 20, 12);
    expect(bandRecall(0.5, 16, shown)).toBeCloseTo(20 / 2 ** 16, 5);
  });

  it("tells the recall that is measured, within three standard deviations", async () => {
    const noises = [...irisTruth(spec)].map(({ noise }) => noise);
    const masks = Array.from({ length: spec.rows }, (_, row) => gallery.picture(row).slice(256));
    const plans = [
      { bits: 12, bands: 6 },
      { bits: 16, bands: 24 },
    ];
    for (const measured of await measureBands(gallery, plans)) {
      const { bits } = measured;
      const shown = shownShares(masks, bandPlaces(measured, { masks, reach: 3 }), bits);
      const each = noises.map((noise) => bandRecall(noise, bits, shown));
      const expected = each.reduce((sum, recall) => sum + recall, 0) / each.length;
      const variance = each.reduce((sum, recall) => sum + recall * (1 - recall), 0);
      // Lids cover the same places in all pictures: who shows a band likely shows it twice.
      const tolerance = (3 * Math.sqrt(variance)) / each.length + 0.01;
      expect(Math.abs(measured.recall - expected)).toBeLessThan(tolerance);
      expect(Math.abs(measured.predictedRecall - measured.recall)).toBeLessThan(tolerance + 0.01);
    }
  });

  it("tells how many strangers meet, within a fifth", async () => {
    const strangers = await makeIrisGallery({ rows: 3_000, seed: 8, duplicates: 0 });
    const masks = Array.from({ length: 3_000 }, (_, row) => strangers.picture(row).slice(256));
    const plan = { bits: 12, bands: 30 };
    const [{ candidates }] = await measureBands(strangers, [plan]);
    const each = shownShares(masks, bandPlaces(plan, { masks, reach: 3 }), plan.bits);
    const expected = [...each].reduce(
      (sum, share) => sum + expectedCandidates(12, { rows: 3_000, rotations: 7, shown: share }),
      0,
    );
    expect(candidates / expected).toBeGreaterThan(0.8);
    expect(candidates / expected).toBeLessThan(1.25);
  });

  it("plans the recall that is asked for, with more bits where there are more pictures", async () => {
    const plan = planFor(gallery, { recall: 0.9 });
    const [{ predictedRecall }] = await measureBands(gallery, [plan]);
    expect(Math.abs(predictedRecall - 0.9)).toBeLessThan(0.04);
    const small = planFor(await makeIrisGallery({ rows: 100, seed: 1 }));
    expect(small.bits).toBeLessThanOrEqual(plan.bits);
    expect(() => planFor(gallery, { recall: 1 })).toThrow("recall must be from 0.1 to 0.99");
  });
});

describe("the search for duplicates", () => {
  it("finds a part of what all pairs find, and nothing else", async () => {
    const small = await makeIrisGallery({ rows: 900, seed: 6, duplicates: 0.2 });
    const all = await compareAll(small);
    const search = await findDuplicates(small, { recall: 0.95 });
    const known = new Set(all.matches.map(({ row, of }) => row * 1_000 + of));
    expect(search.matches.every(({ row, of }) => known.has(row * 1_000 + of))).toBe(true);
    expect(search.matches.length).toBeGreaterThan(0.9 * all.matches.length);
    expect(search.candidates).toBeLessThan(all.comparisons / 10);
  });

  it("is the same for one thread and two, and for both kinds of matcher", async () => {
    const plan = { bits: 14, bands: 20 };
    const two = await findDuplicates(gallery, { plan, workers: 2 });
    const one = await findDuplicates(gallery, { plan, workers: 1, kind: "plain" });
    const pairsOf = ({ matches }: typeof one): string[] =>
      matches.map(({ row, of }) => `${row} ${of}`);
    expect(pairsOf(one)).toEqual(pairsOf(two));
    expect(one.clusters).toEqual(two.clusters);
    expect(one.candidates).toBe(two.candidates);
  });

  it("puts people together, and no two people", async () => {
    const { clusters } = await findDuplicates(gallery);
    const score = judgeDuplicates(gallery, clusters);
    expect(score.precision).toBe(1);
    expect(score.recall).toBeGreaterThan(0.85);
    expect(score.truePairs).toBe(gallery.truePairs());
    const rows = clusters.flat();
    expect(new Set(rows).size).toBe(rows.length);
  });

  it("is judged by pairs: a wrong cluster costs precision, a missed one recall", () => {
    const { persons } = gallery;
    const row = persons.findIndex((of, at) => of !== at);
    const stranger = (persons[row] + 1) % 3 === 0 ? 1 : 0;
    const wrong = judgeDuplicates(gallery, [[stranger, persons[row], row]]);
    expect([wrong.foundPairs, wrong.rightPairs]).toEqual([3, 1]);
    const { mated, strangers, falseNegative, falsePositive } = wrong;
    expect([mated + strangers, falsePositive * strangers]).toEqual([3_000, 2]);
    expect(falseNegative).toBeCloseTo(1 - 1 / mated, 12);
    expect(judgeDuplicates(gallery, [])).toMatchObject({ recall: 0, falseNegative: 1 });
  });

  it("stops when it is told to", async () => {
    const search = findDuplicates(gallery, { signal: AbortSignal.abort() });
    await expect(search).rejects.toThrow("abort");
  });
});

describe("rates of error", () => {
  it("are those of a hand-made example", () => {
    const distance = [1, 2, 3, 4];
    const genuine = { distance, pairs: [5, 3, 2, 0] };
    const impostor = { distance, pairs: [0, 1, 3, 6] };
    const rates = errorRates(genuine, impostor);
    expect(rates.falseAccept).toEqual([0, 0.1, 0.4, 1]);
    rates.falseReject.forEach((rate, i) => expect(rate).toBeCloseTo([0.5, 0.2, 0, 0][i], 12));
    expect(rates.equalErrorRate).toBeCloseTo(0.16, 10);
    expect(thresholdFor(rates, 0.1)).toMatchObject({ threshold: 2, falseAccept: 0.1 });
  });

  it("of scores agree with counting, for any scores", () => {
    const scores = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(scores, scores, (genuine, impostor) => {
        const rates = errorRatesOf(genuine, impostor);
        rates.threshold.forEach((threshold, i) => {
          const accepted = impostor.filter((score) => score <= threshold).length;
          const refused = genuine.filter((score) => score > threshold).length;
          expect(rates.falseAccept[i]).toBeCloseTo(accepted / impostor.length, 12);
          expect(rates.falseReject[i]).toBeCloseTo(refused / genuine.length, 12);
        });
        expect(rates.equalErrorRate).toBeGreaterThanOrEqual(0);
        expect(rates.equalErrorRate).toBeLessThanOrEqual(1);
      }),
    );
  });
});

import { ballsInBins, mostInABin, Pool, PowerOfChoices } from "dabbawala/balancing";
import { describe, expect, it } from "vitest";

/** What the fullest of n bins had in nearly every of many runs, by choices; two: 4 at the most. */
const table = [
  { bins: 2 ** 10, one: [5, 6], two: [3, 3], three: [2, 3], runs: 31 },
  { bins: 2 ** 14, one: [6, 8], two: [3, 3], three: [3, 3], runs: 11 },
  { bins: 2 ** 17, one: [7, 9], two: [3, 4], three: [3, 3], runs: 5 },
];

const seedsTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

describe.each(table)("the fullest of $bins bins", ({ bins, one, two, three, runs }) => {
  it.each([one, two, three].map((band, at) => ({ choices: at + 1, band })))(
    "with $choices choices has $band",
    ({ choices, band: [least, highest] }) => {
      const most = seedsTo(runs).map((seed) => mostInABin({ bins, choices, seed }));
      expect(median(most)).toBeGreaterThanOrEqual(least);
      expect(median(most)).toBeLessThanOrEqual(highest);
      if (choices === 2) expect(Math.max(...most)).toBeLessThanOrEqual(4);
    },
  );
});

it("the share of runs with three at the most is the one that was found before", () => {
  const isThree = (bins: number, runs: number): number =>
    seedsTo(runs).filter((seed) => mostInABin({ bins, seed }) === 3).length / runs;
  expect(isThree(2 ** 10, 400)).toBeGreaterThan(0.93); // 0.97
  const larger = isThree(2 ** 14, 60); // 0.88, within three standard errors
  expect(larger).toBeGreaterThan(0.75);
  expect(larger).toBeLessThan(1);
});

it("loses no ball, and is the policy's choice seen without a pool", () => {
  const counts = ballsInBins({ bins: 1_000, balls: 5_000, choices: 3, seed: 7 });
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1_000);
  expect(counts.reduce((sum, count, balls) => sum + count * balls, 0)).toBe(5_000);
  const pool = new Pool(Array.from({ length: 2 ** 12 }, (_, at) => ({ id: `${at}` })));
  const policy = new PowerOfChoices(pool);
  for (let i = 0; i < 2 ** 12; i++) pool.send(policy.pick());
  expect(Math.max(...pool.inFlight)).toBe(3);
});

it("says which option is wrong", () => {
  expect(() => ballsInBins({ bins: 0 })).toThrow("bins must be from 1");
  expect(() => ballsInBins({ bins: 2, choices: 0.5 })).toThrow("choices must be a whole number");
});

import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";

function sample(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("Random", () => {
  it("gives the same numbers for the same seed, others for another seed or stream", () => {
    const draws = (seed: number, stream = 0): number[] => {
      const random = new Random(seed, stream);
      return sample(100, () => random.uint32());
    };
    expect(draws(7)).toEqual(draws(7));
    expect(draws(7)).not.toEqual(draws(8));
    expect(draws(7)).not.toEqual(draws(7, 1));
    expect(draws(2 ** 40 + 7)).not.toEqual(draws(7));
  });

  it("goes on the same when it is restarted, and when it fills a list", () => {
    const one = new Random(2 ** 40 + 7, 3);
    const other = new Random(1);
    for (let i = 0; i < 5; i++) other.uint32();
    other.restart(2 ** 40 + 7, 3);
    const singles = Array.from({ length: 20 }, () => one.uint32());
    const filled = new Uint32Array(20);
    other.fill(filled);
    expect([...filled]).toEqual(singles);
    expect(other.uint32()).toBe(one.uint32());
  });

  it("spreads evenly: chi-square of 64 cells over 640,000 draws", () => {
    const random = new Random(1);
    const cells = new Array<number>(64).fill(0);
    for (let i = 0; i < 640_000; i++) cells[random.below(64)]!++;
    const chiSquare = cells.reduce((sum, seen) => sum + (seen - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(103.4); // 99.9 % point of 63 degrees of freedom
  });

  it("draws from the named distributions", () => {
    const random = new Random(2);
    expect(mean(sample(100_000, () => random.exponential(5)))).toBeCloseTo(5, 0);
    expect(mean(sample(100_000, () => random.normal()))).toBeCloseTo(0, 1);
    const logs = sample(100_000, () => Math.log(random.logNormal(20, 0.5)));
    expect(mean(logs)).toBeCloseTo(Math.log(20), 1);
  });

  it("shuffles without loss", () => {
    const items = sample(50, () => 0).map((_, index) => index);
    const shuffled = new Random(3).shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });
});

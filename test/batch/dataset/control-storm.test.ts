import { describe, expect, it } from "vitest";
import { DatasetCoordinator, datasetStorm, simulateDataset } from "dabbawala/batch";
import { optionsOf, faultsOf, workerFaults } from "dabbawala/dist/batch/dataset/storm/plan";

const seeds = 200;

describe("storms over data sets, the coordinator among those who crash", () => {
  it(`${seeds} seeds: the rows of a sequential run, and no task that nothing needs`, () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed++) {
      const { failure, counts } = datasetStorm.build(seed).run();
      expect(failure, `npx dabbawala storm dataset --seed ${seed}`).toBeUndefined();
      for (const [label, count] of counts) seen.set(label, (seen.get(label) ?? 0) + count);
    }
    // What a storm must have reached to be worth its name.
    for (const label of datasetStorm.sometimes ?? []) {
      expect(seen.get(label) ?? 0, `${label} happened`).toBeGreaterThan(seeds / 10);
    }
  }, 120_000);

  const afterFaultsOfWorkers = (seed: number) =>
    datasetStorm.build(seed).run({ actions: workerFaults(seed) }).failure;

  it("once found: what a cached partition had added was lost with the answer that told it", () => {
    expect(afterFaultsOfWorkers(30)).toBeUndefined();
  });

  it("once found: what only a task in work had needed was made again when that was done", () => {
    expect(afterFaultsOfWorkers(2151)).toBeUndefined();
  });

  it("the same seed gives the same notes, and fields survive a clone", () => {
    for (const seed of [3, 6, 10]) {
      const options = { ...optionsOf(seed), faults: faultsOf(seed) };
      expect(simulateDataset(options).notes).toEqual(simulateDataset(options).notes);
    }
    const coordinator = new DatasetCoordinator("n0", []);
    expect(structuredClone({ ...coordinator })).toBeTruthy();
  });
});

describe("storms catch the planted bug", () => {
  it.each(datasetStorm.variants)("%s", (variant) => {
    let seed = 1;
    while (seed <= 100 && datasetStorm.build(seed, variant).run().failure === undefined) seed++;
    expect(seed).toBeLessThanOrEqual(100);
  });
});

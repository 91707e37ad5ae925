import { describe, expect, it } from "vitest";
import { DatasetCoordinator, TaskWorker, simulateDataset } from "dabbawala/batch";
import type { DatasetSimulationOptions } from "dabbawala/batch";
import { optionsOf, storm } from "./storm";

const seeds = 400;

describe("storms over data sets", () => {
  it(`${seeds} seeds: the rows of a sequential run, and no task that nothing needs`, () => {
    const seen: Record<string, number> = {};
    for (let seed = 1; seed <= seeds; seed++) {
      const { run, violations, replay } = storm(seed);
      const command = `storm(${seed}) of test/batch/dataset/storm.ts`;
      expect(violations, `${command} finds a violation`).toEqual([]);
      for (const { label } of run?.notes ?? []) seen[label] = (seen[label] ?? 0) + 1;
      seen["again"] = (seen["again"] ?? 0) + (replay?.again.length ?? 0);
    }
    // What a storm must have reached to be worth its name.
    for (const label of [
      ...["workerLost", "attemptForgotten", "attemptFailed", "inputLost", "again"],
      ...["backupStarted", "lateAnswerIgnored", "partitionCached"],
    ]) {
      expect(seen[label], `${label} happened`).toBeGreaterThan(seeds / 10);
    }
  });

  it("once found: what a cached partition had added was lost with the answer that told it", () => {
    expect(storm(30).violations).toEqual([]);
  });

  it("once found: what only a task in work had needed was made again when that task was done", () => {
    expect(storm(2151).violations).toEqual([]);
  });

  it("the same seed gives the same notes, and fields survive a clone", () => {
    for (const seed of [3, 6, 10]) {
      const options = optionsOf(seed);
      expect(simulateDataset(options).notes).toEqual(simulateDataset(options).notes);
    }
    const coordinator = new DatasetCoordinator("n0", []);
    expect(structuredClone({ ...coordinator })).toBeTruthy();
  });
});

type Complete = Parameters<DatasetCoordinator["complete"]>;

/** Wrong on purpose: each forgets one thing that the protocol must do. */
const mutants: Record<string, DatasetSimulationOptions["variant"]> = {
  "what a dead worker had is not forgotten, nor are its tasks": {
    coordinator: class extends DatasetCoordinator {
      protected override loseWorker(): void {}
    },
  },
  "with a worker everything is forgotten, not what it had": {
    coordinator: class extends DatasetCoordinator {
      protected override loseWorker(...args: Parameters<DatasetCoordinator["loseWorker"]>): void {
        this.ledger.shuffles.clear();
        super.loseWorker(...args);
      }
    },
  },
  "an accumulator counts a partition as often as it is computed": {
    coordinator: class extends DatasetCoordinator {
      protected override count(additions: Complete[1]["additions"]): void {
        this.ledger.counted.clear();
        super.count(additions);
      }
    },
  },
  "an assignment that was lost is never noticed": {
    coordinator: class extends DatasetCoordinator {
      protected override forgetAttempt(): void {}
    },
  },
  "all partitions of the target are made, not the wanted ones": {
    coordinator: class extends DatasetCoordinator {
      protected override needs(
        ...[plan, , holdings]: Parameters<DatasetCoordinator["needs"]>
      ): ReturnType<DatasetCoordinator["needs"]> {
        const { partitions = 0 } = plan.steps.find(({ id }) => id === plan.target) ?? {};
        const all = Array.from({ length: partitions }, (_, i) => i);
        return super.needs(plan, all, holdings);
      }
    },
  },
  "a lost answer is not repeated, and its attempt counts as in work": {
    worker: class extends TaskWorker {
      override handle(...[event, host]: Parameters<TaskWorker["handle"]>): void {
        super.handle(event, host);
        for (const attemptId of this.unnoted.keys()) this.running.set(attemptId, 1);
        this.unnoted.clear();
      }
    },
  },
};

describe("storms catch the mutant", () => {
  it.each(Object.entries(mutants))("%s", (_name, variant) => {
    let seed = 1;
    while (seed <= 100 && storm(seed, variant).violations.length === 0) seed++;
    expect(seed).toBeLessThanOrEqual(100);
  });
});

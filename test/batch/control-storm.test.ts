import { describe, expect, it } from "vitest";
import { Coordinator, TaskWorker, describeCluster, simulateJob } from "dabbawala/batch";
import type { SimulationOptions } from "dabbawala/batch";
import { traceText } from "dabbawala/protocol";
import { optionsOf, storm } from "./control-storm";

const seeds = 520;

describe("storms over MapReduce", () => {
  it(`${seeds} seeds: every job ends, with the exact output and counters, each task once`, () => {
    const seen: Record<string, number> = {};
    for (let seed = 1; seed <= seeds; seed++) {
      const { job, violations } = storm(seed);
      const replay = `storm(${seed}) of test/batch/control-storm.ts`;
      expect(violations, `${replay} finds a violation`).toEqual([]);
      for (const { label, detail } of job?.notes ?? []) {
        const reason = (detail as { reason?: string }).reason ?? "";
        const kind = reason.includes("lost") ? "outputsLost" : label;
        seen[kind] = (seen[kind] ?? 0) + 1;
      }
    }
    // What a storm must have reached to be worth its name.
    for (const label of [
      ...["workerLost", "taskRedone", "attemptForgotten", "outputsLost", "attemptFailed"],
      ...["backupStarted", "backupWon", "lateAnswerIgnored"],
    ]) {
      expect(seen[label], `${label} happened`).toBeGreaterThan(seeds / 10);
    }
  });
});

describe("storms that once found a bug", () => {
  it("a backup of a reduce, started while a lost map was made again, missed its output", () => {
    for (const seed of [2826, 3018, 3546, 3606, 3906]) expect(storm(seed).violations).toEqual([]);
  });
});

describe("laws", () => {
  it("the same seed gives the same trace, and messages and fields survive a wire and a clone", () => {
    for (const seed of [3, 6, 10]) {
      const options = { ...optionsOf(seed), isTraced: true };
      const { trace } = simulateJob(options);
      expect(traceText(simulateJob(options).trace)).toBe(traceText(trace));
      for (const { event } of trace) {
        if (event.kind !== "message") continue;
        expect(JSON.parse(JSON.stringify(event.message))).toEqual(event.message);
      }
    }
    const coordinator = new Coordinator("n0", [], { plan: describeCluster(optionsOf(1)).plan });
    expect(structuredClone({ ...coordinator })).toEqual({ ...coordinator });
  });
});

type Complete = Parameters<Coordinator["complete"]>;

/** Wrong on purpose: each forgets one thing that the protocol must do. */
const mutants: Record<string, SimulationOptions["variant"]> = {
  "outputs of a dead worker's maps are not made again": {
    coordinator: class extends Coordinator {
      protected override reopen(): void {}
    },
  },
  "counters of a task that is done again are added again": {
    coordinator: class extends Coordinator {
      protected override complete(...[task, attempt, answer, host]: Complete): void {
        const counters = { ...task.counters };
        for (const [name, value] of Object.entries(answer.counters)) {
          counters[name] = (counters[name] ?? 0) + value;
        }
        super.complete(task, attempt, { ...answer, counters }, host);
      }
    },
  },
  "the answer of a beaten backup is taken too": {
    coordinator: class extends Coordinator {
      protected override hearLate(
        ...[from, answer, host]: Parameters<Coordinator["hearLate"]>
      ): void {
        if (answer.type !== "executed") return;
        const ref = answer.outputs[0]!;
        const isMap = ref.mapTaskId >= 0;
        const taskId = isMap ? ref.mapTaskId : this.table.total.map + ref.partition;
        const attempt = {
          ...answer,
          taskId,
          worker: from,
          startedMs: 0,
          isBackup: true,
          fraction: 1,
        };
        this.complete(this.table.tasks[taskId]!, attempt, answer, host);
      }
    },
  },
  "a lost answer is not repeated": {
    worker: class extends TaskWorker {
      override handle(...[event, host]: Parameters<TaskWorker["handle"]>): void {
        super.handle(event, host);
        this.unnoted.clear();
      }
    },
  },
  "reduces start before all maps are done": {
    coordinator: class extends Coordinator {
      protected override nextTask(worker: string): ReturnType<Coordinator["nextTask"]> {
        const isOpen = (task: { kind: string; state: string; attempts: unknown[] }): boolean =>
          task.kind === "reduce" && task.state === "open" && task.attempts.length === 0;
        return super.nextTask(worker) ?? this.table.tasks.find(isOpen);
      }
    },
  },
  "a silent worker is never taken for dead": {
    coordinator: class extends Coordinator {
      protected override loseWorker(): void {}
    },
  },
  "an assignment that was lost is never noticed": {
    coordinator: class extends Coordinator {
      protected override noticeLostAssignments(): void {}
    },
  },
  "reduces are sent to where map outputs were before": {
    coordinator: class extends Coordinator {
      protected override reopen(...args: Parameters<Coordinator["reopen"]>): void {
        const { inputs } = this.table;
        super.reopen(...args);
        this.table.inputs = inputs;
      }
      protected override complete(...args: Complete): void {
        const { inputs } = this.table;
        super.complete(...args);
        this.table.inputs = inputs;
      }
    },
  },
  "records that break map are not skipped": {
    coordinator: class extends Coordinator {
      protected override recordsToSkip(): number[] {
        return [];
      }
    },
  },
};

describe("mutants are caught by a storm", () => {
  for (const [name, variant] of Object.entries(mutants)) {
    it(name, () => {
      let seed = 1;
      while (seed <= seeds && storm(seed, variant).violations.length === 0) seed++;
      expect(seed, "seeds to kill").toBeLessThanOrEqual(60);
      console.log(`caught by seed ${seed}: ${name} (${storm(seed, variant).violations[0]})`);
    });
  }
});

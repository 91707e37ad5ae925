import { readFileSync, writeFileSync } from "node:fs";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  Coordinator,
  TaskWorker,
  expectedOutput,
  describeCluster,
  paperSort,
  simulateBackups,
  simulateJob,
  taskSpans,
} from "dabbawala/batch";
import type { CoordinatorOptions, OutputRef, SimulatedJob, Split } from "dabbawala/batch";
import { at, crash, restart, slow } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";
import type { Effect } from "dabbawala/protocol";

/** A coordinator under hand-made events: what it assigned and noted at each. */
class Desk {
  readonly coordinator: Coordinator;
  nowMs = 0;
  constructor(splits: readonly Partial<Split>[], options: Partial<CoordinatorOptions> = {}) {
    const whole = splits.map((split) => ({ file: "f", startByte: 0, endByte: 9, ...split }));
    const plan = { splits: whole, partitions: 1, ...options.plan };
    this.coordinator = new Coordinator("n0", [], { ...options, plan: { ...plan, splits: whole } });
    this.do({ kind: "start", saved: {} });
  }
  private do(event: object): Effect[] {
    const senses = { nowMs: this.nowMs, random: () => 0 };
    return step(this.coordinator, event as never, senses) as Effect[];
  }
  private told(event: object): string[] {
    return this.do(event).flatMap((effect) => {
      if (effect.kind === "note") return [effect.label];
      if (effect.kind !== "send" || effect.message.type !== "assign") return [];
      const { task, attemptId } = effect.message as never as Assignment;
      return [`${effect.to}: ${task.kind} ${task.taskId} as ${attemptId}`];
    });
  }
  beat(worker: string, attempts: readonly number[] = [], incarnation = 0): string[] {
    const running = attempts.map((attemptId) => ({ attemptId, fraction: 0 }));
    const message = { type: "heartbeat", running, incarnation };
    return this.told({ kind: "message", from: worker, message });
  }
  executed(
    worker: string,
    attemptId: number,
    more: { outputs?: OutputRef[]; counters?: object } = {},
  ): string[] {
    const answer = { type: "executed", attemptId, outputs: [], counters: {}, ...more };
    return this.told({ kind: "message", from: worker, message: { type: "ended", answer } });
  }
  failed(worker: string, attemptId: number, more: object = {}): string[] {
    const answer = { type: "failed", attemptId, reason: "broken", ...more };
    return this.told({ kind: "message", from: worker, message: { type: "ended", answer } });
  }
  check(nowMs: number): string[] {
    this.nowMs = nowMs;
    return this.told({ kind: "timer", timer: "check" });
  }
  /** The whole effects of a heartbeat, to look into an assignment or an outcome. */
  effectsOfBeat(worker: string): Effect[] {
    const message = { type: "heartbeat", running: [], incarnation: 0 };
    return this.do({ kind: "message", from: worker, message });
  }
  effectsOfExecuted(worker: string, attemptId: number, more: object): Effect[] {
    const answer = { type: "executed", attemptId, outputs: [], counters: {}, ...more };
    return this.do({ kind: "message", from: worker, message: { type: "ended", answer } });
  }
}

interface Assignment {
  readonly attemptId: number;
  readonly task: { readonly kind: string; readonly taskId: number; readonly inputs?: OutputRef[] };
  readonly skipRecordsAt: readonly number[];
}

function assignment(effects: readonly Effect[]): Assignment {
  const found = effects.find(
    (effect) => effect.kind === "send" && effect.message.type === "assign",
  );
  return (found as never as { message: Assignment }).message;
}

const output = (worker: string, mapTaskId: number): OutputRef => {
  return { worker, mapTaskId, partition: 0, bytes: 1 };
};

describe("paper: the coordinator", () => {
  it("3.1 picks idle workers and assigns each one a task", () => {
    const desk = new Desk([{}, {}, {}]);
    expect(desk.beat("n1")).toEqual(["workerJoined", "attemptStarted", "n1: map 0 as 1"]);
    expect(desk.beat("n2")).toEqual(["workerJoined", "attemptStarted", "n2: map 1 as 2"]);
    expect(desk.beat("n1", [1])).toEqual([]); // busy
    expect(desk.executed("n2", 2)).toEqual(["taskDone", "attemptStarted", "n2: map 2 as 3"]);
  });

  it("3.1 tells reduce workers the locations of all map outputs, when all maps are done", () => {
    const desk = new Desk([{}, {}]);
    desk.beat("n1");
    desk.beat("n2");
    expect(desk.executed("n1", 1, { outputs: [output("n1", 0)] })).toEqual(["taskDone"]);
    const outputs = [output("n2", 1)];
    const { task } = assignment(desk.effectsOfExecuted("n2", 2, { outputs }));
    expect(task).toMatchObject({ kind: "reduce", inputs: [output("n1", 0), output("n2", 1)] });
  });

  it("3.1 ends when all tasks are done", () => {
    const desk = new Desk([{}]);
    desk.beat("n1");
    expect(desk.executed("n1", 1)).toEqual(["taskDone", "attemptStarted", "n1: reduce 1 as 2"]);
    expect(desk.executed("n1", 2)).toEqual(["taskDone", "jobDone"]);
    expect(desk.beat("n1")).toEqual([]);
  });

  it("3.3 marks a worker as failed that is silent for a lease, and resets its task in work", () => {
    const desk = new Desk([{}], { leaseMs: 5_000 });
    desk.beat("n1");
    expect(desk.check(5_000)).toEqual([]);
    expect(desk.check(5_001)).toEqual(["workerLost"]);
    expect(desk.beat("n2")).toEqual(["workerJoined", "attemptStarted", "n2: map 0 as 2"]);
  });

  it("3.3 resets maps that a failed worker had completed: their output is gone with its disk", () => {
    const desk = new Desk([{}, {}], { leaseMs: 5_000 });
    desk.beat("n1");
    desk.executed("n1", 1);
    desk.nowMs = 5_001;
    desk.beat("n2");
    expect(desk.check(5_002)).toEqual([
      ...["workerLost", "taskRedone"], // map 0 was done, map 1 was in work
      ...["attemptStarted", "n2: map 1 as 3"],
    ]);
  });

  it("3.3 does not repeat completed reduces when their output lies in a shared file system", () => {
    const redone = (reduceOutputs: "shared" | "worker"): string[] => {
      const desk = new Desk([{}], { reduceOutputs, plan: { splits: [], partitions: 2 } });
      desk.beat("n1");
      desk.executed("n1", 1); // the map; n1 goes on with reduce 1
      desk.executed("n1", 2); // reduce 1; n1 goes on with reduce 2
      return desk.check(5_001).filter((told) => told === "taskRedone");
    };
    expect(redone("shared")).toHaveLength(1); // the map alone
    expect(redone("worker")).toHaveLength(2);
  });

  it("3.3 ignores a completion message for a task that is already completed", () => {
    const desk = new Desk([{}, {}], { leaseMs: 5_000 });
    desk.beat("n1");
    desk.check(5_001); // n1 is taken for dead, and is only slow
    desk.beat("n2");
    expect(desk.executed("n2", 2)).toContain("taskDone");
    expect(desk.executed("n1", 1)).toEqual(["lateAnswerIgnored"]);
  });

  it("3.3 takes a worker that came back for a lost one: its maps' outputs may be gone", () => {
    const desk = new Desk([{}, {}]);
    desk.beat("n1", [], 7);
    desk.executed("n1", 1);
    expect(desk.beat("n1", [2], 7)).toEqual([]);
    const told = ["workerLost", "taskRedone", "workerJoined", "attemptStarted", "n1: map 1 as 3"];
    expect(desk.beat("n1", [], 8)).toEqual(told);
  });

  it("3.3 makes map outputs again that a reduce could not fetch", () => {
    const desk = new Desk([{}]);
    desk.beat("n1");
    desk.executed("n1", 1, { outputs: [output("n1", 0)] });
    const told = desk.failed("n1", 2, { lostOutputs: [output("n1", 0)] });
    expect(told).toEqual(["attemptFailed", "taskRedone", "attemptStarted", "n1: map 0 as 3"]);
  });

  it("3.4 prefers a worker that has the split on its disk, then one in its rack", () => {
    const racks = { n1: "r1", n2: "r1", n3: "r2" };
    const splits = [{ replicas: ["n3"] }, { replicas: ["n2"] }, { replicas: ["n1"] }];
    const desk = new Desk(splits, { plan: { splits: [], partitions: 1, racks } });
    expect(desk.beat("n1").at(-1)).toBe("n1: map 2 as 1"); // local
    expect(desk.executed("n1", 1).at(-1)).toBe("n1: map 1 as 2"); // in its rack
    expect(desk.executed("n1", 2).at(-1)).toBe("n1: map 0 as 3"); // remote, better than idle
  });

  it("3.6 gives every running task a backup near the end, and takes whichever is first", () => {
    const desk = new Desk([{}, {}], { backupShare: 0.5 });
    desk.beat("n1");
    desk.beat("n2");
    desk.executed("n1", 1);
    expect(desk.check(100)).toEqual(["backupStarted", "n1: map 1 as 3"]);
    expect(desk.check(200)).toEqual([]); // one backup is enough
    expect(desk.executed("n1", 3).slice(0, 2)).toEqual(["backupWon", "taskDone"]);
    expect(desk.executed("n2", 2)).toEqual(["lateAnswerIgnored"]);
  });

  it("3.6 (ours) gives a task a backup that runs much longer than the mean", () => {
    const desk = new Desk([{}, {}, {}, {}], { backupFactor: 2 });
    for (const worker of ["n1", "n2", "n3", "n4"]) desk.beat(worker);
    desk.nowMs = 1_000;
    for (const attempt of [1, 2, 3]) desk.executed(`n${attempt}`, attempt);
    desk.beat("n1");
    expect(desk.check(2_000)).toEqual([]);
    expect(desk.check(2_001)).toEqual(["backupStarted", "n1: map 3 as 5"]);
  });

  it("4.6 has a record skipped after more than one failure on it", () => {
    const desk = new Desk([{}]);
    desk.beat("n1");
    desk.failed("n1", 1, { recordsAt: [77] });
    const again = desk.failed("n1", 2, { recordsAt: [77] });
    expect(again).toEqual(["attemptFailed", "attemptStarted", "n1: map 0 as 3"]);
    desk.check(6_000); // n1 is lost; the next worker is told of the record
    expect(assignment(desk.effectsOfBeat("n2")).skipRecordsAt).toEqual([77]);
  });

  it("4.6 (Hadoop) gives the job up when a task fails four times without such a record", () => {
    const desk = new Desk([{}]);
    desk.beat("n1");
    for (const attempt of [1, 2, 3]) expect(desk.failed("n1", attempt)).toContain("attemptStarted");
    expect(desk.failed("n1", 4)).toEqual(["attemptFailed", "jobFailed"]);
  });

  it("4.9 counts a task's counters once, however often it was executed", () => {
    const desk = new Desk([{}], { backupShare: 1 });
    desk.beat("n1");
    desk.beat("n2");
    desk.check(100);
    desk.executed("n2", 2, { counters: { words: 5 } });
    desk.executed("n1", 1, { counters: { words: 5 } });
    const effects = desk.effectsOfExecuted("n2", 3, { counters: { keys: 2 } });
    const done = effects.find((effect) => effect.kind === "note" && effect.label === "jobDone");
    expect(done).toMatchObject({ detail: { counters: { words: 5, keys: 2 } } });
  });
});

describe("paper: the worker", () => {
  const senses = { nowMs: 0, random: () => 0 };
  const sends = (worker: TaskWorker, event: object): string[] =>
    step(worker, event as never, senses).flatMap((effect) =>
      effect.kind === "send" ? [`${effect.to} ${effect.message.type}`] : [],
    );
  const assign = { type: "assign", attemptId: 7, task: {}, skipRecordsAt: [] };

  it("3.3 executes an assignment once, also when the message comes twice", () => {
    const worker = new TaskWorker("n1", []);
    const event = { kind: "message", from: "n0", message: assign };
    expect(sends(worker, event)).toEqual(["xn1 execute"]);
    expect(sends(worker, event)).toEqual([]);
  });

  it("3.3 repeats its answer until the coordinator has noted it", () => {
    const worker = new TaskWorker("n1", []);
    sends(worker, { kind: "message", from: "n0", message: assign });
    const executed = { type: "executed", attemptId: 7, outputs: [], counters: {} };
    expect(sends(worker, { kind: "message", from: "xn1", message: executed })).toEqual([
      "n0 ended",
    ]);
    const beat = { kind: "timer", timer: "heartbeat" };
    expect(sends(worker, beat)).toEqual(["n0 heartbeat", "n0 ended"]);
    const noted = { type: "noted", attemptId: 7 };
    sends(worker, { kind: "message", from: "n0", message: noted });
    expect(sends(worker, beat)).toEqual(["n0 heartbeat"]);
  });
});

const small = {
  workers: 3,
  maps: 6,
  reduces: 2,
  splitBytes: 4_200_000,
  recordsPerSplit: 40,
} as const;
const timely = { ...small, costs: { sigma: 0 }, rackSize: 2, replicas: 1 };

/** The notes of a run as lines to read, compared with a stored file; written if it is missing. */
function expectStory(name: string, job: SimulatedJob): void {
  const lines = job.notes.map(({ atMs, label, detail }) => {
    const { taskId, kind, worker, nearness, reason } = Object(detail) as Record<string, unknown>;
    const what =
      typeof detail === "object" ? [kind, taskId, "on", worker, nearness, reason] : [detail];
    const isEnd = label === "jobDone" || label === "jobFailed";
    const words = isEnd ? [] : what.filter((word) => word !== undefined);
    return `${atMs.toFixed(0).padStart(6)} ms  ${[label, ...words].join(" ")}`;
  });
  const text = lines.join("\n") + "\n";
  const file = join(__dirname, `${name}.story.txt`);
  if (!existsSync(file) && !process.env["CI"]) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
}

function expectExact(job: SimulatedJob, options: Parameters<typeof simulateJob>[0]): void {
  const { plan, workload } = describeCluster(options ?? {});
  expect(job.kind).toBe("done");
  expect(job.output).toEqual(expectedOutput(plan.splits.length, workload));
}

describe("stories", () => {
  it("a quiet day: maps where their data is, then reduces", () => {
    const job = simulateJob(timely);
    expectStory("control-quiet", job);
    expectExact(job, timely);
  });

  it("a machine dies in the map phase, with a finished map on its disk", () => {
    const faults = [at(2_500, crash(["m2"], "lost"))];
    const job = simulateJob({ ...timely, faults });
    expectStory("control-crash-in-map", job);
    expectExact(job, timely);
  });

  it("a machine dies in the reduce phase: its maps and its reduce are done again", () => {
    const faults = [at(5_000, crash(["m1"], "lost")), at(30_000, restart(["m1"]))];
    const job = simulateJob({ ...timely, faults });
    expectStory("control-crash-in-reduce", job);
    expectExact(job, timely);
  });

  it("a machine becomes a straggler, and a backup overtakes it", () => {
    const job = simulateJob({ ...timely, faults: [at(1_600, slow(["xn3"], 10))] });
    expectStory("control-straggler", job);
    expectExact(job, timely);
  });

  it("records that break map are found, skipped and counted", () => {
    const options = { ...timely, badEvery: 60 };
    const job = simulateJob(options);
    expectStory("control-bad-records", job);
    expectExact(job, options);
    expect(job.counters["badRecords"]).toBeGreaterThan(0);
  });
});

describe("the simulated cluster", () => {
  it("reads most input locally when each split has three copies", () => {
    const job = simulateJob({ workers: 100, maps: 1_000, reduces: 100 });
    const starts = job.notes.filter(({ label }) => label === "attemptStarted");
    const near = starts.map(({ detail }) => (detail as { nearness?: string }).nearness);
    const share = (kind: string): number => near.filter((value) => value === kind).length / 1_000;
    expect(share("local")).toBeGreaterThan(0.9);
    expect(share("local") + share("rack") + share("remote")).toBeCloseTo(1, 5);
  });

  it("tells every attempt as a span", () => {
    const job = simulateJob({ ...timely, faults: [at(2_500, crash(["m2"], "lost"))] });
    const count = (label: string): number =>
      job.notes.filter((note) => note.label === label).length;
    const spans = taskSpans(job.notes);
    expect(spans).toHaveLength(count("attemptStarted") + count("backupStarted"));
    expect(spans.filter(({ outcome }) => outcome === "done")).toHaveLength(count("taskDone"));
    expect(spans.some(({ outcome, worker }) => outcome === "lost" && worker === "n2")).toBe(true);
    for (const { startMs, endMs } of spans) expect(endMs).toBeGreaterThanOrEqual(startMs);
  });

  it("refuses options out of range in one sentence", () => {
    expect(() => simulateJob({ workers: 0 })).toThrow("workers must be from 1 to 5000, but was 0");
    expect(() => simulateJob({ faults: [at(1, crash(["m11"]))] })).toThrow(
      'no node or machine "m11"',
    );
    expect(() => simulateJob({ stragglers: { share: 2, minFactor: 1, maxFactor: 2 } })).toThrow(
      "stragglers.share must be from 0 to 1",
    );
  });
});

describe("workers killed, as in section 5.5", () => {
  it("cost a little time: their finished maps are done again", () => {
    const calm = simulateJob(paperSort(262));
    const names = Array.from({ length: 30 }, (_, i) => `m${i * 8 + 1}`); // as 200 of 1,746
    const faults = [at(300_000, crash(names, "lost")), at(301_000, restart(names))];
    const killed = simulateJob({ ...paperSort(262), faults });
    const count = (label: string): number =>
      killed.notes.filter((note) => note.label === label).length;
    expect(count("workerLost")).toBe(30);
    expect(count("taskRedone")).toBeGreaterThan(120);
    const increase = killed.elapsedMs / calm.elapsedMs - 1; // 5 % in the paper
    console.log(`30 of 262 workers killed: ${(increase * 100).toFixed(1)} % longer`);
    expect(increase).toBeGreaterThan(0);
    expect(increase).toBeLessThan(0.25);
  });
});

describe("backup tasks at 1,000 workers", () => {
  it("shorten the paper's sort by about what the paper saw, for little extra work", () => {
    const { withBackups, withoutBackups, increase, extraWork, curves } = simulateBackups({
      seed: 1,
    });
    expect([withBackups.kind, withoutBackups.kind]).toEqual(["done", "done"]);
    expect(increase).toBeGreaterThan(0.2); // 44 % in the paper
    expect(increase).toBeLessThan(0.7);
    expect(extraWork).toBeLessThan(0.08); // "a few percent"
    expect(curves.length).toBeLessThan(2_000);
    const last = curves
      .filter(({ phase, backups }) => phase === "reduce" && backups === "without")
      .at(-1);
    expect(last).toMatchObject({
      done: 2_291,
      seconds: Math.round(withoutBackups.elapsedMs) / 1_000,
    });
  });
});

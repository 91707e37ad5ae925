/** The coordinator of MapReduce crashes and is started again with what it had saved. */
import { describe, expect, it } from "vitest";
import { Coordinator, describeCluster, expectedOutput, simulateJob } from "dabbawala/batch";
import type { CoordinatorOptions, SimulationOptions } from "dabbawala/batch";
import { at, crash, restart } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";
import type { Effect } from "dabbawala/protocol";

/** One coordinator after the other on the same disk. */
class Desk {
  nowMs = 0;
  readonly saved = new Map<string, unknown>();
  /** Every save as it went to the disk, in bytes. */
  savedBytes = 0;
  saves = 0;
  private coordinator: Coordinator;

  constructor(private readonly options: Partial<CoordinatorOptions>) {
    this.coordinator = new Coordinator("n0", [], options);
    this.do({ kind: "start", saved: {} });
  }

  restart(): string[] {
    this.coordinator = new Coordinator("n0", [], this.options);
    const saved = JSON.parse(JSON.stringify(Object.fromEntries(this.saved))) as object;
    return told(this.do({ kind: "start", saved }));
  }

  beat(worker: string, attempts: readonly number[] = [], incarnation = 0): string[] {
    const running = attempts.map((attemptId) => ({ attemptId, fraction: 0 }));
    const message = { type: "heartbeat", running, incarnation };
    return told(this.do({ kind: "message", from: worker, message }));
  }

  ended(from: string, attemptId: number, more: object = {}): Effect[] {
    const type = "failed" in more ? "failed" : "executed";
    const answer = { type, attemptId, outputs: [], counters: {}, reason: "broken", ...more };
    return this.do({ kind: "message", from, message: { type: "ended", answer } });
  }

  check(nowMs: number): string[] {
    this.nowMs = nowMs;
    return told(this.do({ kind: "timer", timer: "check" }));
  }

  private do(event: object): Effect[] {
    const senses = { nowMs: this.nowMs, random: () => 0 };
    const effects = step(this.coordinator, event as never, senses) as Effect[];
    for (const effect of effects) {
      if (effect.kind !== "save") continue;
      this.saves++;
      this.savedBytes += effect.key.length + (JSON.stringify(effect.value) ?? "").length;
      if (effect.value === undefined) this.saved.delete(effect.key);
      else this.saved.set(effect.key, effect.value);
    }
    return effects;
  }
}

function told(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === "note") return [effect.label];
    if (effect.kind !== "send" || effect.message.type !== "assign") return [];
    const { task, attemptId } = effect.message as never as {
      task: { kind: string; taskId: number };
      attemptId: number;
    };
    return [`${effect.to}: ${task.kind} ${task.taskId} as ${attemptId}`];
  });
}

const splits = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ file: "f", startByte: i, endByte: i + 1 }));
const output = (worker: string, mapTaskId: number, partition = 0) => {
  return { worker, mapTaskId, partition, bytes: 5 };
};
const plan = { splits: splits(3), partitions: 1 };

describe("a coordinator that was restarted", () => {
  it("knows what was done and who does what, and gives out the rest", () => {
    const desk = new Desk({ plan });
    desk.beat("n1");
    desk.beat("n2");
    desk.ended("n1", 1, { outputs: [output("n1", 0)], counters: { records: 4 } });
    expect(desk.restart()).toEqual(["coordinatorResumed"]);
    // n1 had been given map 2 as attempt 3, and n2 map 1; both are still at work.
    expect(desk.beat("n1", [3])).toEqual([]);
    expect(desk.beat("n2", [2])).toEqual([]);
    expect(told(desk.ended("n2", 2, { counters: { records: 5 } }))).toEqual(["taskDone"]);
    const effects = desk.ended("n1", 3, { outputs: [output("n1", 2)] });
    expect(told(effects)[0]).toBe("taskDone");
    const assigned = effects.find(
      (effect) => effect.kind === "send" && effect.message.type === "assign",
    );
    // The place of the first map's output was saved, and its new attempt has a new number.
    const inputs = [output("n1", 0), output("n1", 2)];
    expect(assigned).toMatchObject({ message: { attemptId: 1_000_000_001, task: { inputs } } });
    const last = desk.ended("n1", 1_000_000_001).find(({ kind }) => kind === "note");
    expect(last).toMatchObject({ label: "taskDone" });
  });

  it("takes an answer of an attempt from before once, and saves it before it says so", () => {
    const desk = new Desk({ plan });
    desk.beat("n1");
    desk.restart();
    const kinds = desk
      .ended("n1", 1, { counters: { records: 4 } })
      .map((effect) => (effect.kind === "send" ? effect.message.type : effect.kind));
    expect(kinds.indexOf("save")).toBeLessThan(kinds.indexOf("noted"));
    expect(told(desk.ended("n1", 1))).toEqual(["lateAnswerIgnored"]);
    desk.restart();
    expect(told(desk.ended("n1", 1))).toEqual(["lateAnswerIgnored"]);
  });

  it("counts each task's counters once, over any number of restarts", () => {
    const desk = new Desk({ plan: { splits: splits(2), partitions: 0 } });
    desk.beat("n1");
    desk.ended("n1", 1, { counters: { records: 4 } });
    desk.restart();
    desk.ended("n1", 2, { counters: { records: 5 } });
    const saved = [...desk.saved.keys()].filter((key) => key.startsWith("task/"));
    expect(saved).toEqual(["task/0", "task/1"]);
    const { saved: disk } = desk;
    const again = new Coordinator("n0", [], { plan: { splits: splits(2), partitions: 0 } });
    const start = { kind: "start", saved: Object.fromEntries(disk) } as const;
    const notes = step(again, start, { nowMs: 0, random: () => 0 });
    expect(notes.at(-1)).toMatchObject({ label: "jobDone", detail: { counters: { records: 9 } } });
  });

  it("finds out who died meanwhile, by the lease and by the incarnation", () => {
    const desk = new Desk({ plan, leaseMs: 5_000 });
    desk.beat("n1", [], 7);
    desk.beat("n2", [], 8);
    desk.ended("n1", 1, { outputs: [output("n1", 0)] });
    desk.nowMs = 60_000;
    desk.restart();
    expect(desk.check(64_000)).toEqual([]);
    // n1 came back with an empty disk, and is heard first; n2 is silent.
    expect(desk.beat("n1", [], 9).slice(0, 3)).toEqual([
      ...["workerLost", "taskRedone", "workerJoined"],
    ]);
    expect(desk.check(65_001)).toEqual(["workerLost"]);
  });

  it("gives an assignment that never left to another after a lease", () => {
    const desk = new Desk({ plan: { splits: splits(1), partitions: 1 }, leaseMs: 5_000 });
    desk.beat("n1");
    desk.restart(); // the message was lost with the old one
    desk.nowMs = 5_001;
    const told = ["attemptForgotten", "attemptStarted", "n1: map 0 as 1000000001"];
    expect(desk.beat("n1")).toEqual(told);
  });

  it("remembers which records are bad, and how often a task has failed", () => {
    const desk = new Desk({ plan: { splits: splits(1), partitions: 1 } });
    desk.beat("n1");
    desk.ended("n1", 1, { failed: true, recordsAt: [77] });
    desk.ended("n1", 2, { failed: true, recordsAt: [77] });
    expect(desk.saved.get("task/0")).toMatchObject({ recordFailures: { 77: 2 } });
    desk.restart();
    desk.ended("n1", 3, { failed: true });
    for (const attempt of [1_000_000_001, 1_000_000_002, 1_000_000_003]) {
      desk.beat("n1");
      const effects = desk.ended("n1", attempt, { failed: true });
      if (attempt === 1_000_000_003) expect(told(effects)).toContain("jobFailed");
    }
  });

  it("saves so little that 2,000 tasks cost twice as much as 1,000", () => {
    const bytesOf = (maps: number): { bytes: number; saves: number } => {
      const desk = new Desk({ plan: { splits: splits(maps), partitions: 8 } });
      desk.beat("n1");
      for (let attempt = 1; attempt <= maps; attempt++) {
        const outputs = Array.from({ length: 8 }, (_, i) => output("n1", attempt - 1, i));
        desk.ended("n1", attempt, { outputs, counters: { recordsRead: 1_000 } });
      }
      return { bytes: desk.savedBytes, saves: desk.saves };
    };
    const [one, two] = [bytesOf(1_000), bytesOf(2_000)];
    expect(two.bytes / one.bytes).toBeLessThan(2.1);
    expect(two.saves / one.saves).toBeLessThan(2.1);
    expect(one.bytes / 1_000).toBeLessThan(350);
    console.log(`${(one.saves / 1_000).toFixed(1)} saves, ${one.bytes / 1_000} bytes a map task`);
  });
});

describe("a simulated job whose coordinator crashes", () => {
  const size: SimulationOptions = {
    ...{ workers: 4, maps: 12, reduces: 3, splitBytes: 4_200_000, recordsPerSplit: 40 },
    badEvery: 60,
  };
  const { plan, workload } = describeCluster(size);

  it.each([1_800, 4_000, 8_000])("at %d ms goes on, and does nothing twice", (crashMs) => {
    const calm = simulateJob(size);
    const faults = [at(crashMs, crash(["n0"])), at(crashMs + 700, restart(["n0"]))];
    const job = simulateJob({ ...size, faults });
    expect(job.output).toEqual(expectedOutput(plan.splits.length, workload));
    expect(job.counters).toEqual(calm.counters);
    const count = (label: string): number =>
      job.notes.filter((note) => note.label === label).length;
    expect(count("coordinatorResumed")).toBe(1);
    expect(count("taskDone")).toBe(15);
    expect(job.elapsedMs).toBeLessThan(calm.elapsedMs + 2_500);
  });
});

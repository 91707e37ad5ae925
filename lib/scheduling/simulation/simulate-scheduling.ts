/**
 * The task board under a crowd: classes of tasks that come at random, some in a spike, and a pool
 * of workers; what each class and tenant got, in numbers. Only the board and its queues, and no
 * network, so that hundreds of thousands of tasks are a matter of seconds.
 *
 * Source: a simulation by next event (A. M. Law, "Simulation modeling and analysis", chapter 1);
 * arrivals are Poisson, service times exponential.
 */
import { Heap, inRange, onlyKnown, Random, wholeInRange } from "../../basics";
import { TaskBoard } from "../board";
import type { BoardCounts, BoardNews, Finished } from "../board/commands";
import type { BoardSettings } from "../board/settings";
import type { Lease, TaskSpec } from "../task";
import { reportOf } from "./scheduling-report";
import type { SchedulingReport, TaskRecord } from "./scheduling-report";

export interface TaskClass {
  /** Its tasks' kind. */
  readonly name: string;
  readonly perSecond: number;
  /** In the spike, times so much. Default 1. */
  readonly spike?: number;
  /** The mean of an exponential draw. */
  readonly serviceMs: number;
  /** Attempts that fail, 0 to 1. Default 0. */
  readonly failRate?: number;
  /** How they are submitted: tenant, priority, deadline, cost... */
  readonly task?: Omit<TaskSpec, "id" | "kind" | "after">;
}

export interface SchedulingOptions {
  /** Any whole number; decides the run. */
  readonly seed: number;
  readonly classes: readonly TaskClass[];
  /** Tasks that can be done at a time, by as many workers that can do all kinds. */
  readonly workers: number;
  /** Tasks come for so long; what is there then is still done. */
  readonly durationMs: number;
  /** Default: no spike. */
  readonly spikeFromMs?: number;
  readonly spikeToMs?: number;
  readonly settings?: Partial<BoardSettings>;
}

const names: readonly (keyof SchedulingOptions)[] = [
  ...(["seed", "classes", "workers", "durationMs", "spikeFromMs", "spikeToMs"] as const),
  "settings",
];
const arrivals = 101;
const services = 102;
/** A board that never comes to an end is a mistake in the options. */
const maxOverrun = 100;

/** Throws a RangeError for an option that is wrong. */
export function simulateScheduling(options: SchedulingOptions): SchedulingReport {
  onlyKnown("simulateScheduling", options, names);
  const { classes, workers, durationMs, seed } = options;
  wholeInRange("seed", seed, { min: 0, max: Number.MAX_SAFE_INTEGER });
  wholeInRange("workers", workers, { min: 1, max: 100_000 });
  inRange("durationMs", durationMs, { min: 1, max: 86_400_000 });
  if (classes.length === 0) throw new RangeError("classes must name at least one class of tasks");
  for (const { name, perSecond, serviceMs } of classes) {
    inRange(`perSecond of ${name}`, perSecond, { min: 1e-6, max: 1e6 });
    inRange(`serviceMs of ${name}`, serviceMs, { min: 1e-3, max: 86_400_000 });
  }
  return new Crowd(options).run();
}

type Coming =
  | { readonly atMs: number; readonly kind: "task"; readonly of: number }
  | { readonly atMs: number; readonly kind: "end"; readonly lease: Lease; readonly worker: string }
  | { readonly atMs: number; readonly kind: "tick" };

class Crowd {
  private readonly board: TaskBoard;
  private readonly coming = new Heap<Coming>((left, right) => left.atMs - right.atMs);
  private readonly draws: readonly Random[];
  private readonly service: Random;
  private readonly records = new Map<string, TaskRecord>();
  private readonly sequences = new Map<string, number>();
  private readonly capabilities: readonly string[];
  private busyMs = 0;
  private tickMs = Infinity;

  constructor(private readonly options: SchedulingOptions) {
    const { seed, classes, settings } = options;
    const forGood = { leaseMs: 1e9, maxEnded: 10_000_000, retentionMs: 1e9 };
    this.board = new TaskBoard({ ...forGood, ...settings });
    this.draws = classes.map((_, at) => new Random(seed, arrivals + 7 * at));
    this.service = new Random(seed, services);
    this.capabilities = classes.flatMap(({ name, task }) => task?.needs ?? [name]);
  }

  run(): SchedulingReport {
    const { classes, workers, durationMs } = this.options;
    for (let i = 1; i <= workers; i++) this.work(`w${i}`, 0, []);
    classes.forEach((_, of) => this.nextTask(of, 0));
    let nowMs = 0;
    for (let next = this.coming.pop(); next !== undefined; next = this.coming.pop()) {
      nowMs = next.atMs;
      if (nowMs > maxOverrun * durationMs) break;
      this.meet(next);
      this.wake();
    }
    const counts = this.board.ask({ op: "count" }) as BoardCounts;
    const { busyMs } = this;
    return reportOf([...this.records.values()], { ...this.options, counts, busyMs, endMs: nowMs });
  }

  private meet(next: Coming): void {
    if (next.kind === "task") this.submit(next.of, next.atMs);
    else if (next.kind === "end") this.ended(next.lease, next.worker, next.atMs);
    else {
      this.tickMs = Infinity;
      this.board.do({ op: "tick" }, { atMs: next.atMs });
      this.hear(next.atMs);
    }
  }

  /** Thinned from the highest rate, so that a spike begins and ends at once. */
  private nextTask(of: number, fromMs: number): void {
    const { classes, durationMs } = this.options;
    const { perSecond, spike = 1 } = classes[of];
    const random = this.draws[of];
    const highest = perSecond * Math.max(1, spike);
    for (let atMs = fromMs; ;) {
      atMs += random.exponential(1_000 / highest);
      if (atMs > durationMs) return;
      const rate = perSecond * (this.isSpike(atMs) ? spike : 1);
      if (random.next() < rate / highest) return this.coming.push({ atMs, kind: "task", of });
    }
  }

  private isSpike(atMs: number): boolean {
    const { spikeFromMs = Infinity, spikeToMs = Infinity } = this.options;
    return atMs >= spikeFromMs && atMs < spikeToMs;
  }

  private submit(of: number, atMs: number): void {
    const { name, task = {} } = this.options.classes[of];
    const id = `t${this.records.size + 1}`;
    const record: TaskRecord = {
      ...{ of: name, tenant: task.tenant ?? "everyone", submittedMs: atMs },
      ...{ deadlineMs: task.deadlineMs ?? null, startedMs: null, endedMs: null },
      ...{ outcome: "open", servedMs: 0 },
    };
    this.records.set(id, record);
    const answer = this.board.do({ op: "submit", tasks: [{ ...task, id, kind: name }] }, { atMs });
    if (answer.kind === "full") record.outcome = "shed";
    this.hear(atMs);
    this.nextTask(of, atMs);
  }

  private work(worker: string, atMs: number, finished: readonly Finished[], failed?: string): void {
    const sequence = (this.sequences.get(worker) ?? 0) + 1;
    this.sequences.set(worker, sequence);
    const { capabilities } = this;
    const [one] = finished;
    const told = failed === undefined ? { finished } : { failed: [{ ...one, reason: failed }] };
    const command = { op: "work", worker, incarnation: [1, 1], sequence, capabilities } as const;
    const answer = this.board.do({ ...command, capacity: 1, ...told }, { atMs });
    if (answer.kind === "work") for (const lease of answer.leases) this.begin(lease, worker, atMs);
    this.hear(atMs);
  }

  private hear(atMs: number): void {
    for (const news of this.board.takeNews()) this.told(news, atMs);
  }

  private told(news: BoardNews, atMs: number): void {
    if (news.kind === "lease") this.begin(news.lease, news.to, atMs);
    if (news.kind !== "ended") return;
    const record = this.records.get(news.id);
    if (record === undefined) return;
    record.endedMs = atMs;
    record.outcome = news.ending.kind;
  }

  private begin(lease: Lease, worker: string, atMs: number): void {
    const record = this.records.get(lease.id);
    const { classes } = this.options;
    const { serviceMs } = classes.find(({ name }) => name === lease.kind) as TaskClass;
    const lastsMs = this.service.exponential(serviceMs);
    if (record !== undefined) {
      record.startedMs ??= atMs;
      record.servedMs += lastsMs;
    }
    this.busyMs += lastsMs;
    this.coming.push({ atMs: atMs + lastsMs, kind: "end", lease, worker });
  }

  private ended({ id, attempt, kind }: Lease, worker: string, atMs: number): void {
    const { failRate = 0 } = this.options.classes.find(({ name }) => name === kind) as TaskClass;
    const hasFailed = failRate > 0 && this.service.chance(failRate);
    const finished = [{ id, attempt, result: null }];
    this.work(worker, atMs, finished, hasFailed ? "it failed by chance" : undefined);
  }

  /** Time does something by itself: that is an event too. */
  private wake(): void {
    const { nextTimerMs, state } = this.board;
    const isOpen = state.waiting > 0 || state.statuses.running > 0;
    if (!isOpen || nextTimerMs >= this.tickMs || nextTimerMs >= 1e9) return;
    this.tickMs = nextTimerMs;
    this.coming.push({ atMs: Math.max(nextTimerMs, state.nowMs), kind: "tick" });
  }
}

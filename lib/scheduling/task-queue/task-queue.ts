/**
 * A queue of asynchronous functions within one process: so many at once, the urgent first, with
 * time-outs, retries and a bound on those who wait. For work over tasks that survive a crash see
 * the task server beside it.
 *
 * Source: ours in its parts; the queue of a priority found by bits is that of Linux's O(1)
 * scheduler (I. Molnar, 2002). The most urgent always go first, so the least may wait for ever.
 * Guarantees: a task that was taken in has exactly one outcome; at most `concurrency` attempts hold
 * a place; at most `capacity` tasks wait, and whoever brings more is refused or waits in turn;
 * those that come back for a retry are never refused, and may be `concurrency` more.
 * Cost: constant a task, whatever waits; four objects each.
 */
import { wholeInRange } from "../../basics";
import { backoffMs } from "../backoff";
import { Entry, Slot } from "./entry";
import type { SlotOwner } from "./entry";
import { Line } from "./line";
import type { InLine } from "./line";
import { listen } from "./listen";
import { checkQueue, checkTask } from "./options";
import type { RetryOptions, TakenIn, Task, TaskOptions } from "./options";
import type { TaskOutcome, TaskQueueOptions } from "./options";
import { Waiting } from "./waiting";

/** Somebody who waits until the queue has room. */
interface Bringer extends InLine<Bringer> {
  readonly letIn: () => void;
}

const noOptions: TaskOptions = {};

export class TaskQueue {
  readonly concurrency: number;
  readonly capacity: number;
  private readonly waiting = new Waiting();
  private readonly delayed = new Line<Entry>();
  private readonly running = new Line<Entry>();
  private readonly bringers = new Line<Bringer>();
  private readonly freeSlots: Slot[] = [];
  private idlers: (() => void)[] = [];
  private counts = { running: 0, delayed: 0, taken: 0, ended: 0, told: 0 };
  private isPaused = false;
  private isClosed = false;

  /** RangeError for an option that cannot be. */
  constructor(private readonly defaults: TaskQueueOptions = {}) {
    const { concurrency = 1, capacity = 100_000 } = defaults;
    const most = Number.MAX_SAFE_INTEGER;
    this.concurrency = wholeInRange("concurrency", concurrency, { min: 1, max: most });
    this.capacity = wholeInRange("capacity", capacity, { min: 0, max: most });
    checkQueue(defaults);
  }

  /** Tasks that wait for a place; `delayed` are those between two attempts. */
  get size(): { waiting: number; running: number; delayed: number } {
    const { running, delayed } = this.counts;
    return { waiting: this.waiting.size, running, delayed };
  }

  /**
   * Takes a task in and starts it at once if there is a place. Resolves when it has ended, or at
   * once as `full` or `closed`; never rejects. RangeError for an option that cannot be.
   */
  submit<T>(task: Task<T>, options: TaskOptions = noOptions): Promise<TaskOutcome<T>> {
    if (options !== noOptions) checkTask(options);
    const { signal } = options;
    if (signal?.aborted) {
      return Promise.resolve({ kind: "cancelled", reason: signal.reason, attempts: 0 });
    }
    if (this.isClosed) return Promise.resolve({ kind: "closed" });
    if (!this.hasRoom()) return Promise.resolve({ kind: "full" });
    return this.admit(task, options);
  }

  /**
   * As `submit`, but waits until the queue has room, in the order of the calls: `await` it before
   * the next task is made, and no more than `capacity` ever wait.
   */
  whenRoom<T>(task: Task<T>, options: TaskOptions = noOptions): Promise<TakenIn<T>> {
    checkTask(options);
    const { signal } = options;
    if (signal?.aborted) return Promise.resolve({ kind: "cancelled", reason: signal.reason });
    const takeIn = (): TakenIn<T> =>
      this.isClosed ? { kind: "closed" } : { kind: "taken", outcome: this.admit(task, options) };
    if (this.isClosed || this.hasRoom()) return Promise.resolve(takeIn());
    return new Promise((resolve) => {
      const letIn = (): void => {
        deafen?.();
        resolve(takeIn());
      };
      const bringer: Bringer = { letIn, next: undefined, previous: undefined };
      this.bringers.push(bringer);
      const deafen = listen(signal, (reason) => {
        this.bringers.remove(bringer);
        resolve({ kind: "cancelled", reason });
      });
    });
  }

  /** Starts no more attempts; those that run go on. */
  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.pump();
  }

  /** Resolves when nothing runs and nothing waits, not even for a retry. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.idlers.push(resolve);
      this.tellIdlers();
    });
  }

  /** Takes no more tasks in, goes on if it was paused, and resolves when all have ended. */
  drain(): Promise<void> {
    this.isClosed = true;
    for (let bringer = this.bringers.first; bringer; bringer = this.bringers.first) {
      this.bringers.remove(bringer);
      bringer.letIn();
    }
    this.resume();
    return this.idle();
  }

  /** Cancels all tasks that are in the queue, wherever they are. */
  cancelAll(reason?: unknown): void {
    const all = [...this.waiting.all(), ...this.delayed, ...this.running];
    for (const entry of all) this.cancel(entry, reason);
  }

  private get canStart(): boolean {
    return !this.isPaused && this.counts.running < this.concurrency;
  }

  private hasRoom(): boolean {
    const places = this.capacity + (this.canStart ? 1 : 0);
    return this.waiting.size + this.counts.delayed < places;
  }

  private admit<T>(task: Task<T>, options: TaskOptions): Promise<TaskOutcome<T>> {
    this.counts.taken++;
    const priority = options.priority ?? this.defaults.priority ?? 0;
    return new Promise<TaskOutcome<unknown>>((resolve) => {
      const entry = new Entry(task, options, priority, resolve);
      if (this.canStart) this.start(entry);
      else this.waiting.push(entry);
      if (options.signal !== undefined) {
        entry.deafen = listen(options.signal, (reason) => this.cancel(entry, reason));
      }
    }) as Promise<TaskOutcome<T>>;
  }

  private start(entry: Entry): void {
    entry.state = "running";
    this.running.push(entry);
    this.counts.running++;
    const timeoutMs = entry.options.timeoutMs ?? this.defaults.timeoutMs;
    if (timeoutMs !== undefined) entry.timer = setTimeout(() => this.timeOut(entry), timeoutMs);
    const slot = this.freeSlots.pop() ?? new Slot(this.slotOwner);
    slot.run(entry);
  }

  private readonly slotOwner: SlotOwner = {
    succeeded: (slot, entry, value) => {
      this.freeSlots.push(slot);
      this.leave(entry);
      this.end(entry, { kind: "done", value, attempts: entry.attempts });
      this.pump();
    },
    threw: (slot, entry, error) => {
      const verdict = this.judge(entry, error);
      this.freeSlots.push(slot);
      this.leave(entry);
      if (verdict.kind === "retry") this.delay(entry);
      else this.end(entry, verdict);
      this.pump();
    },
  };

  /** The slot is given up, not used again: the attempt may still be in it. */
  private timeOut(entry: Entry): void {
    const { context, attempts } = entry;
    this.leave(entry);
    if (this.isRetryLeft(entry)) this.delay(entry);
    else this.end(entry, { kind: "timedOut", attempts });
    context?.abort(new DOMException("The task's attempt took too long.", "TimeoutError"));
    this.pump();
  }

  private cancel(entry: Entry, reason: unknown): void {
    const { context, state, attempts } = entry;
    if (state === "ended") return;
    if (state === "waiting") this.waiting.remove(entry);
    if (state === "delayed") this.leaveDelay(entry);
    if (state === "running") this.leave(entry);
    this.end(entry, { kind: "cancelled", reason, attempts });
    if (state === "running") context?.abort(reason);
    this.pump();
  }

  /** The entry's place becomes free. */
  private leave(entry: Entry): void {
    this.running.remove(entry);
    this.counts.running--;
    if (entry.slot !== undefined) entry.slot.entry = undefined;
    entry.slot = undefined;
    entry.clearTimer();
  }

  private isRetryLeft(entry: Entry): boolean {
    return entry.attempts <= (this.retryOf(entry)?.times ?? 0);
  }

  /** The caller's own judgement may throw: then that is what the task failed with. */
  private judge(entry: Entry, error: unknown): { kind: "retry" } | TaskOutcome<unknown> {
    const { attempts } = entry;
    if (!this.isRetryLeft(entry)) return { kind: "failed", error, attempts };
    try {
      const isPassing = this.retryOf(entry)?.isPassing?.(error) ?? true;
      return isPassing ? { kind: "retry" } : { kind: "failed", error, attempts };
    } catch (ownError) {
      return { kind: "failed", error: ownError, attempts };
    }
  }

  private retryOf(entry: Entry): RetryOptions | undefined {
    return entry.options.retry ?? this.defaults.retry;
  }

  private delay(entry: Entry): void {
    const state = { retries: entry.attempts - 1, previousMs: entry.backoffMs };
    entry.backoffMs = backoffMs(state, this.defaults.random ?? Math.random, this.retryOf(entry));
    entry.state = "delayed";
    this.delayed.push(entry);
    this.counts.delayed++;
    entry.timer = setTimeout(() => {
      this.leaveDelay(entry);
      entry.state = "waiting";
      this.waiting.push(entry);
      this.pump();
    }, entry.backoffMs);
  }

  private leaveDelay(entry: Entry): void {
    this.delayed.remove(entry);
    this.counts.delayed--;
    entry.clearTimer();
  }

  private end(entry: Entry, outcome: TaskOutcome<unknown>): void {
    entry.state = "ended";
    entry.deafen?.();
    entry.resolve(outcome);
    this.counts.ended++;
  }

  /** After whatever may have made a place free. */
  private pump(): void {
    while (this.canStart) {
      const entry = this.waiting.take();
      if (entry === undefined) break;
      this.start(entry);
    }
    for (let bringer = this.bringers.first; bringer && this.hasRoom();) {
      this.bringers.remove(bringer);
      bringer.letIn();
      bringer = this.bringers.first;
    }
    if (this.idlers.length > 0) this.tellIdlers();
    const { ended, told, taken } = this.counts;
    this.counts.told = ended;
    if (ended > told) this.defaults.onProgress?.(ended, taken);
  }

  private tellIdlers(): void {
    const { running, delayed } = this.counts;
    if (running + delayed + this.waiting.size > 0) return;
    const { idlers } = this;
    this.idlers = [];
    for (const tell of idlers) tell();
  }
}

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TaskQueue } from "dabbawala/scheduling";
import type { TaskOptions, TaskQueueOptions } from "dabbawala/scheduling";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const after = <T>(delayMs: number, value: T): Promise<T> =>
  new Promise((resolve) => void setTimeout(() => resolve(value), delayMs));

const failing = (message: string) => () => Promise.reject(new Error(message));

describe("order", () => {
  it("runs so many at once, first come first served, the urgent before", async () => {
    const queue = new TaskQueue({ concurrency: 2 });
    const started: string[] = [];
    const submit = (name: string, priority?: number) =>
      queue.submit(() => (started.push(name), after(10, name)), { priority });
    const all = [submit("a"), submit("b"), submit("c"), submit("d", 5), submit("e", 31)];
    expect(started).toEqual(["a", "b"]);
    expect(queue.size).toEqual({ running: 2, waiting: 3, delayed: 0 });
    await vi.advanceTimersByTimeAsync(10);
    expect(started).toEqual(["a", "b", "e", "d"]);
    await vi.advanceTimersByTimeAsync(20);
    const values = (await Promise.all(all)).map((outcome) => "value" in outcome && outcome.value);
    expect(values).toEqual(["a", "b", "c", "d", "e"]);
  });

  it("agrees with a sort by priority and number, for any tasks", async () => {
    const tasks = fc.array(fc.integer({ min: 0, max: 31 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(tasks, async (all) => {
        const queue = new TaskQueue();
        queue.pause();
        const order: number[] = [];
        const outcomes = all.map((priority, index) =>
          queue.submit(() => order.push(index), { priority }),
        );
        queue.resume();
        await Promise.all(outcomes);
        const expected = all.map((_, index) => index).sort((a, b) => all[b] - all[a] || a - b);
        expect(order).toEqual(expected);
      }),
    );
  });

  it("pause lets running tasks end and starts none; idle and drain wait for all", async () => {
    const queue = new TaskQueue();
    const first = queue.submit(() => after(10, 1));
    const second = queue.submit(() => after(10, 2));
    queue.pause();
    await vi.advanceTimersByTimeAsync(100);
    expect((await first).kind).toBe("done");
    expect(queue.size.waiting).toBe(1);
    let isIdle = false;
    void queue.idle().then(() => (isIdle = true));
    const drained = queue.drain();
    expect(await queue.submit(() => 3)).toEqual({ kind: "closed" });
    expect(await queue.whenRoom(() => 3)).toEqual({ kind: "closed" });
    await vi.advanceTimersByTimeAsync(9);
    expect(isIdle).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await drained;
    expect([isIdle, await second]).toEqual([true, { kind: "done", value: 2, attempts: 1 }]);
  });
});

describe("outcomes", () => {
  it("a task that throws, at once or later, has failed, and the next one runs", async () => {
    const queue = new TaskQueue();
    const now = queue.submit(() => {
      throw new Error("now");
    });
    const later = queue.submit(failing("later"));
    const fine = queue.submit(() => "fine");
    expect(await now).toEqual({ kind: "failed", error: new Error("now"), attempts: 1 });
    expect(await later).toEqual({ kind: "failed", error: new Error("later"), attempts: 1 });
    expect(await fine).toEqual({ kind: "done", value: "fine", attempts: 1 });
  });

  it("takes any thenable for a promise", async () => {
    const thenable = { then: (resolve: (value: number) => void) => resolve(7) };
    const outcome = await new TaskQueue().submit(() => thenable as PromiseLike<number>);
    expect(outcome).toEqual({ kind: "done", value: 7, attempts: 1 });
  });

  it("a task that takes too long is told, gives its place away, and its answer is dropped", async () => {
    const queue = new TaskQueue({ timeoutMs: 50 });
    const signals: AbortSignal[] = [];
    const slow = queue.submit(({ signal }) => (signals.push(signal), after(60, "late")));
    const next = queue.submit(() => after(40, "next"));
    await vi.advanceTimersByTimeAsync(50);
    expect(await slow).toEqual({ kind: "timedOut", attempts: 1 });
    expect(signals[0].reason).toMatchObject({ name: "TimeoutError" });
    await vi.advanceTimersByTimeAsync(40); // The late answer comes while the next one runs.
    expect(await next).toEqual({ kind: "done", value: "next", attempts: 1 });
    expect(queue.size).toEqual({ running: 0, waiting: 0, delayed: 0 });
  });

  it("cancels a task before, while it waits, runs, or is between two attempts", async () => {
    const queue = new TaskQueue({ retry: { times: 1, baseMs: 100, jitter: "none" } });
    const controllers = Array.from({ length: 4 }, () => new AbortController());
    controllers[0].abort("early");
    let told: unknown;
    const tasks = [
      () => "never",
      failing("once"),
      ({ signal }: { signal: AbortSignal }) => {
        signal.addEventListener("abort", () => (told = signal.reason));
        return after(1_000, "too late");
      },
      () => "never",
    ];
    const outcomes = tasks.map((task, index) =>
      queue.submit<unknown>(task, { signal: controllers[index].signal }),
    );
    await vi.advanceTimersByTimeAsync(10);
    expect(queue.size).toEqual({ running: 1, waiting: 1, delayed: 1 });
    for (const index of [3, 2, 1]) controllers[index].abort(index);
    expect(await Promise.all(outcomes)).toEqual([
      { kind: "cancelled", reason: "early", attempts: 0 },
      { kind: "cancelled", reason: 1, attempts: 1 },
      { kind: "cancelled", reason: 2, attempts: 1 },
      { kind: "cancelled", reason: 3, attempts: 0 },
    ]);
    expect(told).toBe(2);
    expect(queue.size).toEqual({ running: 0, waiting: 0, delayed: 0 });
    expect(vi.getTimerCount()).toBe(1); // That of the task which ignores its signal.
  });

  it("cancelAll ends everything, and the queue goes on", async () => {
    const queue = new TaskQueue();
    const all = [1, 2, 3].map((value) => queue.submit(() => after(10, value)));
    queue.cancelAll("closing time");
    const kinds = (await Promise.all(all)).map(({ kind }) => kind);
    expect(kinds).toEqual(["cancelled", "cancelled", "cancelled"]);
    const next = queue.submit(() => 4);
    expect(await next).toMatchObject({ kind: "done", value: 4 });
  });
});

describe("retries", () => {
  const retry = { times: 3, baseMs: 100, factor: 2, jitter: "none" } as const;

  it("come after the back-off, and others run meanwhile", async () => {
    const queue = new TaskQueue({ retry });
    const times: number[] = [];
    const start = Date.now();
    const outcome = queue.submit(({ attempt }) => {
      times.push(Date.now() - start);
      if (attempt < 4) throw new Error("not yet");
      return attempt;
    });
    expect(await queue.submit(() => "other")).toMatchObject({ kind: "done" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(times).toEqual([0, 100, 300, 700]);
    expect(await outcome).toEqual({ kind: "done", value: 4, attempts: 4 });
  });

  it("end with the last error, and each attempt has a signal of its own", async () => {
    const queue = new TaskQueue({ retry, timeoutMs: 10 });
    const signals: AbortSignal[] = [];
    const outcome = queue.submit(({ signal }) => (signals.push(signal), after(50, 0)));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await outcome).toEqual({ kind: "timedOut", attempts: 4 });
    expect(new Set(signals).size).toBe(4);
    const failed = queue.submit(failing("always"));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await failed).toMatchObject({ kind: "failed", attempts: 4 });
  });

  it("are only for errors that pass; a judgement that throws is the task's failure", async () => {
    const queue = new TaskQueue();
    const isPassing = (error: unknown) => (error as Error).message === "busy";
    const broken = () => {
      throw new Error("judgement");
    };
    const options = { retry: { ...retry, isPassing } };
    expect(await queue.submit(failing("wrong"), options)).toMatchObject({ attempts: 1 });
    const busy = queue.submit(failing("busy"), options);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await busy).toMatchObject({ attempts: 4 });
    const odd = queue.submit(failing("busy"), { retry: { times: 1, isPassing: broken } });
    expect(await odd).toMatchObject({ kind: "failed", error: new Error("judgement") });
  });
});

describe("back-pressure", () => {
  it("submit refuses, whenRoom waits in turn", async () => {
    const queue = new TaskQueue({ capacity: 1 });
    const task = () => after(10, "x");
    void queue.submit(task);
    void queue.submit(task);
    expect(await queue.submit(task)).toEqual({ kind: "full" });
    const takenAt: number[] = [];
    const start = Date.now();
    const abort = new AbortController();
    const dropped = queue.whenRoom(task, { signal: abort.signal });
    const bring = () => queue.whenRoom(task).then((got) => (takenAt.push(Date.now() - start), got));
    const brought = [bring(), bring()];
    abort.abort("no more");
    expect(await dropped).toEqual({ kind: "cancelled", reason: "no more" });
    await vi.advanceTimersByTimeAsync(100);
    expect(takenAt).toEqual([10, 20]);
    const last = await brought[1];
    expect(last.kind === "taken" && (await last.outcome)).toMatchObject({ kind: "done" });
  });

  it("who waits for room when the queue is drained hears that it is closed", async () => {
    const queue = new TaskQueue({ capacity: 0 });
    void queue.submit(() => after(10, 1));
    const waiting = queue.whenRoom(() => 2);
    void queue.drain();
    expect(await waiting).toEqual({ kind: "closed" });
  });
});

it("any mixture of tasks: one outcome each, bounds kept, progress counted", async () => {
  const kinds = fc.constantFrom("quick", "slow", "throws", "hangs", "cancelled");
  const queues = fc.record({
    concurrency: fc.integer({ min: 1, max: 4 }),
    capacity: fc.integer({ min: 0, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(kinds, { maxLength: 30 }), queues, async (all, bounds) => {
      const progress: number[] = [];
      const options: TaskQueueOptions = {
        ...bounds,
        timeoutMs: 40,
        retry: { times: 2, baseMs: 5 },
        onProgress: (done, total) => void progress.push(done, total),
        random: () => 0.5,
      };
      const queue = new TaskQueue(options);
      const [outcomes, peak] = await runMixture(queue, all);
      expect(peak.running).toBeLessThanOrEqual(bounds.concurrency);
      // A retry comes back in any case, so those on the way may come on top.
      expect(peak.waiting).toBeLessThanOrEqual(bounds.capacity + bounds.concurrency);
      const ends = { quick: "done", slow: "done", throws: "failed", hangs: "timedOut" };
      const expected = all.map((kind) => ({ ...ends, cancelled: "cancelled" })[kind]);
      expect(outcomes).toEqual(expected);
      expect(progress.slice(-2)).toEqual(all.length === 0 ? [] : [all.length, all.length]);
    }),
    { numRuns: 60 },
  );
});

type Kind = "quick" | "slow" | "throws" | "hangs" | "cancelled";

async function runMixture(queue: TaskQueue, all: readonly string[]) {
  const peak = { running: 0, waiting: 0 };
  const look = (): void => {
    const { running, waiting, delayed } = queue.size;
    peak.running = Math.max(peak.running, running);
    peak.waiting = Math.max(peak.waiting, waiting + delayed);
  };
  const outcomes = all.map(async (kind) => {
    const controller = new AbortController();
    const options: TaskOptions = kind === "cancelled" ? { signal: controller.signal } : {};
    const taken = await queue.whenRoom(() => (look(), work(kind as Kind, controller)), options);
    return taken.kind === "taken" ? (await taken.outcome).kind : taken.kind;
  });
  await vi.advanceTimersByTimeAsync(20_000);
  return [await Promise.all(outcomes), peak] as const;
}

function work(kind: Kind, controller: AbortController): unknown {
  if (kind === "throws") throw new Error("thrown");
  if (kind === "hangs") return new Promise(() => undefined);
  if (kind === "cancelled") controller.abort("by itself");
  return kind === "quick" ? 0 : after(30, 0);
}

it.each<[string, TaskQueueOptions]>([
  ["concurrency must be from 1", { concurrency: 0 }],
  ["capacity must be a whole number", { capacity: 1.5 }],
  ["priority must be from 0 to 31", { priority: 32 }],
  ["timeoutMs must be from 1", { timeoutMs: 0 }],
  ["retry.times must be from 0", { retry: { times: -1 } }],
  ["capMs must be from 10", { retry: { times: 1, baseMs: 10, capMs: 1 } }],
])("refuses options that cannot be: %s", (message, options) => {
  expect(() => new TaskQueue(options)).toThrow(message);
});

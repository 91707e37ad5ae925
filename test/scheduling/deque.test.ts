import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { Deque, lost, none } from "dabbawala/dist/scheduling/work-stealing/deque";
import { CentralQueue } from "dabbawala/dist/scheduling/work-stealing/central-queue";

const resolve = createRequire(__filename).resolve;
const file = JSON.stringify(resolve("dabbawala/dist/scheduling/work-stealing/deque"));

describe("the deque", () => {
  it("gives the owner the newest and thieves the oldest, as a list would", () => {
    const steps = fc.array(fc.constantFrom("push", "pop", "steal"), { maxLength: 80 });
    fc.assert(
      fc.property(steps, (all) => {
        const deque = new Deque(Deque.memory(8));
        const model: number[] = [];
        all.forEach((step, item) => {
          if (step === "push") {
            const isRoom = model.length < 8;
            expect(deque.push(item)).toBe(isRoom);
            if (isRoom) model.push(item);
          } else {
            const expected = step === "pop" ? model.pop() : model.shift();
            expect(step === "pop" ? deque.pop() : deque.steal()).toBe(expected ?? none);
          }
        });
      }),
    );
  });

  it("refuses a capacity that is no power of two", () => {
    expect(() => Deque.memory(12)).toThrow("capacity must be a power of two, but was 12");
    expect(lost).not.toBe(none);
  });

  // A thief in a thread of its own takes each of its steps when it is told to, so that every way in
  // which its steps can fall between those of a pop is tried.
  it("in every order of a pop's steps and a steal's, each item is taken once", async () => {
    const thief = new SteppedThief();
    await thief.ready;
    const [popSteps, stealSteps] = [7, 4];
    let fights = 0;
    for (let size = 0; size <= 2; size++) {
      for (const places of combinations(popSteps + 1, stealSteps)) {
        const deque = new Deque(thief.memory);
        new Int32Array(thief.memory).fill(0);
        for (let item = 0; item < size; item++) deque.push(item);
        const { popped, stolen } = thief.popWhile(deque, places);
        const left = Array.from({ length: size }, () => deque.steal());
        const got = [popped, stolen, ...left].filter((item) => item >= 0).sort();
        expect(got).toEqual(Array.from({ length: size }, (_, item) => item));
        if (stolen === lost) fights++;
      }
    }
    expect(fights).toBeGreaterThan(0);
    await thief.worker.terminate();
  });

  // One item or two at a time, so that owner and thieves fight for the last one again and again.
  it("under contention every item is taken once, the last one too", async () => {
    const items = 200_000;
    const memory = Deque.memory(4);
    const counts = new Int32Array(new SharedArrayBuffer(4 * items));
    const isOver = new Int32Array(new SharedArrayBuffer(4));
    const thief = `
      const { workerData, parentPort } = require("worker_threads");
      const { Deque } = require(${file});
      const { memory, counts, isOver } = workerData;
      const deque = new Deque(memory);
      let taken = 0;
      parentPort.postMessage("ready");
      for (;;) {
        const wasOver = Atomics.load(isOver, 0) === 1;
        const item = deque.steal();
        if (item >= 0) { Atomics.add(counts, item, 1); taken++; }
        else if (wasOver) break;
      }
      parentPort.postMessage(taken);`;
    const workerData = { memory, counts, isOver };
    const thieves = [1, 2].map(() => new Worker(thief, { eval: true, workerData }));
    const next = (worker: Worker) => new Promise((told) => worker.once("message", told));
    await Promise.all(thieves.map(next));
    const ends = thieves.map(next);
    const deque = new Deque(memory);
    let own = 0;
    for (let item = 0; item < items;) {
      for (let count = item % 2; count >= 0 && item < items; count--) if (deque.push(item)) item++;
      for (let taken = deque.pop(); taken >= 0; taken = deque.pop()) {
        Atomics.add(counts, taken, 1);
        own++;
      }
    }
    Atomics.store(isOver, 0, 1);
    const stolen = (await Promise.all(ends)) as number[];
    expect(counts.every((count) => count === 1)).toBe(true);
    expect(own + stolen[0] + stolen[1]).toBe(items);
    expect(Math.min(own, stolen[0] + stolen[1])).toBeGreaterThan(0);
  });

  it("the shared queue is first in, first out, and says how many fit", () => {
    const queue = new CentralQueue(CentralQueue.memory(3));
    expect(queue.pushAll([5, 6, 7, 8])).toBe(3);
    expect([queue.take(), queue.take()]).toEqual([5, 6]);
    expect(queue.pushAll([9])).toBe(1);
    expect([queue.take(), queue.take(), queue.take()]).toEqual([7, 9, none]);
  });
});

/** All ways to put `count` steps of a thief before the steps 0 to `places - 1`, in order. */
function combinations(places: number, count: number, from = 0): number[][] {
  if (count === 0) return [[]];
  return Array.from({ length: places - from }, (_, index) => from + index).flatMap((first) =>
    combinations(places, count - 1, first).map((rest) => [first, ...rest]),
  );
}

const operations = ["load", "store", "compareExchange"] as const;
const [orderAt, grantedAt, takenAt, resultAt] = [0, 1, 2, 3];
const over = 99;

/** A thread that steals once for each order, and waits for a grant before each atomic step. */
class SteppedThief {
  readonly memory = Deque.memory(4);
  readonly worker: Worker;
  readonly ready: Promise<unknown>;
  private readonly words = new Int32Array(new SharedArrayBuffer(16));

  constructor() {
    const code = `
      const { workerData, parentPort } = require("worker_threads");
      const { Deque } = require(${file});
      const { memory, words } = workerData;
      const { load, store } = Atomics;
      const deque = new Deque(memory);
      let taken = 0;
      const publish = (at, value) => (store(words, at, value), Atomics.notify(words, at));
      for (const name of ${JSON.stringify(operations)}) {
        const real = Atomics[name];
        Atomics[name] = (...all) => {
          let granted;
          while ((granted = load(words, ${grantedAt})) <= taken) {
            Atomics.wait(words, ${grantedAt}, granted);
          }
          const result = real(...all);
          publish(${takenAt}, ++taken);
          return result;
        };
      }
      parentPort.postMessage("ready");
      for (let order = 0; ; order++) {
        Atomics.wait(words, ${orderAt}, order);
        taken = 0;
        store(words, ${resultAt}, deque.steal());
        publish(${takenAt}, ${over});
      }`;
    const workerData = { memory: this.memory, words: this.words };
    this.worker = new Worker(code, { eval: true, workerData });
    this.ready = new Promise((told) => this.worker.once("message", told));
  }

  /** Pops while the thief takes a step before each of the pop's steps that `places` names. */
  popWhile(deque: Deque, places: readonly number[]): { popped: number; stolen: number } {
    const { load, store } = Atomics;
    const set = (at: number, value: number): void => {
      store(this.words, at, value);
      Atomics.notify(this.words, at);
    };
    const grant = (upTo: number): void => {
      set(grantedAt, upTo);
      for (let taken = 0; (taken = load(this.words, takenAt)) < upTo;) {
        Atomics.wait(this.words, takenAt, taken);
      }
    };
    for (const at of [grantedAt, takenAt]) store(this.words, at, 0);
    set(orderAt, load(this.words, orderAt) + 1);
    let [step, granted] = [0, 0];
    const spies = operations.map((name) => {
      const real = Atomics[name] as unknown as (...all: unknown[]) => number;
      return vi.spyOn(Atomics, name).mockImplementation(((...all: unknown[]) => {
        for (; places[granted] === step; granted++) grant(granted + 1);
        step++;
        return real(...all);
      }) as never);
    });
    const popped = deque.pop();
    for (const spy of spies) spy.mockRestore();
    grant(over);
    return { popped, stolen: load(this.words, resultAt) };
  }
}

/** The notebook's small experiments with the task scheduler. */
import { describe, expect, it } from "vitest";
import { backoffMs, TaskBoard } from "dabbawala/scheduling";
import { herdComesBack, killForReal, leastLateness } from "dabbawala/scenarios/big-billion-day";
import { serveAlone, standStill, worstLateness } from "dabbawala/scenarios/big-billion-day";

describe("one worker alone", () => {
  it("begins a task each 100 ms, by priority, and those that come later too", () => {
    const board = new TaskBoard();
    const task = (id: string, priority: number) => ({ id, kind: "k", priority });
    board.do({ op: "submit", tasks: [task("late", 9), task("soon", 0)] });
    const more = (atMs: number) => (atMs === 200 ? [task("new", 5)] : []);
    expect(serveAlone(board, { untilMs: 1_000, more })).toEqual([
      { id: "soon", atMs: 0 },
      { id: "late", atMs: 100 },
      { id: "new", atMs: 200 },
    ]);
  });
});

describe("lateness", () => {
  const tasks = { deadlinesMs: [600, 150, 420, 250, 640, 330], taskMs: 100 };

  it("is that of the latest", () => {
    expect(worstLateness(tasks, [0, 1, 2, 3, 4, 5])).toBe(270);
  });

  it("is least in the order of the deadlines", () => {
    expect(worstLateness(tasks, [1, 3, 5, 2, 0, 4])).toBe(leastLateness(tasks));
    const nine = { deadlinesMs: new Array<number>(9).fill(1), taskMs: 1 };
    expect(() => leastLateness(nine)).toThrow("deadlinesMs.length must be from 1 to 8");
  });
});

describe("a herd", () => {
  const herd = { seed: 1, tasks: 200, downMs: 1_000 };

  it("stays together without chance, and disperses with it", () => {
    const together = herdComesBack({ ...herd, waitMs: (retries) => 100 * 2 ** retries });
    expect(together.peakShare).toBe(1);
    expect(together.lastMs).toBe(1_500);
    expect(together.counts.reduce((sum, count) => sum + count, 0)).toBe(4 * 200);
    const apart = herdComesBack({
      ...herd,
      waitMs: (retries, random, previousMs) =>
        backoffMs({ retries, previousMs }, random, { jitter: "decorrelated" }),
    });
    expect(apart.peakShare).toBeLessThan(0.5);
  });

  it("that never waits comes to an end", () => {
    expect(herdComesBack({ ...herd, tasks: 2, waitMs: () => 0 }).lastMs).toBe(0);
  });
});

describe("a worker that stands still", () => {
  it("charges a second time, unless the store looks at keys", () => {
    expect(standStill({ seed: 1, hasKeys: false }).effects).toBe(2);
    expect(standStill({ seed: 1, hasKeys: true }).effects).toBe(1);
  });
});

describe("kill -9", () => {
  it("loses nothing, and does nothing twice", async () => {
    const { tasks, done, dead, effects, effectsTwice } = await killForReal({ tasksEach: 60 });
    expect(done + dead).toBe(tasks);
    expect(effectsTwice).toBe(0);
    expect(effects).toBeGreaterThanOrEqual(done);
  }, 60_000);
});

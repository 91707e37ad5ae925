/** The board by itself: one rule a test. */
import { describe, expect, it } from "vitest";
import { TaskBoard } from "dabbawala/scheduling";
import type { BoardAnswer, BoardSettings, TaskSpec, Work } from "dabbawala/scheduling";

type WorkAnswer = Extract<BoardAnswer, { kind: "work" }>;

/** A board with workers that speak as one wants. */
class Desk {
  readonly board: TaskBoard;
  private sequence = 0;

  constructor(settings: Partial<BoardSettings> = {}) {
    this.board = new TaskBoard(settings);
  }

  submit(...tasks: readonly (string | TaskSpec)[]): BoardAnswer {
    const specs = tasks.map((task) => (typeof task === "string" ? { id: task, kind: "k" } : task));
    return this.board.do({ op: "submit", tasks: specs });
  }

  work(worker: string, more: Partial<Work> & { atMs?: number } = {}): WorkAnswer {
    const { atMs, ...rest } = more;
    const sequence = ++this.sequence;
    const base = { incarnation: [1, 1] as const, sequence, capabilities: ["k"], capacity: 1 };
    const time = atMs === undefined ? {} : { atMs };
    return this.board.do({ op: "work", worker, ...base, ...rest }, time) as WorkAnswer;
  }

  /** Ids that a worker of such room is given, in their order. */
  given(worker: string, more: Parameters<Desk["work"]>[1] = {}): string[] {
    return this.work(worker, { capacity: 100, ...more }).leases.map(({ id }) => id);
  }

  status(id: string): string {
    const answer = this.board.ask({ op: "look", ids: [id] });
    return answer.kind === "views" ? answer.views[0].status : answer.kind;
  }

  ending(id: string): unknown {
    const answer = this.board.ask({ op: "look", ids: [id] });
    return answer.kind === "views" ? answer.views[0].ending : answer.kind;
  }
}

const task = (id: string, more: Partial<TaskSpec> = {}): TaskSpec => ({ id, kind: "k", ...more });
const done = (id: string, attempt = 1) => [{ id, attempt, result: null }];
const failed = (id: string, attempt = 1) => [{ id, attempt, reason: "no rice" }];

describe("leases", () => {
  it("a task goes to one worker, and its outcome is kept", () => {
    const desk = new Desk();
    desk.submit("a");
    expect(desk.given("w1")).toEqual(["a"]);
    expect(desk.given("w2")).toEqual([]);
    const finished = [{ id: "a", attempt: 1, result: 42 }];
    expect(desk.work("w1", { finished }).stale).toEqual([]);
    expect(desk.ending("a")).toEqual({ kind: "done", result: 42, attempt: 1 });
  });

  it("an idle worker is told when a task comes", () => {
    const desk = new Desk();
    desk.work("w1");
    desk.submit("a");
    const [news] = desk.board.takeNews();
    expect(news).toMatchObject({ kind: "lease", to: "w1", lease: { id: "a", attempt: 1 } });
  });

  it("a silent worker's task goes to another one, and its late outcome changes nothing", () => {
    const desk = new Desk({ leaseMs: 100, backoff: { baseMs: 0, capMs: 0 } });
    desk.submit("a");
    desk.work("w1", { atMs: 0 });
    desk.board.do({ op: "tick" }, { atMs: 100 });
    expect(desk.work("w2", { atMs: 101 }).leases).toMatchObject([{ id: "a", attempt: 2 }]);
    const finished = [{ id: "a", attempt: 1, result: "old" }];
    expect(desk.work("w1", { finished, atMs: 102 }).stale).toEqual([{ id: "a", attempt: 1 }]);
    expect(desk.status("a")).toBe("running");
  });

  it("what a worker should have and does not name is sent again", () => {
    const desk = new Desk();
    desk.submit("a");
    desk.work("w1");
    expect(desk.work("w1", { held: [] }).leases).toMatchObject([{ id: "a", attempt: 1 }]);
  });
});

describe("order", () => {
  it("the more urgent first, and among those the earlier deadline", () => {
    const desk = new Desk({ ageingMs: null });
    desk.submit(task("low", { priority: 9 }), task("late", { priority: 1, deadlineMs: 900 }));
    desk.submit(task("soon", { priority: 1, deadlineMs: 100 }), task("top", { priority: 0 }));
    expect(desk.given("w1")).toEqual(["top", "soon", "late", "low"]);
  });

  it("Jackson 1962: a level of priority is worth `ageingMs` of waiting, no more", () => {
    const desk = new Desk({ ageingMs: 100 });
    desk.submit(task("old", { priority: 3 }));
    desk.board.do({ op: "tick" }, { atMs: 199 });
    desk.submit(task("passes", { priority: 1 }));
    desk.board.do({ op: "tick" }, { atMs: 201 });
    desk.submit(task("waits", { priority: 1 }));
    expect(desk.given("w1")).toEqual(["passes", "old", "waits"]);
  });

  it("Goyal 1996: what two tenants got by weight never differs by more than a task of each", () => {
    const desk = new Desk({ weights: { dadar: 3 } });
    const all = Array.from({ length: 80 }, (_, at) => at);
    desk.submit(...all.map((at) => task(`t${at}`, { tenant: at % 2 ? "dadar" : "thane" })));
    const got = { dadar: 0, thane: 0 };
    for (const at of all.slice(0, 40)) {
      const [lease] = desk.work("w1", { finished: at > 0 ? done(lastOf(desk)) : [] }).leases;
      got[lease.tenant as "dadar" | "thane"]++;
      expect(Math.abs(got.dadar / 3 - got.thane)).toBeLessThanOrEqual(1 + 1 / 3 + 1e-9);
    }
    expect(got).toEqual({ dadar: 30, thane: 10 });
  });

  it("a tenant that comes back is owed nothing for the time it was away", () => {
    const desk = new Desk();
    desk.submit(...["a1", "a2", "a3", "a4", "a5"].map((id) => task(id, { tenant: "a" })));
    expect(desk.given("w1", { capacity: 3 })).toEqual(["a1", "a2", "a3"]);
    desk.submit(...["b1", "b2"].map((id) => task(id, { tenant: "b" })));
    expect(desk.given("w1")).toEqual(["b1", "a4", "b2", "a5"]);
  });

  it("a worker is given only what it is capable of", () => {
    const desk = new Desk();
    desk.submit(task("gpu", { needs: ["gpu", "k"] }), task("other", { kind: "image" }), "plain");
    expect(desk.given("w1")).toEqual(["plain"]);
    expect(desk.given("w2", { capabilities: ["k", "gpu"] })).toEqual(["gpu"]);
  });

  it("a rate limit lets a burst through, and then one an interval; others do not wait for it", () => {
    const desk = new Desk({ limits: [{ kind: "mail", perSecond: 10, burst: 2 }] });
    desk.submit(...["m1", "m2", "m3"].map((id) => task(id, { kind: "mail" })), "k1");
    const capabilities = ["k", "mail"];
    expect(desk.given("w1", { capabilities })).toEqual(["m1", "m2", "k1"]);
    expect(desk.board.nextTimerMs).toBe(100);
    desk.board.takeNews();
    desk.board.do({ op: "tick" }, { atMs: 99 });
    expect(desk.board.takeNews()).toEqual([]);
    desk.board.do({ op: "tick" }, { atMs: 100 });
    expect(desk.board.takeNews()).toMatchObject([{ kind: "lease", lease: { id: "m3" } }]);
  });
});

function lastOf({ board }: Desk): string {
  const [id] = [...(board.state.workers.get("w1")?.held ?? [])].slice(-1);
  return id;
}

describe("dependencies", () => {
  it("a task begins when all its parents are done", () => {
    const desk = new Desk();
    desk.submit(task("c", { after: ["a", "b"] }), "a", "b");
    expect(desk.given("w1")).toEqual(["a", "b"]);
    expect(desk.given("w1", { finished: done("a") })).toEqual([]);
    expect(desk.given("w1", { finished: done("b") })).toEqual(["c"]);
  });

  it("a circle is told by its members, and a stranger by its name", () => {
    const desk = new Desk();
    const circle = desk.submit(task("a", { after: ["b"] }), task("b", { after: ["a"] }));
    const reason = "the tasks wait for each other in a circle: a -> b -> a";
    expect(circle).toEqual({ kind: "invalid", reason });
    const stranger = desk.submit(task("a", { after: ["x"] }));
    expect(stranger).toMatchObject({ reason: expect.stringContaining('waits for "x"') as string });
    expect(desk.status("a")).toBe("unknown");
  });

  it("a dead letter takes its children along, down to the last, with the cause at the root", () => {
    const desk = new Desk({ maxAttempts: 1 });
    desk.submit("a", task("b", { after: ["a"] }), task("c", { after: ["b"] }));
    desk.work("w1");
    desk.work("w1", { failed: failed("a") });
    expect(desk.ending("a")).toMatchObject({ kind: "dead", why: "failed", detail: "no rice" });
    const detail = "its parent b is dead (failed: no rice)";
    expect(desk.ending("c")).toMatchObject({ kind: "dead", why: "parent", detail });
    desk.submit(task("d", { after: ["a"] }));
    expect(desk.ending("d")).toMatchObject({ kind: "dead", why: "parent" });
  });

  it("a dead letter that is tried again brings its children back, and its attempts count on", () => {
    const desk = new Desk({ maxAttempts: 1 });
    desk.submit("a", task("b", { after: ["a"] }));
    desk.work("w1");
    desk.work("w1", { failed: failed("a") });
    expect(desk.board.do({ op: "redrive", ids: ["a"] })).toEqual({
      kind: "changed",
      ids: ["a", "b"],
    });
    expect(desk.work("w1", { finished: done("a") }).stale).toEqual([{ id: "a", attempt: 1 }]);
    expect(desk.given("w1", { finished: done("a", 2) })).toEqual(["b"]);
  });
});

describe("failures", () => {
  it("Brooker 2015: later and later, by chance, the same for the same seed; then a dead letter", () => {
    const waits = (seed: number): number[] => {
      const desk = new Desk({ maxAttempts: 4, backoff: { baseMs: 100 }, seed, leaseMs: 1e6 });
      desk.submit("a");
      return [1, 2, 3].map((attempt) => {
        expect(desk.work("w1", { capacity: 1 }).leases).toMatchObject([{ id: "a", attempt }]);
        const before = desk.board.state.nowMs;
        desk.work("w1", { failed: failed("a", attempt), capacity: 0 });
        const atMs = desk.board.nextTimerMs;
        desk.board.do({ op: "tick" }, { atMs });
        return atMs - before;
      });
    };
    const [first, second, third] = waits(1);
    expect(first).toBeLessThanOrEqual(100);
    expect(second).toBeLessThanOrEqual(200);
    expect(third).toBeLessThanOrEqual(400);
    expect(waits(1)).toEqual([first, second, third]);
    expect(waits(2)).not.toEqual([first, second, third]);
  });

  it("an attempt that takes too long is over, and its worker is told", () => {
    const desk = new Desk({ backoff: { baseMs: 0, capMs: 0 } });
    desk.submit(task("a", { timeoutMs: 50 }));
    desk.work("w1", { capacity: 1 });
    desk.board.do({ op: "tick" }, { atMs: 50 });
    const [stop, again] = desk.board.takeNews();
    expect(stop).toMatchObject({ kind: "stop", stop: { id: "a", attempt: 1, why: "timedOut" } });
    expect(again ?? desk.work("w1").leases[0]).toMatchObject({ to: "w1", lease: { attempt: 2 } });
  });

  it("what has not ended in time is given up, and says so", () => {
    const desk = new Desk();
    desk.submit(task("a", { expiresMs: 100 }));
    desk.board.do({ op: "tick" }, { atMs: 100 });
    const detail = "it had not ended 100 ms after its submission";
    expect(desk.ending("a")).toMatchObject({ kind: "dead", why: "expired", detail });
  });

  it("a task that ends its workers is given up too", () => {
    const desk = new Desk({ leaseMs: 10, maxAttempts: 2, backoff: { baseMs: 0, capMs: 0 } });
    desk.submit("a");
    for (const atMs of [0, 20, 40]) desk.work("w1", { atMs, incarnation: [atMs, 1] });
    expect(desk.ending("a")).toMatchObject({ kind: "dead", why: "workerLost" });
  });

  it("a cancelled task is over, wherever it was; its worker is told, and its outcome refused", () => {
    const desk = new Desk();
    desk.submit("a", task("b", { after: ["a"] }));
    desk.work("w1");
    expect(desk.board.do({ op: "cancel", ids: ["a", "x"] })).toEqual({
      kind: "changed",
      ids: ["a"],
    });
    const told = desk.board.takeNews().map(({ kind, to }) => `${kind} to ${to}`);
    expect(told).toEqual(["stop to w1", "ended to c1", "ended to c1"]);
    expect(desk.work("w1", { finished: done("a") }).stale).toHaveLength(1);
    expect(desk.ending("b")).toMatchObject({ kind: "dead", detail: "its parent a was cancelled" });
  });
});

describe("submissions", () => {
  it("the same id again is the same task, and is answered with its outcome", () => {
    const desk = new Desk();
    desk.submit("a");
    expect(desk.submit("a")).toMatchObject({ known: [{ id: "a", status: "ready", ending: null }] });
    desk.work("w1");
    desk.work("w1", { finished: [{ id: "a", attempt: 1, result: 7 }] });
    expect(desk.submit("a", "b")).toMatchObject({ known: [{ id: "a", ending: { result: 7 } }] });
    expect(desk.status("b")).toBe("running");
  });

  it("an outcome is known for as long and for as many as the settings say", () => {
    const desk = new Desk({ maxEnded: 2, retentionMs: 100 });
    desk.submit("a", "b", "c");
    desk.given("w1");
    desk.work("w1", { finished: ["a", "b", "c"].flatMap((id) => done(id)) });
    desk.board.do({ op: "tick" }, { atMs: 100 });
    expect(["a", "b", "c"].map((id) => desk.status(id))).toEqual(["unknown", "done", "done"]);
    desk.board.do({ op: "tick" }, { atMs: 101 });
    expect(desk.status("c")).toBe("unknown");
  });

  it("a full board takes all of a submission or none, and says when to come again", () => {
    const desk = new Desk({ maxWaiting: 2, shedding: [{ priority: 9, above: 0.5 }] });
    desk.submit("a");
    expect(desk.submit("b", "c")).toEqual({ kind: "full", retryAfterMs: 1_000 });
    expect(desk.submit(task("d", { priority: 9 })).kind).toBe("full");
    expect(desk.submit("b").kind).toBe("submitted");
    expect(desk.submit("a").kind).toBe("submitted");
  });

  it("a delayed task waits for its time, a cron job submits at its own", () => {
    const desk = new Desk({ epochMs: Date.UTC(2026, 0, 1, 0, 0, 30) });
    desk.submit(task("a", { delayMs: 100 }));
    const cron = { op: "cron", name: "tiffin", expression: "* * * * *", task: { kind: "k" } };
    expect(desk.board.do(cron as never)).toEqual({ kind: "ok" });
    expect(desk.given("w1")).toEqual([]);
    desk.board.do({ op: "tick" }, { atMs: 100 });
    expect(desk.status("a")).toBe("running");
    desk.board.do({ op: "tick" }, { atMs: 30_000 });
    expect(desk.status(`tiffin@${Date.UTC(2026, 0, 1, 0, 1)}`)).not.toBe("unknown");
    expect(desk.board.do({ ...cron, expression: "61 * * * *" } as never).kind).toBe("invalid");
  });

  it.each([
    [{ id: "" }, "a task's id must be text"],
    [{ priority: 10 }, 'priority of task "a" must be from 0 to 9, but was 10'],
    [{ priority: 1.5 }, 'priority of task "a" must be a whole number'],
    [{ delayMs: -1 }, 'delayMs of task "a" must be from 0'],
    [{ needs: "gpu" }, 'needs of task "a" must be a list'],
    [{ backoff: { factor: 0 } }, 'backoff of task "a": factor must be from 1'],
  ])("%j is told", (wrong, reason) => {
    const answer = new Desk().submit({ ...task("a"), ...(wrong as Partial<TaskSpec>) });
    expect(answer).toMatchObject({ kind: "invalid" });
    expect((answer as { reason: string }).reason).toContain(reason);
  });

  it("settings that cannot be are told by name", () => {
    expect(() => new TaskBoard({ leaseMs: 0 })).toThrow("leaseMs must be from 1");
    expect(() => new TaskBoard({ lease: 1 } as never)).toThrow('a board has no option "lease"');
  });
});

describe("drain", () => {
  it("a worker that drains gets nothing more, and gives back what it has not begun", () => {
    const desk = new Desk();
    desk.submit("a", "b");
    desk.given("w1", { capacity: 1 });
    desk.board.do({ op: "drain", worker: "w1" });
    expect(desk.work("w1", { capacity: 9 })).toMatchObject({ leases: [], isDraining: true });
    desk.work("w1", { returned: [{ id: "a", attempt: 1 }], capacity: 0 });
    expect(desk.work("w2", { capacity: 9 }).leases).toMatchObject([
      { id: "a", attempt: 2 },
      { id: "b", attempt: 1 },
    ]);
  });

  it("a board that drains takes and gives nothing, lets what runs end, and opens again", () => {
    const desk = new Desk();
    desk.submit("a", "b");
    desk.given("w1", { capacity: 1 });
    desk.board.do({ op: "drain", worker: null });
    expect(desk.submit("c").kind).toBe("draining");
    expect(desk.work("w1", { finished: done("a") })).toMatchObject({ leases: [], stale: [] });
    desk.board.do({ op: "drain", worker: null, isOver: true });
    expect(desk.status("b")).toBe("running");
  });
});

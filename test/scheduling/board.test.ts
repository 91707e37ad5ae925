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

/** What the board refuses. Commands are logged: one that threw would throw at each start anew. */
import { describe, expect, it } from "vitest";
import { TaskBoard } from "dabbawala/scheduling";
import type { BoardCommand, BoardQuery, TaskSpec } from "dabbawala/scheduling";

describe("what cannot be is answered in a sentence, and changes nothing", () => {
  const work = { op: "work", worker: "w1", incarnation: [1, 1], sequence: 1, capabilities: ["k"] };
  const cron = { op: "cron", name: "nightly", expression: "* * * * *", task: { kind: "k" } };

  it.each([
    ["no command", null, "the board knows submit"],
    [
      "an outcome that is nothing",
      { ...work, capacity: 1, finished: [null] },
      "finished is a list",
    ],
    ["outcomes that are a number", { ...work, capacity: 1, finished: 5 }, "finished is a list"],
    [
      "a failure without a reason",
      { ...work, capacity: 1, failed: [{ id: "a", attempt: 1 }] },
      "reason",
    ],
    ["a heartbeat of nothing", { ...work, capacity: 1, held: [null] }, "held is a list"],
    [
      "an attempt without a number",
      { ...work, capacity: 1, returned: [{ id: "a" }] },
      "returned is",
    ],
    ["no capacity", work, "capacity must be from 0"],
    ["a capability that is a number", { ...work, capacity: 1, capabilities: [5] }, "list of names"],
    ["a cron job without a name", { ...cron, name: undefined }, "a cron job's name must be text"],
    ["a cron job of no kind", { ...cron, task: {} }, "the kind of task"],
    ["a cron job with parents", { ...cron, task: { kind: "k", after: ["a"] } }, "waits for others"],
    ["no settings", { op: "configure", settings: null }, "configure needs settings"],
    [
      "a worker to drain that is not there",
      { op: "drain", worker: "w9" },
      'no worker is called "w9"',
    ],
    ["a cancellation of nothing", { op: "cancel" }, "cancel needs a list of ids"],
  ])("%s", (_what, command, reason) => {
    const board = new TaskBoard();
    const before = structuredClone(board.state);
    const answer = board.do(command as unknown as BoardCommand);
    expect(answer).toEqual({ kind: "invalid", reason: expect.stringContaining(reason) });
    expect(board.state).toEqual(before);
  });

  it("an id that comes again with other work", () => {
    const board = new TaskBoard();
    const submit = (...tasks: readonly TaskSpec[]) => board.do({ op: "submit", tasks });
    const payload = { paise: 100 };
    submit({ id: "pay-7", kind: "pay", payload });
    const known = [{ id: "pay-7", status: "ready", ending: null }];
    const again = { id: "pay-7", kind: "pay", payload: { ...payload } };
    expect(submit(again)).toEqual({ kind: "submitted", known });
    const reason = 'the id "pay-7" is taken by a task with another payload: an id means one task';
    const other = { ...again, payload: { paise: 900 } };
    expect(submit({ id: "fresh", kind: "pay" }, other)).toEqual({ kind: "invalid", reason });
    const look = board.ask({ op: "look", ids: ["fresh"] });
    expect(look).toMatchObject({ views: [{ status: "unknown" }] });
    const refund = submit({ ...again, kind: "refund" });
    expect(refund).toMatchObject({
      kind: "invalid",
      reason: expect.stringContaining("another kind"),
    });
    board.do({ op: "cancel", ids: ["pay-7"] });
    expect(submit(other)).toMatchObject({ kind: "invalid" });
  });

  it("queries", () => {
    const board = new TaskBoard();
    const ask = (query: unknown) => board.ask(query as BoardQuery);
    expect(ask({ op: "dead" })).toEqual({ kind: "invalid", reason: "dead needs a limit from 0" });
    expect(ask({ op: "look" })).toMatchObject({ kind: "invalid" });
    expect(ask(null)).toMatchObject({ kind: "invalid" });
  });
});

import { describe, expect, it } from "vitest";
import { findCycle } from "dabbawala/locks";
import { Table } from "./table-driver";

describe("sessions (Chubby, section 2.8)", () => {
  it("end when they are not renewed in time, by the leader's time; what they held is free", () => {
    const table = new Table("c1", "c2");
    table.acquire("c1", "x");
    expect(table.acquire("c2", "x")).toEqual({ kind: "queued", ahead: 0 });
    table.tick(900);
    expect(table.keepAlive("c2")).toEqual({ kind: "alive", news: [] });
    table.tick(99);
    expect(table.look("x")).toBe("c1 | c2");
    table.tick(1);
    expect(table.look("x")).toBe("c2 | ");
    expect(table.keepAlive("c1")).toEqual({ kind: "noSession" });
  });

  it("a renewal that comes when the session is over does not bring it back", () => {
    const table = new Table("c1");
    table.nowMs += 1_000;
    expect(table.keepAlive("c1")).toEqual({ kind: "noSession" });
  });

  it("time never goes back, whoever leads", () => {
    const table = new Table("c1");
    table.tick(500);
    table.nowMs -= 100_000;
    table.tick(0);
    expect(table.state.nowMs).toBe(1_500);
  });

  it("a repeated opening is the same session, a later one takes its place", () => {
    const table = new Table("c1");
    table.acquire("c1", "x");
    expect(table.open("c1")).toEqual({ kind: "opened", session: 1, ttlMs: 1_000 });
    expect(table.open("c1", 1_000, [1, 7, 2])).toMatchObject({ kind: "opened", session: 2 });
    expect(table.look("x")).toBe(" | ");
    expect(table.open("c1", 1_000, [1, 7, 1])).toEqual({ kind: "noSession" });
    expect(table.open("c1", 1_000, [2, 3, 1])).toMatchObject({ kind: "opened", session: 3 });
    expect(table.open("c1", 1_000, [1, 7, 9])).toEqual({ kind: "noSession" });
    // Of a client that has forgotten its life, and draws another number.
    expect(table.open("c1", 1_000, [2, 5, 1])).toMatchObject({ kind: "opened", session: 4 });
  });

  it("news stay until they are acknowledged", () => {
    const table = new Table("c1", "c2");
    table.acquire("c1", "x");
    table.acquire("c2", "x");
    table.release("c1", "x");
    const granted = { kind: "granted", number: 1, label: 1, tokens: { x: 2 } };
    expect(table.keepAlive("c2")).toEqual({ kind: "alive", news: [granted] });
    expect(table.keepAlive("c2", 0)).toEqual({ kind: "alive", news: [granted] });
    expect(table.keepAlive("c2", 1)).toEqual({ kind: "alive", news: [] });
  });

  it("nobody acts in another client's session", () => {
    const table = new Table("c1", "c2");
    table.acquire("c1", "x");
    const theft = { op: "release", session: 1, sequence: 9, name: "x", token: 1 } as const;
    expect(table.apply("c2", theft)).toEqual({ kind: "noSession" });
  });
});

describe("acquire and release", () => {
  it("tokens rise with every grant, over all locks", () => {
    const table = new Table("c1", "c2");
    expect(table.acquire("c1", "x")).toEqual({ kind: "granted", tokens: { x: 1 } });
    expect(table.acquire("c2", "y")).toEqual({ kind: "granted", tokens: { y: 2 } });
    expect(table.release("c1", "x")).toEqual({ kind: "released", left: 0 });
    expect(table.acquire("c2", "x")).toEqual({ kind: "granted", tokens: { x: 3 } });
  });

  it("first come, first served, and a waiting writer stops later readers", () => {
    const table = new Table("c1", "c2", "c3", "c4");
    const shared = { mode: "shared" } as const;
    table.acquire("c1", "x", shared);
    expect(table.acquire("c2", "x", shared)).toMatchObject({ kind: "granted" });
    table.acquire("c3", "x");
    expect(table.acquire("c4", "x", shared)).toEqual({ kind: "queued", ahead: 1 });
    table.release("c1", "x");
    expect(table.look("x")).toBe("c2 | c3 c4");
    table.release("c2", "x");
    expect(table.look("x")).toBe("c3 | c4");
    table.release("c3", "x");
    expect(table.look("x")).toBe("c4 | ");
  });

  it("try: it does not wait; timeout: it waits so long, and then is told", () => {
    const table = new Table("c1", "c2");
    table.acquire("c1", "x");
    expect(table.acquire("c2", "x", { waitMs: 0 })).toEqual({ kind: "denied", why: "taken" });
    table.acquire("c2", "x", { waitMs: 200 });
    table.tick(199);
    expect(table.look("x")).toBe("c1 | c2");
    table.tick(1);
    expect(table.look("x")).toBe("c1 | ");
    expect(table.news("c2")).toEqual([{ kind: "denied", why: "timedOut", label: 2, number: 1 }]);
  });

  it("re-entrant: as many releases as acquires, one token", () => {
    const table = new Table("c1", "c2");
    table.acquire("c1", "x");
    table.acquire("c2", "x");
    expect(table.acquire("c1", "x")).toEqual({ kind: "granted", tokens: { x: 1 } });
    expect(table.release("c1", "x")).toEqual({ kind: "released", left: 1 });
    expect(table.look("x")).toBe("c1 | c2");
    expect(table.release("c1", "x")).toEqual({ kind: "released", left: 0 });
    expect(table.look("x")).toBe("c2 | ");
  });

  it("a release by an old token is of nobody's hold", () => {
    const table = new Table("c1", "c2");
    table.acquire("c1", "x");
    table.release("c1", "x");
    table.acquire("c1", "x");
    expect(table.release("c1", "x", 1)).toEqual({ kind: "notHeld" });
    expect(table.look("x")).toBe("c1 | ");
    expect(table.release("c2", "x", 2)).toEqual({ kind: "notHeld" });
  });

  it("a repeated command is answered again, and not done again", () => {
    const table = new Table("c1", "c2");
    const stamp = table.of("c1", table.next("c1"));
    const wish = { label: 1, names: ["x"], mode: "exclusive", waitMs: null } as const;
    const first = table.apply("c1", { op: "acquire", ...stamp, ...wish });
    expect(table.apply("c1", { op: "acquire", ...stamp, ...wish })).toEqual(first);
    table.release("c1", "x");
    expect(table.look("x")).toBe(" | ");
    expect(table.apply("c1", { op: "acquire", ...stamp, ...wish }).kind).toBe("invalid");
  });

  it("nonsense is answered with a reason", () => {
    const table = new Table("c1");
    const acquire = (wish: object) => table.acquire("c1", "x", wish);
    expect(acquire({ names: [] })).toMatchObject({ kind: "invalid" });
    expect(acquire({ mode: "half" })).toMatchObject({ reason: "mode must be exclusive or shared" });
    expect(acquire({ waitMs: -1 })).toMatchObject({ kind: "invalid" });
    expect(table.open("c2", 0)).toMatchObject({ kind: "invalid" });
    expect(table.machine.apply(table.state, null)).toMatchObject({ kind: "invalid" });
    expect(table.machine.apply(table.state, { op: "tick" })).toMatchObject({ kind: "invalid" });
    expect(table.machine.query(table.state, {})).toMatchObject({ kind: "invalid" });
  });
});

describe("upgrade, watch, batches", () => {
  it("a reader becomes the writer when it is alone, before those in line", () => {
    const table = new Table("c1", "c2", "c3");
    for (const client of ["c1", "c2"]) table.acquire(client, "x", { mode: "shared" });
    table.acquire("c3", "x");
    expect(table.upgrade("c1", "x")).toEqual({ kind: "queued", ahead: 0 });
    table.release("c2", "x");
    expect(table.look("x")).toBe("c1 | c3");
    expect(table.state.locks.get("x")?.holders.get(1)).toEqual({
      mode: "exclusive",
      token: 3,
      count: 1,
    });
    expect(table.upgrade("c2", "x")).toEqual({ kind: "notHeld" });
  });

  it("two readers that both want to write wait for each other: the second is refused", () => {
    const table = new Table("c1", "c2");
    for (const client of ["c1", "c2"]) table.acquire(client, "x", { mode: "shared" });
    table.upgrade("c1", "x");
    expect(table.upgrade("c2", "x")).toEqual({ kind: "denied", why: "deadlock" });
    table.release("c2", "x");
    expect(table.news("c1")).toMatchObject([{ kind: "granted", tokens: { x: 3 } }]);
  });

  it("a writer becomes a reader: readers in line come in, up to the next writer", () => {
    const table = new Table("c1", "c2", "c3", "c4", "c5");
    table.acquire("c1", "x");
    for (const client of ["c2", "c3"]) table.acquire(client, "x", { mode: "shared" });
    table.acquire("c4", "x");
    table.acquire("c5", "x", { mode: "shared" });
    expect(table.downgrade("c1", "x")).toEqual({ kind: "granted", tokens: { x: 1 } });
    expect(table.look("x")).toBe("c1 c2 c3 | c4 c5");
    expect(table.downgrade("c1", "x")).toEqual({ kind: "granted", tokens: { x: 1 } });
    for (const client of ["c1", "c2", "c3"]) table.release(client, "x");
    expect(table.look("x")).toBe("c4 | c5");
  });

  it("a downgrade needs the hold and its token, keeps the count, and tells those who watch", () => {
    const table = new Table("c1", "c2");
    expect(table.downgrade("c1", "x", 1)).toEqual({ kind: "notHeld" });
    table.acquire("c1", "x");
    table.acquire("c1", "x");
    table.watch("c2", "x");
    expect(table.downgrade("c1", "x", 7)).toEqual({ kind: "notHeld" });
    table.downgrade("c1", "x");
    expect(table.news("c2")).toMatchObject([{ kind: "changed", name: "x" }]);
    const hold = table.state.locks.get("x")?.holders.get(1);
    expect(hold).toEqual({ mode: "shared", token: 1, count: 2 });
    table.acquire("c2", "x", { mode: "shared" });
    expect(table.upgrade("c1", "x")).toEqual({ kind: "queued", ahead: 0 });
  });

  it("a watcher is told of the next change, once", () => {
    const table = new Table("c1", "c2");
    table.acquire("c1", "x");
    expect(table.watch("c2", "x")).toEqual({ kind: "watching", holders: 1 });
    table.release("c1", "x");
    table.acquire("c1", "x");
    expect(table.news("c2")).toMatchObject([{ kind: "changed", name: "x" }]);
  });

  it("a batch is taken in the order of names, and all or nothing is told", () => {
    const table = new Table("c1", "c2", "c3");
    table.acquire("c1", "b");
    expect(table.acquire("c2", ["c", "b", "a"])).toEqual({ kind: "queued", ahead: 0 });
    expect([table.look("a"), table.look("b"), table.look("c")]).toEqual([
      "c2 | ",
      "c1 | c2",
      " | ",
    ]);
    table.release("c1", "b");
    expect(table.news("c2")).toMatchObject([{ kind: "granted", tokens: { a: 2, b: 3, c: 4 } }]);
    table.acquire("c3", ["a", "d"], { waitMs: 100 });
    table.acquire("c1", "d");
    table.tick(100);
    expect([table.look("a"), table.look("d")]).toEqual(["c2 | ", "c1 | "]);
  });

  it("a deadlock is seen at once: the claim that closes the circle is refused", () => {
    const table = new Table("c1", "c2", "c3");
    ["x", "y", "z"].forEach((name, i) => table.acquire(`c${i + 1}`, name));
    table.acquire("c1", "y");
    table.acquire("c2", "z");
    expect(table.acquire("c3", "x")).toEqual({ kind: "denied", why: "deadlock" });
    expect(table.look("x")).toBe("c1 | ");
    table.release("c3", "z");
    expect(table.news("c2")).toMatchObject([{ kind: "granted", tokens: { z: 4 } }]);
  });

  it("a session that ends leaves its place in every line", () => {
    const table = new Table("c1", "c2", "c3");
    table.acquire("c1", "x");
    table.acquire("c2", ["w", "x"]);
    table.acquire("c3", "x");
    expect(table.close("c2")).toEqual({ kind: "closed" });
    expect([table.look("w"), table.look("x")]).toEqual([" | ", "c1 | c3"]);
  });
});

describe("the wait-for graph", () => {
  it("finds a cycle where there is one", () => {
    const graph = (edges: [string, string[]][]) => findCycle(new Map(edges));
    expect(
      graph([
        ["a", ["b"]],
        ["b", ["c", "d"]],
        ["d", ["b"]],
      ]),
    ).toEqual(["b", "d"]);
    expect(
      graph([
        ["a", ["b", "c"]],
        ["b", ["c"]],
      ]),
    ).toBeUndefined();
    expect(graph([["a", ["a"]]])).toEqual(["a"]);
  });
});

/** One client of the cache and its database, events made by hand. */
import { describe, expect, it } from "vitest";
import { CacheDatabase } from "dabbawala/caching";
import type { CacheMessage, DatabaseOptions } from "dabbawala/caching";
import { OneNode, client, noted, sent } from "./one-node";
import type { Effects, Permit } from "./one-node";

const permit: Permit = { life: 1, atMs: 1_000, token: 1 };
const submit = (op: "read" | "write", key: string, value = "new"): CacheMessage => ({
  type: "submit",
  operation: op === "read" ? { op, key } : { op, key, value },
});

function got(effects: Effects, answer: object): CacheMessage {
  const { requestId, key } = sent(effects, "get")[0]!.message;
  const empty = { found: "miss", row: null, permit: null, isHot: false } as const;
  return { type: "got", requestId, key, ...empty, ...answer };
}

function loaded(effects: Effects, value: unknown = "row", version = 1): CacheMessage {
  const { requestId, key } = sent(effects, "load")[0]!.message;
  return { type: "loaded", requestId, key, row: { value, version } };
}

describe("reads", () => {
  it("a hit is an answer", () => {
    const c1 = client();
    const asked = c1.hear("outside", submit("read", "phone"));
    const row = { value: "₹9,999", version: 4 };
    const ended = c1.hear("n1", got(asked, { found: "hit", row }));
    expect(noted(ended, "ok")).toMatchObject([{ value: "₹9,999", version: 4, from: "cache" }]);
  });

  it("a miss is loaded, answered, and filled with the permit", () => {
    const c1 = client();
    const asked = c1.hear("outside", submit("read", "phone"));
    const { to } = sent(asked, "get")[0]!;
    const missed = c1.hear(to, got(asked, { permit }));
    c1.nowMs += 8;
    const filled = c1.hear("db", loaded(missed));
    expect(noted(filled, "ok")).toMatchObject([{ value: "row", from: "database" }]);
    expect(sent(filled, "set")).toMatchObject([{ to, message: { permit, tookMs: 8 } }]);
  });

  it("told to wait it asks again, and after so often the database", () => {
    const c1 = client({ maxWaits: 1, waitMs: 5 });
    const asked = c1.hear("outside", submit("read", "phone"));
    const waited = c1.hear("n1", got(asked, { found: "wait" }));
    const timer = waited.find((effect) => effect.kind === "setTimer");
    expect(timer).toMatchObject({ afterMs: 5 });
    const again = c1.ring((timer as { timer: { flight: number } }).timer);
    expect(sent(again, "get")).toHaveLength(1);
    const last = c1.hear("n1", got(again, { found: "wait" }));
    expect(sent(last, "load")).toHaveLength(1);
    expect(sent(c1.hear("db", loaded(last)), "set")).toEqual([]);
  });

  it("a load that fails gives its lease back, and says so to all who waited", () => {
    const c1 = client();
    const asked = c1.hear("outside", submit("read", "phone"));
    c1.hear("outside", submit("read", "phone"));
    const missed = c1.hear("n1", got(asked, { permit }));
    const { requestId } = sent(missed, "load")[0]!.message;
    const failed = c1.hear("db", { type: "busy", requestId });
    expect(noted(failed, "fail")).toHaveLength(2);
    expect(sent(failed, "release")).toMatchObject([{ message: { permit } }]);
  });

  it("a row that is to be loaded anew is answered first", () => {
    const c1 = client();
    const asked = c1.hear("outside", submit("read", "phone"));
    const row = { value: "old", version: 1 };
    const told = c1.hear("n1", got(asked, { found: "stale", row, permit }));
    expect(noted(told, "ok")).toMatchObject([{ value: "old", from: "stale" }]);
    const other = c1.hear("outside", submit("read", "phone"));
    expect(sent(other, "get")).toHaveLength(1);
    expect(sent(c1.hear("db", loaded(told, "new", 2)), "set")).toHaveLength(1);
  });
});

describe("coalescing", () => {
  it("reads that come before the database is asked are one load", () => {
    const c1 = client();
    const asked = c1.hear("outside", submit("read", "phone"));
    for (let i = 0; i < 9; i++) {
      expect(sent(c1.hear("outside", submit("read", "phone")), "get")).toEqual([]);
    }
    const missed = c1.hear("n1", got(asked, { permit }));
    expect(noted(c1.hear("db", loaded(missed)), "ok")).toHaveLength(10);
  });

  it("a read that comes later asks for itself: the load may be older than a write before it", () => {
    const c1 = client();
    const asked = c1.hear("outside", submit("read", "phone"));
    const missed = c1.hear("n1", got(asked, { permit }));
    c1.hear("outside", submit("read", "phone"));
    c1.hear("outside", submit("read", "phone"));
    const filled = c1.hear("db", loaded(missed));
    expect(noted(filled, "ok")).toHaveLength(1);
    const { requestId } = sent(filled, "set")[0]!.message;
    const next = c1.hear("n1", { type: "wasSet", requestId, isKept: true });
    expect(sent(next, "get")).toHaveLength(1);
    const row = { value: "row", version: 1 };
    expect(noted(c1.hear("n1", got(next, { found: "hit", row })), "ok")).toHaveLength(2);
  });

  it("can be left out", () => {
    const c1 = client({ isCoalescing: false });
    c1.hear("outside", submit("read", "phone"));
    expect(sent(c1.hear("outside", submit("read", "phone")), "get")).toHaveLength(1);
  });
});

describe("section 3.3: servers that fail", () => {
  const timerOf = (effects: Effects) => {
    const found = effects.find((effect) => effect.kind === "setTimer");
    return (found as { timer: { flight: number } | { operation: number } }).timer;
  };

  it("a silent server's keys are asked of a gutter, then of the database", () => {
    const c1 = client({ gutters: ["g1"] });
    const asked = c1.hear("outside", submit("read", "phone"));
    expect(sent(asked, "get")[0]?.to).toMatch(/^n/);
    const second = c1.ring(timerOf(asked));
    expect(noted(second, "suspect")).toHaveLength(1);
    expect(sent(second, "get")[0]?.to).toBe("g1");
    expect(sent(c1.ring(timerOf(second)), "load")).toHaveLength(1);
  });

  it("a suspect is asked again after a while, and at once when it has been heard", () => {
    const c1 = client({ suspectMs: 100 });
    const asked = c1.hear("outside", submit("read", "phone"));
    const owner = sent(asked, "get")[0]!.to;
    c1.ring(timerOf(asked));
    expect(sent(c1.hear("outside", submit("read", "phone")), "get")).toEqual([]);
    const early = client({ suspectMs: 100, isCoalescing: false });
    early.ring(timerOf(early.hear("outside", submit("read", "phone"))));
    expect(sent(early.hear("outside", submit("read", "phone")), "load")).toHaveLength(1);
    early.nowMs += 100;
    expect(sent(early.hear("outside", submit("read", "phone")), "get")[0]?.to).toBe(owner);
    early.ring(timerOf(early.hear("outside", submit("read", "phone"))));
    early.hear(owner, { type: "deleted", requestId: 1 });
    expect(sent(early.hear("outside", submit("read", "phone")), "get")[0]?.to).toBe(owner);
  });

  it("a hot key is asked of any of its replicas", () => {
    const c1 = client({ hotReplicas: 3, isCoalescing: false });
    const asked = c1.hear("outside", submit("read", "phone"));
    c1.hear("n1", got(asked, { found: "hit", row: { value: 1, version: 1 }, isHot: true }));
    const homes = [0, 0.4, 0.8].map((random) => {
      c1.random = random;
      return sent(c1.hear("outside", submit("read", "phone")), "get")[0]!.to;
    });
    expect(new Set(homes).size).toBe(3);
  });
});

describe("writes", () => {
  function stored(options: Parameters<typeof client>[0]) {
    const c1 = client(options);
    const begun = c1.hear("outside", submit("write", "phone"));
    const { requestId, key } = sent(begun, "store")[0]!.message;
    const row = { value: "new", version: 2 };
    return { c1, requestId, told: c1.hear("db", { type: "stored", requestId, key, row }) };
  }

  it("aside: the database first, then all that may have the key, then it is done", () => {
    const { c1, requestId, told } = stored({ gutters: ["g1"], hotReplicas: 2 });
    expect(noted(told, "ok")).toEqual([]);
    const holders = sent(told, "delete").map(({ to }) => to);
    expect(holders).toHaveLength(3);
    const done = holders.flatMap((id) => c1.hear(id, { type: "deleted", requestId }));
    expect(noted(done, "ok")).toMatchObject([{ version: 2 }]);
  });

  it("around: done when the database has it", () => {
    const { told } = stored({ writes: "around" });
    expect(sent(told, "delete")).toEqual([]);
    expect(noted(told, "ok")).toHaveLength(1);
  });

  it("a delete is repeated; who cannot be told makes the write uncertain", () => {
    const { c1, told } = stored({ replyMs: 20, invalidateMs: 60 });
    const operation = (noted(told, "suspect"), [...c1.node.operations.keys()][0]!);
    expect(sent(c1.ring({ operation }), "delete")).toHaveLength(1);
    expect(sent(c1.ring({ operation }), "delete")).toHaveLength(1);
    const last = c1.ring({ operation });
    expect(noted(last, "notInvalidated")).toHaveLength(1);
    expect(noted(last, "info")).toHaveLength(1);
  });

  it("or it is done when the TTL is over, by the slowest of clocks", () => {
    const options = { replyMs: 20, invalidateMs: 20, unreachable: "waitTtl" } as const;
    const { c1 } = stored({ ...options, ttlMs: 1_000, staleMs: 200, maxDrift: 0.1 });
    const operation = [...c1.node.operations.keys()][0]!;
    const waiting = c1.ring({ operation });
    const timer = waiting.find((effect) => effect.kind === "setTimer");
    expect((timer as { afterMs: number }).afterMs).toBeCloseTo(1_320);
    expect(noted(c1.ring({ operation }), "ok")).toHaveLength(1);
  });
});

describe("the database", () => {
  const database = (options: Partial<DatabaseOptions> = {}) =>
    new OneNode(new CacheDatabase("db", [], options));
  const store = (order: number, value: string, version?: number): CacheMessage => ({
    ...{ type: "store", requestId: order, key: "k", value, writer: "c1", order },
    ...(version !== undefined && { version }),
  });

  it("does so much at once, so much waits, more is refused", () => {
    const db = database({ workers: 1, maxQueue: 1, readMs: 5 });
    const load = (requestId: number) => ({ type: "load", requestId, key: "k" }) as const;
    expect(noted(db.hear("c1", load(1)), "load")).toEqual(["k"]);
    expect(noted(db.hear("c1", load(2)), "load")).toEqual([]);
    expect(sent(db.hear("c1", load(3)), "busy")).toMatchObject([{ message: { requestId: 3 } }]);
    const rung = db.ring({ job: 1 });
    expect(sent(rung, "loaded")).toMatchObject([{ message: { requestId: 1 } }]);
    expect(noted(rung, "load")).toEqual(["k"]);
  });

  it("does a store once, and none after a later one of the same writer", () => {
    const db = database();
    const play = (message: CacheMessage, job: number) => {
      db.hear("c1", message);
      return sent(db.ring({ job }), "stored")[0]!.message.row;
    };
    expect(play(store(2, "b"), 1)).toEqual({ value: "b", version: 1 });
    expect(play(store(2, "b"), 2)).toEqual({ value: "b", version: 1 });
    expect(play(store(1, "a"), 3)).toEqual({ value: "b", version: 1 });
    expect(play(store(3, "c"), 4)).toEqual({ value: "c", version: 2 });
    expect(play(store(4, "old", 1), 5)).toEqual({ value: "c", version: 2 });
    expect(play(store(5, "far", 90), 6)).toEqual({ value: "far", version: 90 });
  });

  it("has its rows after a crash", () => {
    const db = database();
    db.hear("c1", store(1, "a"));
    db.ring({ job: 1 });
    const again = new OneNode(new CacheDatabase("db", []), Object.fromEntries(db.saved));
    expect(again.node.rowOf("k")).toEqual({ value: "a", version: 1 });
    expect(again.node.rowOf("other")).toEqual({ value: null, version: 0 });
  });
});

/**
 * R. Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, sentence by sentence, at one
 * server; and what is ours.
 */
import { describe, expect, it } from "vitest";
import { OneServer, noted, sent } from "./one-node";

describe("section 2: look-aside", () => {
  it("a miss is told, the client fills the key, and then it is there", () => {
    const server = new OneServer();
    const missed = server.get("phone");
    expect(missed).toMatchObject({ found: "miss", row: null });
    expect(server.set("phone", "₹9,999", missed.permit)).toBe(true);
    const row = { value: "₹9,999", version: 1 };
    expect(server.get("phone")).toMatchObject({ found: "hit", row, permit: null });
  });

  it("a delete takes the key out, also where it is not in", () => {
    const server = new OneServer();
    server.fill("phone", 1);
    server.delete("phone");
    server.delete("phone");
    expect(server.get("phone").found).toBe("miss");
  });

  it("the least recently used row goes first", () => {
    const server = new OneServer({ capacity: 2 });
    server.fill("a", 1);
    server.fill("b", 2);
    server.get("a");
    server.fill("c", 3);
    expect(["a", "b", "c"].map((key) => server.get(key).found)).toEqual(["hit", "miss", "hit"]);
  });
});

describe("section 3.2.1: leases", () => {
  it("a token is bound to its key", () => {
    const server = new OneServer();
    const { permit } = server.get("a");
    server.get("b");
    expect(server.set("b", 1, permit)).toBe(false);
    expect(server.set("a", 1, permit)).toBe(true);
  });

  it("a delete makes the token invalid: no stale set", () => {
    const server = new OneServer();
    const { permit } = server.get("phone");
    server.delete("phone");
    expect(server.set("phone", "old", permit)).toBe(false);
    expect(server.get("phone").found).toBe("miss");
  });

  it("a token is good for one set", () => {
    const server = new OneServer();
    const { permit } = server.get("phone");
    expect(server.set("phone", 1, permit)).toBe(true);
    expect(server.set("phone", 0, permit)).toBe(false);
    expect(server.get("phone").row?.value).toBe(1);
  });

  it("a token is returned once every 10 seconds per key, the others wait", () => {
    const server = new OneServer();
    const first = server.get("phone");
    expect(server.get("phone", "c2")).toMatchObject({ found: "wait", permit: null });
    server.nowMs += 9_999;
    expect(server.get("phone", "c2").found).toBe("wait");
    server.nowMs += 1;
    const second = server.get("phone", "c2");
    expect(second.found).toBe("miss");
    expect(server.set("phone", "late", first.permit)).toBe(false);
    expect(server.set("phone", "new", second.permit)).toBe(true);
  });

  it("with leaseEveryMs the limit holds although a delete took the token away", () => {
    const limited = new OneServer({ leaseEveryMs: 100 });
    limited.get("phone");
    limited.delete("phone");
    expect(limited.get("phone").found).toBe("wait");
    limited.nowMs += 100;
    expect(limited.fill("phone", 1)).toBe(true);
    limited.delete("phone");
    expect(limited.get("phone").found).toBe("wait");
    const usual = new OneServer();
    usual.get("phone");
    usual.delete("phone");
    expect(usual.get("phone").found).toBe("miss");
  });

  it("ours: a token that is given back goes to the next who asks", () => {
    const server = new OneServer();
    const { permit } = server.get("phone");
    server.hear("c1", { type: "release", key: "phone", permit: permit! });
    expect(server.get("phone").found).toBe("miss");
  });

  it("ours: a server that starts again knows no token of its earlier life", () => {
    const server = new OneServer();
    const { permit } = server.get("phone");
    const again = new OneServer({}, Object.fromEntries(server.saved));
    expect(noted(again.begun, "rejoined")).toEqual([2]);
    const other = again.get("phone").permit!;
    expect(other.token).toBe(permit!.token);
    expect(again.set("phone", "old", permit)).toBe(false);
    expect(again.set("phone", "new", other)).toBe(true);
  });
});

describe("ours: refills by version", () => {
  const options = { refills: "versions", leaseMs: 1_000 } as const;

  it("everybody may fill, but with nothing older than the last delete said", () => {
    const server = new OneServer(options);
    const [one, two] = [server.get("phone"), server.get("phone")];
    expect([one.found, two.found]).toEqual(["miss", "miss"]);
    server.delete("phone", 5);
    expect(server.set("phone", "old", one.permit, { version: 4 })).toBe(false);
    expect(server.set("phone", "new", two.permit, { version: 5 })).toBe(true);
    expect(server.set("phone", "older", one.permit, { version: 3 })).toBe(false);
    expect(server.get("phone").row?.value).toBe("new");
  });

  it("a delete of an earlier version spares a later row", () => {
    const server = new OneServer(options);
    server.fill("phone", "new", { version: 5 });
    server.delete("phone", 4);
    expect(server.get("phone").found).toBe("hit");
  });

  it("a permit is not good for longer than tombstones are remembered", () => {
    const server = new OneServer(options);
    const { permit } = server.get("phone");
    server.delete("phone", 5);
    server.nowMs += 1_001;
    server.delete("other", 1);
    expect(server.node.tombstones.has("phone")).toBe(false);
    expect(server.set("phone", "old", permit, { version: 4 })).toBe(false);
  });

  it("a tombstone that is forgotten for lack of room counts for all earlier permits", () => {
    const server = new OneServer({ ...options, capacity: 1 });
    const { permit } = server.get("phone");
    server.nowMs += 1;
    server.delete("phone", 5);
    server.delete("other", 1);
    expect(server.node.tombstones.has("phone")).toBe(false);
    expect(server.set("phone", "old", permit, { version: 4 })).toBe(false);
    server.nowMs += 1;
    expect(server.fill("phone", "new", { version: 5 })).toBe(true);
  });
});

describe("ends", () => {
  it("a row ends a TTL after the miss, however late it was filled", () => {
    const server = new OneServer({ ttlMs: 100 });
    const { permit } = server.get("phone");
    server.nowMs += 60;
    server.set("phone", 1, permit);
    server.nowMs += 39;
    expect(server.get("phone").found).toBe("hit");
    server.nowMs += 1;
    expect(server.get("phone").found).toBe("miss");
  });

  it("a row that comes after its end is not kept", () => {
    const server = new OneServer({ ttlMs: 100 });
    const { permit } = server.get("phone");
    server.nowMs += 100;
    expect(server.set("phone", 1, permit)).toBe(false);
  });

  it('"there is no such row" has a TTL of its own, and 0 keeps none', () => {
    const server = new OneServer({ ttlMs: 100, negativeTtlMs: 20 });
    expect(server.fill("ghost", null, { version: 0 })).toBe(true);
    expect(server.get("ghost")).toMatchObject({ found: "hit", row: { value: null } });
    server.nowMs += 20;
    expect(server.get("ghost").found).toBe("miss");
    const none = new OneServer({ negativeTtlMs: 0 });
    expect(none.fill("ghost", null)).toBe(false);
    expect(none.get("ghost").found).toBe("miss");
  });

  it("stale while revalidate: all have the old row, and one of them loads", () => {
    const server = new OneServer({ ttlMs: 100, staleMs: 50 });
    server.fill("phone", "old");
    server.nowMs += 120;
    const [one, two] = [server.get("phone"), server.get("phone")];
    expect([one.found, two.found]).toEqual(["stale", "stale"]);
    expect([one.permit === null, two.permit === null]).toEqual([false, true]);
    server.set("phone", "new", one.permit, { version: 2 });
    expect(server.get("phone")).toMatchObject({ found: "hit", row: { value: "new" } });
    server.delete("phone", 3);
    expect(server.get("phone").found).toBe("miss");
  });
});

describe("a server that takes its time", () => {
  it("answers gets one after the other, and refuses what is too much", () => {
    const server = new OneServer({ serviceMs: 2, maxQueue: 1 });
    const get = (requestId: number) => ({ type: "get", requestId, key: "a" }) as const;
    const first = server.hear("c1", get(1));
    expect(first).toContainEqual({ kind: "setTimer", timer: { job: 1 }, afterMs: 2 });
    expect(sent(first, "got")).toEqual([]);
    server.hear("c1", get(2));
    expect(sent(server.hear("c1", get(3)), "busy")).toHaveLength(1);
    const rung = server.ring({ job: 1 });
    expect(sent(rung, "got")[0]?.message.requestId).toBe(1);
    expect(sent(server.ring({ job: 2 }), "got")[0]?.message.requestId).toBe(2);
  });
});

describe("write-through and write-back", () => {
  const write = (requestId: number, value: string) =>
    ({ type: "write", requestId, key: "phone", value }) as const;

  it("through: the client hears of it when the database and the server have it", () => {
    const server = new OneServer({ writes: "through" });
    server.fill("phone", "old");
    const asked = server.hear("c1", write(7, "new"));
    const [store] = sent(asked, "store");
    expect(store).toMatchObject({ to: "db", message: { value: "new", writer: "c1", order: 7 } });
    expect(sent(asked, "written")).toEqual([]);
    expect(server.get("phone").found).toBe("miss");
    const { requestId } = store!.message;
    const row = { value: "new", version: 2 };
    const stored = server.hear("db", { type: "stored", requestId, key: "phone", row });
    expect(sent(stored, "written")[0]).toMatchObject({ to: "c1", message: { version: 2 } });
    expect(server.get("phone")).toMatchObject({ found: "hit", row });
  });

  it("through: one write of a key at a time; what is not answered is sent again", () => {
    const server = new OneServer({ writes: "through" });
    const [first] = sent(server.hear("c1", write(1, "a")), "store");
    expect(sent(server.hear("c2", write(1, "b")), "store")).toEqual([]);
    expect(sent(server.hear("c1", write(1, "a")), "store")).toEqual([]);
    expect(sent(server.ring({ write: "phone" }), "store")).toEqual([first]);
    const row = { value: "a", version: 1 };
    const { requestId } = first!.message;
    const stored = server.hear("db", { type: "stored", requestId, key: "phone", row });
    expect(sent(stored, "store")[0]?.message).toMatchObject({ value: "b", writer: "c2" });
  });

  it.each(["through", "back"] as const)(
    "%s, by version: no older row comes back when the new one was pushed out",
    (writes) => {
      const server = new OneServer({ writes, refills: "versions", capacity: 1 });
      const { permit } = server.get("phone");
      const written = server.hear("c1", write(1, "new"));
      const [store] = sent(writes === "back" ? server.ring("flush") : written, "store");
      const { requestId, version = 2 } = store!.message;
      const row = { value: "new", version };
      server.hear("db", { type: "stored", requestId, key: "phone", row });
      server.fill("other", 1);
      expect(server.get("phone").found).toBe("miss");
      expect(server.set("phone", "old", permit, { version: 1 })).toBe(false);
    },
  );

  it("back: the client hears at once, the database at the next flush", () => {
    const server = new OneServer({ writes: "back", flushMs: 50 });
    const written = server.hear("c1", write(1, "a"));
    expect(sent(written, "written")).toHaveLength(1);
    expect(sent(written, "store")).toEqual([]);
    expect(written).toContainEqual({ kind: "setTimer", timer: "flush", afterMs: 50 });
    server.hear("c1", write(2, "b"));
    const flushed = server.ring("flush");
    expect(sent(flushed, "store").map(({ message }) => message.value)).toEqual(["b"]);
    const { message } = sent(flushed, "store")[0]!;
    const row = { value: "b", version: message.version! };
    server.hear("db", { type: "stored", requestId: message.requestId, key: "phone", row });
    expect(server.node.dirty.size).toBe(0);
    expect(sent(server.ring("flush"), "store")).toEqual([]);
  });

  it("back: a dirty row is not pushed out; where there is no room, the write is refused", () => {
    const server = new OneServer({ writes: "back", capacity: 1 });
    server.hear("c1", write(1, "a"));
    const other = server.hear("c1", { ...write(2, "b"), key: "other" });
    expect(sent(other, "busy")).toHaveLength(1);
    expect(server.get("phone").row?.value).toBe("a");
  });

  it("back: a row written while the one before was on its way stays dirty", () => {
    const server = new OneServer({ writes: "back" });
    server.hear("c1", write(1, "a"));
    const [store] = sent(server.ring("flush"), "store");
    server.hear("c1", write(2, "b"));
    const { requestId, version } = store!.message;
    const row = { value: "a", version: version! };
    server.hear("db", { type: "stored", requestId, key: "phone", row });
    expect(server.node.dirty.size).toBe(1);
    expect(server.get("phone").row?.value).toBe("b");
    expect(sent(server.ring("flush"), "store")[0]?.message.value).toBe("b");
  });
});

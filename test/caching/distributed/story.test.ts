/** Scripted runs as text: CACHE_STORY=write writes the files anew. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CacheCluster, CacheJudge } from "dabbawala/caching";
import type { CacheClusterSettings, CacheEvent, RefillPolicy } from "dabbawala/caching";
import { cacheEventOf } from "dabbawala/dist/caching/distributed/simulation/cluster";
import { at, crash, heal, jumpClock, partition, restart } from "dabbawala/hosts";
import type { Fault } from "dabbawala/hosts";

const silent = ["invoke", "coalesced", "evicted", "load", "store", "ended", "repeated"];

class Story {
  readonly lines: string[] = [];
  readonly history: CacheEvent[] = [];
  readonly cluster: CacheCluster;

  constructor(settings: CacheClusterSettings) {
    this.cluster = new CacheCluster({
      servers: 1,
      ...settings,
      simulator: { network: { latency: { kind: "constant", ms: 1 } } },
      onNote: (note) => {
        const event = cacheEventOf(note);
        if (event !== undefined) this.history.push(event);
        if (!silent.includes(note.label)) this.line(note.node, note.label, note.detail);
      },
    });
    this.cluster.run(1);
  }

  private line(who: string, label: string, detail: unknown): void {
    const { f, key, value, version, from, servers } = (
      typeof detail === "object" ? detail : { key: detail }
    ) as Record<string, unknown>;
    const row =
      version === undefined ? value : `${String(value ?? "")} (version ${String(version)})`;
    const parts = [
      who,
      label,
      f,
      key,
      servers,
      row,
      from === undefined ? from : `from ${from as string}`,
    ];
    const text = parts.filter((part) => part !== undefined).join(" ");
    this.lines.push(`${this.cluster.nowMs.toFixed(0).padStart(6)} ms  ${text}`);
  }

  tell(line: string): void {
    this.lines.push(`${this.cluster.nowMs.toFixed(0).padStart(6)} ms  -- ${line}`);
  }

  run(forMs: number): this {
    this.cluster.run(this.cluster.nowMs + forMs);
    return this;
  }

  read(client: string, key = "phone"): this {
    this.cluster.submit(client, { op: "read", key });
    return this;
  }

  write(client: string, value: string, key = "phone"): this {
    this.cluster.submit(client, { op: "write", key, value });
    return this;
  }

  strike(line: string, fault: Fault): this {
    this.tell(line);
    this.cluster.schedule(at(this.cluster.nowMs, fault));
    return this.run(1);
  }

  get staleReads(): number {
    return new CacheJudge(this.history).staleReads().length;
  }

  matches(name: string): void {
    const file = join(__dirname, `${name}.story.txt`);
    const text = this.lines.join("\n") + "\n";
    if (process.env["CACHE_STORY"] === "write" || !existsSync(file)) writeFileSync(file, text);
    expect(text).toBe(readFileSync(file, "utf8"));
  }
}

describe("the race of a refill with an invalidation", () => {
  /** c1 loads the old row, c2 writes and deletes before c1 has filled the cache with it. */
  function race(refills: RefillPolicy): Story {
    const story = new Story({
      options: { refills },
      database: { readMs: 40, writeMs: 5, isFull: true },
    });
    story.tell("c1 misses, and loads");
    story.read("c1").run(10);
    story.tell("c2 writes, and deletes the key, while c1's load is under way");
    story.write("c2", "₹8,999").run(60);
    story.tell("c2 reads what it has written");
    story.read("c2").run(60);
    story.read("c1").run(60);
    return story;
  }

  it("refills by anybody: the old row is put back, and stays", () => {
    const story = race("any");
    expect(story.staleReads).toBe(2);
    story.matches("stale-refill");
  });

  it.each(["leases", "versions"] as const)("%s: the old row is refused", (refills) => {
    const story = race(refills);
    expect(story.staleReads).toBe(0);
    expect(story.lines.join("\n")).toContain("refusedSet");
    story.matches(`stale-refill-${refills}`);
  });
});

describe("servers that fail", () => {
  it("a gutter stands in; the server comes back cold, and nobody reads an old row", () => {
    const story = new Story({
      gutters: 1,
      options: { ttlMs: 10_000 },
      client: { replyMs: 10, suspectMs: 200, invalidateMs: 60 },
      database: { isFull: true },
    });
    story.read("c1").run(20).read("c2").run(20);
    story.strike("n1 dies", crash(["n1"]));
    story.read("c1").run(30).read("c2").run(30);
    story.tell("a write that n1 cannot be told of is no more than an info");
    story.write("c1", "₹8,999").run(120);
    story.read("c2").run(30);
    story.strike("n1 comes back", restart(["n1"]));
    story.run(300);
    story.read("c1").run(30).read("c2").run(30);
    expect(story.staleReads).toBe(0);
    const last = story.history.filter(({ type }) => type === "ok").slice(-2);
    expect(last.map(({ value }) => value)).toEqual(["₹8,999", "₹8,999"]);
    story.matches("gutter");
  });

  /** c2 cannot reach n1, which c1 goes on reading. */
  function split(unreachable: "report" | "waitTtl"): Story {
    const story = new Story({
      options: { ttlMs: 400 },
      client: { unreachable, replyMs: 10, invalidateMs: 40, suspectMs: 50 },
      database: { isFull: true },
    });
    story.read("c1").run(20);
    story.strike("c2 and n1 are parted", partition(["c2"], ["n1"]));
    story.write("c2", "₹8,999").run(100);
    story.read("c1").run(20);
    return story;
  }

  it("a write that a reachable server was not told of: stale until the TTL, and said so", () => {
    const story = split("report");
    const writes = story.history.filter(({ f, type }) => f === "write" && type !== "invoke");
    expect(writes.map(({ type }) => type)).toEqual(["info"]);
    expect(story.history.at(-1)).toMatchObject({ value: "phone", version: 0 });
    story.run(300).read("c1").run(30);
    expect(story.history.at(-1)).toMatchObject({ value: "₹8,999" });
    expect(story.staleReads).toBe(0);
    story.matches("parted-report");
  });

  it("waitTtl: the write is not acknowledged before the TTL is over", () => {
    const story = split("waitTtl");
    story.run(500).read("c1").run(30);
    expect(story.staleReads).toBe(0);
    expect(story.history.filter(({ f, type }) => f === "write" && type === "ok")).toHaveLength(1);
    story.matches("parted-wait");
  });

  it("waitTtl trusts the server's clock: set back, it breaks the promise", () => {
    const story = split("waitTtl");
    story.strike("n1's clock is set back by a minute", jumpClock(["n1"], -60_000));
    story.run(500).read("c1").run(30);
    expect(story.staleReads).toBe(1);
  });
});

describe("a client that dies between its write and its delete", () => {
  /** c1's row is in the cache; c2 has written, and crashes before it can delete. */
  function die(writes: "aside" | "log"): Story {
    const story = new Story({
      options: { writes },
      database: { writeMs: 5, isFull: true },
      invalidator: { pollMs: 4 },
    });
    story.read("c1").run(20);
    story.tell("c2 writes");
    story.write("c2", "₹8,999").run(3);
    story.strike("c2 dies; its write has left", crash(["c2"]));
    story.run(40).read("c1").run(30);
    return story;
  }

  it("aside: nobody deletes the old row, which stays until the TTL", () => {
    const story = die("aside");
    expect(story.cluster.truth("phone")?.value).toBe("₹8,999");
    expect(story.history.at(-1)).toMatchObject({ value: "phone", version: 0, from: "cache" });
    story.matches("dead-writer-aside");
  });

  it("by the log: the database has what was written, so the cache is told", () => {
    const story = die("log");
    expect(story.history.at(-1)).toMatchObject({ value: "₹8,999", version: 1, from: "database" });
    story.matches("dead-writer-log");
  });

  it("the price: a read between the write and the log's delete is stale, the writer's own too", () => {
    const story = new Story({
      options: { writes: "log" },
      database: { writeMs: 5, isFull: true },
      invalidator: { pollMs: 40 },
    });
    story.read("c1").run(20).write("c2", "₹8,999").run(9).read("c2").run(40).read("c2").run(30);
    expect(story.staleReads).toBe(1);
    expect(story.history.at(-1)).toMatchObject({ value: "₹8,999" });
    story.matches("log-late");
  });
});

describe("write policies when the server dies", () => {
  function die(writes: "through" | "back"): Story {
    const story = new Story({
      options: { writes },
      server: { flushMs: 100 },
      client: { replyMs: 10, suspectMs: 100 },
    });
    for (const key of ["phone", "shoes", "watch"]) story.write("c1", "₹1", key).run(20);
    story.run(120);
    story.tell("two more are written");
    story.write("c1", "₹2", "phone").run(10).write("c1", "₹2", "shoes").run(10);
    story.strike("n1 dies", crash(["n1"]));
    story.run(100).strike("and comes back", restart(["n1"]));
    story.run(150);
    for (const key of ["phone", "shoes", "watch"]) story.read("c2", key).run(30);
    return story;
  }

  it("back: what was not flushed is lost, exactly that", () => {
    const story = die("back");
    const truth = ["phone", "shoes", "watch"].map((key) => story.cluster.truth(key)?.value);
    expect(truth).toEqual(["₹1", "₹1", "₹1"]);
    expect(story.staleReads).toBe(2);
    story.matches("write-back");
  });

  it("through: nothing is lost", () => {
    const story = die("through");
    const truth = ["phone", "shoes", "watch"].map((key) => story.cluster.truth(key)?.value);
    expect(truth).toEqual(["₹2", "₹2", "₹1"]);
    expect(story.staleReads).toBe(0);
    story.matches("write-through");
  });

  it("heal: parted for a while, a client finds all as it was", () => {
    const story = new Story({ client: { replyMs: 10, suspectMs: 50 }, database: { isFull: true } });
    story.read("c1").run(20);
    story.strike("c1 and n1 are parted", partition(["c1"], ["n1"]));
    story.read("c1").run(30);
    story.strike("healed", heal());
    story.run(60).read("c1").run(30);
    const from = story.history.filter(({ type }) => type === "ok").map((event) => event.from);
    expect(from).toEqual(["database", "database", "cache"]);
  });
});

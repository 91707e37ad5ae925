/** On real threads: what is lost, kept, shared and stopped. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DatasetSession } from "dabbawala/batch";
import type { SessionOptions } from "dabbawala/batch";

interface Stoppable {
  stop(): Promise<void>;
}

let folder: string;
let sessions: DatasetSession[] = [];
const threads = new Map<string, Stoppable>();

function open(options: SessionOptions = {}): DatasetSession {
  threads.clear();
  const onExecutor = (worker: string, executor: Stoppable) => void threads.set(worker, executor);
  const session = new DatasetSession({ workers: 2, onExecutor, ...options });
  sessions.push(session);
  return session;
}

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "dataset-test-"))));
afterEach(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  sessions = [];
  rmSync(folder, { recursive: true, force: true });
});

const numbers = Array.from({ length: 4_000 }, (_, i) => i);
const slowly = (value: number): number => {
  let sum = value;
  for (let i = 0; i < 2_000; i++) sum = (sum * 31 + i) % 1_000_003;
  return sum;
};

describe("a killed worker", () => {
  it("in the middle of a job changes nothing in its rows", async () => {
    const session = open();
    const job = () =>
      session
        .fromArray(numbers, { partitions: 8 })
        .map((value) => slowly(value), { scope: { slowly } })
        .keyBy((value) => value % 97)
        .mapValues(() => 1)
        .reduceByKey((left, right) => left + right, { partitions: 4 });
    const quiet = await job().collect();
    let kills = 0;
    const onProgress = (done: number): void => {
      if (done === 1 && kills++ === 0) void [...threads.values()][0]?.stop();
    };
    expect(await job().collect({ onProgress })).toEqual(quiet);
    const killed = setTimeout(() => void [...threads.values()].at(-1)?.stop(), 60);
    expect(await job().collect()).toEqual(quiet);
    clearTimeout(killed);
    expect(session.lastJob?.workersLost).toBe(1);
  });

  it("has its cached partitions computed again, and no others", async () => {
    const session = open({ coordinator: { backupFactor: 0 } });
    const runs = session.accumulator("runs");
    const cached = session
      .fromArray(numbers, { partitions: 8 })
      .map((value) => (runs.add(), value + 1), { scope: { runs } })
      .cache();
    const rows = await cached.collect();
    const spans = session.lastJob?.spans ?? [];
    await threads.get("n1")?.stop();
    expect(await cached.collect()).toEqual(rows);
    const own = spans.filter(({ worker, kind }) => worker === "n1" && kind === "done");
    expect(own.length).toBeGreaterThan(0);
    expect(session.lastJob?.recomputedPartitions).toBe(own.length);
    // Each partition once, though some were computed twice.
    expect(runs.value).toBe(4_000);
  });

  it("has its outputs for a shuffle computed again, when they are needed again", async () => {
    const session = open({ coordinator: { backupFactor: 0 } });
    const grouped = session
      .fromArray(numbers, { partitions: 6 })
      .keyBy((value) => value % 5)
      .groupByKey({ partitions: 2 });
    const rows = await grouped.collect();
    const stages = session.lastJob?.stages ?? [];
    expect(stages.map(({ tasks }) => tasks)).toEqual([6, 2]);
    const spans = session.lastJob?.spans ?? [];
    const lost = spans.filter(({ worker, stage }) => worker === "n2" && stage === "stage 1").length;
    await threads.get("n2")?.stop();
    expect(await grouped.collect()).toEqual(rows);
    expect(session.lastJob?.stages.map(({ tasks, again }) => [tasks, again])).toEqual([
      [lost, lost],
      [2, 0],
    ]);
  });

  it("that dies again and again makes the job fail, in a sentence", async () => {
    const session = open({ workers: 1 });
    const deadly = session.fromArray([1]).map(() => process.exit(1));
    await expect(deadly.collect()).rejects.toThrow(/^all workers died/);
  });
});

describe("a cache", () => {
  it("spills what is over its bound to the disk, and computes nothing again", async () => {
    const session = open({ cacheBytes: 100_000 });
    const runs = session.accumulator("runs");
    const data = session.fromArray(numbers, { partitions: 8 });
    const cached = data
      .map((value) => (runs.add(), { value, text: `number ${value}` }), { scope: { runs } })
      .cache({ onFull: "spill" });
    const rows = await cached.collect();
    expect(await cached.collect()).toEqual(rows);
    expect(session.lastJob?.recomputedPartitions).toBe(0);
    expect(runs.value).toBe(4_000);
  });

  it("drops what is over its bound, the least recently used first, and computes it again", async () => {
    const session = open({ cacheBytes: 100_000, workers: 1 });
    const cached = session
      .fromArray(numbers, { partitions: 8 })
      .map((value) => ({ value, text: `number ${value}` }))
      .cache({ onFull: "drop" });
    const rows = await cached.collect();
    expect(await cached.take(1)).toEqual(rows.slice(0, 1));
    expect(session.lastJob?.recomputedPartitions).toBe(1);
    expect(await cached.collect()).toEqual(rows);
    expect(session.lastJob?.recomputedPartitions).toBeGreaterThan(0);
  });
});

describe("what functions share with the program", () => {
  it("a broadcast is sent to each worker once, whatever the jobs and steps", async () => {
    const session = open();
    const rates = session.broadcast({ factor: 3 });
    const data = session.fromArray(numbers, { partitions: 8 });
    const priced = data.map((value) => value * rates.value.factor, { scope: { rates } });
    expect(await priced.take(3)).toEqual([0, 3, 6]);
    expect(session.lastJob?.broadcastsSent).toBe(2);
    await priced.filter((value) => value < rates.value.factor, { scope: { rates } }).collect();
    expect(session.lastJob?.broadcastsSent).toBe(0);
  });

  it("an accumulator is refused where a function may run several times a row", () => {
    const session = open();
    const runs = session.accumulator("runs");
    const pairs = session.fromArray([{ key: "a", value: 1 }]);
    const call = (left: number, right: number): number => (runs.add(), left + right);
    expect(() => pairs.reduceByKey(call, { scope: { runs } })).toThrow(/cannot use accumulators$/);
    expect(() => runs.add()).toThrow(/in a step that has it in its scope$/);
  });

  it("names that a function uses and the scope lacks are refused", () => {
    const rate = 2;
    const data = open().fromArray(numbers);
    expect(() => data.map((value) => value * rate)).toThrow(
      /^map uses rate from outside, .* add it to the step's options, as scope: \{ rate \}/,
    );
  });
});

describe("a checkpoint", () => {
  it("cuts the lineage, and appears whole or not at all", async () => {
    const session = open();
    const place = join(folder, "squares");
    const squares = session.fromArray(numbers, { partitions: 3 }).map((value) => value * value);
    const kept = await squares.checkpoint(place);
    expect(readdirSync(folder)).toEqual(["squares"]);
    expect(kept.explain()).not.toContain("map");
    expect(await kept.collect()).toEqual(await squares.collect());
    await expect(squares.checkpoint(place)).rejects.toThrow(/is there already/);
    const broken = squares.map((value) => {
      if (value > 9_000_000) throw new Error("too large");
      return value;
    });
    await expect(broken.checkpoint(join(folder, "other"))).rejects.toThrow(
      "map, partition 2: too large",
    );
    expect(readdirSync(folder)).toEqual(["squares"]);
  });
});

describe("a job", () => {
  it("is aborted at once, even in an endless loop, and the session goes on", async () => {
    const session = open();
    const abort = new AbortController();
    const endless = session.fromArray(numbers).map((value) => {
      for (;;) if (value < 0) return value;
    });
    const result = endless.count({ signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await expect(result).rejects.toThrow(/aborted/);
    expect(await session.fromArray(numbers).count()).toBe(4_000);
  });

  it("fails with the step, the partition and the reason, at once", async () => {
    const session = open();
    const rows = session.fromArray(numbers, { partitions: 2 }).map((value) => {
      if (value === 3_000) throw new Error("no such train");
      return value;
    });
    await expect(rows.collect()).rejects.toThrow("map, partition 1: no such train");
    await expect(
      session
        .fromArray([{}])
        .keyBy((row) => row as string)
        .groupByKey()
        .collect(),
    ).rejects.toThrow("a key must be a text, a number or a boolean, but was object");
  });

  it("computes only the partitions that take needs", async () => {
    const session = open();
    const data = session.fromArray(numbers, { partitions: 100 });
    expect(await data.filter((value) => value >= 40).take(2)).toEqual([40, 41]);
    expect(session.lastJob?.stages.at(-1)?.tasks).toBe(4);
  });

  it("tells its progress, and leaves nothing behind", async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("dabbawala-dataset"));
    const session = open();
    const told: string[] = [];
    const onProgress = (done: number, total: number) => void told.push(`${done}/${total}`);
    await session.fromArray(numbers, { partitions: 3 }).count({ onProgress });
    expect(told).toEqual(["1/3", "2/3", "3/3"]);
    told.length = 0;
    const twice = session.fromArray(numbers, { partitions: 2 }).repartition(1);
    await twice.count({ onProgress });
    expect(told).toEqual(["1/3", "2/3", "3/3"]);
    await twice.count({ onProgress });
    expect(told.slice(3)).toEqual(["3/3"]);
    await session.close();
    await expect(session.fromArray.bind(session, [1])).toThrow(/session is closed/);
    const after = readdirSync(tmpdir()).filter((name) => name.startsWith("dabbawala-dataset"));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
    expect(existsSync(folder)).toBe(true);
  });
});

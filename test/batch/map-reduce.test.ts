import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineJob, mapReduce } from "dabbawala/batch";
import type { Executor, MapReduceOptions } from "dabbawala/batch";
import { makeSplits } from "dabbawala/dist/batch/map-reduce/splits";
import { writeDataSet } from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-batch-"));
const log = join(folder, "log.csv");
beforeAll(() => writeDataSet("irctc", { rows: 60_000, seed: 11 }, { format: "csv", out: log }));
afterAll(() => rmSync(folder, { recursive: true }));

const wordCount = defineJob({
  name: "word count",
  map(record, emit) {
    for (const word of record.line.split(" ")) if (word !== "") emit(word, 1);
  },
  combine: (left: number, right: number) => left + right,
  reduce: (_word, counts) => counts.reduce((sum, count) => sum + count, 0),
});

const byTrain = defineJob({
  name: "response time by train",
  input: "csv",
  map(record, emit) {
    const ms = record.number("response_ms");
    emit(record.text("train"), [1, ms, ms]);
  },
  combine: (left: readonly number[], right: readonly number[]) => [
    left[0]! + right[0]!,
    left[1]! + right[1]!,
    Math.max(left[2]!, right[2]!),
  ],
  reduce: (_train, parts) => [
    parts.reduce((sum, part) => sum + part[0]!, 0),
    parts.reduce((sum, part) => sum + part[1]!, 0),
    parts.reduce((most, part) => Math.max(most, part[2]!), 0),
  ],
});

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("dabbawala-mapreduce-"));
}

describe("mapReduce", () => {
  it("gives DuckDB's answer on the same file, whatever the splits and workers", async () => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const answer = await connection.runAndReadAll(
      `select coalesce(train::varchar, ''), count(*)::int, sum(response_ms)::int, max(response_ms)::int
       from read_csv('${log}', all_varchar = false, types = {'train': 'varchar'}) group by 1 order by 1`,
    );
    const expected = answer.getRows().map(([key, ...value]) => ({ key, value }));
    for (const [workers, splitBytes] of [
      [1, 2 ** 24],
      [2, 1_000_003],
    ] as const) {
      const { rows, counters } = await mapReduce(byTrain, [log], { workers, splitBytes });
      expect(rows).toEqual(expected);
      expect(counters["recordsRead"]).toBe(60_000);
    }
  });

  it("agrees with a brute force for random texts, splits, partitions and memory", async () => {
    const line = fc.string({ unit: fc.constantFrom("a", "b", "ü", "अ", " "), maxLength: 12 });
    const texts = fc.array(fc.array(line, { maxLength: 20 }), { minLength: 1, maxLength: 3 });
    const lineEnd = fc.constantFrom("\n", "\r\n");
    await fc.assert(
      fc.asyncProperty(
        fc.record({ texts, lineEnd, isEnded: fc.boolean() }),
        fc.record({
          workers: fc.integer({ min: 1, max: 2 }),
          splitBytes: fc.integer({ min: 1, max: 40 }),
          partitions: fc.integer({ min: 1, max: 3 }),
          memoryBytes: fc.constantFrom(1, 2 ** 20),
        }),
        async (input, options: MapReduceOptions) => {
          const files = input.texts.map((lines, i) =>
            file(
              `random-${i}.txt`,
              lines.join(input.lineEnd) + (input.isEnded ? input.lineEnd : ""),
            ),
          );
          const expected = new Map<string, number>();
          for (const word of input.texts.flat().flatMap((text) => text.split(" "))) {
            if (word !== "") expected.set(word, (expected.get(word) ?? 0) + 1);
          }
          const { rows } = await mapReduce(wordCount, files, options);
          expect(new Map(rows.map(({ key, value }) => [key, value]))).toEqual(expected);
          expect(rows.map(({ key }) => key)).toEqual([...expected.keys()].sort());
        },
      ),
      { numRuns: 25 },
    );
  });

  it("keeps the order of a key's values, whatever the splits", async () => {
    const text = file(
      "order.txt",
      Array.from({ length: 500 }, (_, i) => `k${i % 3} ${i}`).join("\n"),
    );
    const job = defineJob({
      name: "order",
      map(record, emit) {
        const [key, value] = record.line.split(" ");
        emit(key!, Number(value));
      },
      reduce: (_key, values: readonly number[]) => values,
    });
    const { rows } = await mapReduce(job, [text], {
      workers: 2,
      splitBytes: 100,
      memoryBytes: 500,
    });
    for (const { value } of rows) expect([...value]).toEqual([...value].sort((a, b) => a - b));
  });

  it("reads compressed input", async () => {
    const packed = file("words.txt.gz", gzipSync("b a\na\n"));
    const { rows } = await mapReduce(wordCount, [packed], { workers: 1 });
    expect(rows).toEqual([
      { key: "a", value: 2 },
      { key: "b", value: 1 },
    ]);
  });

  it("gives the same answer when worker threads are killed in the middle", async () => {
    const calm = await mapReduce(byTrain, [log], { workers: 2, splitBytes: 2 ** 18 });
    const executors: Executor[] = [];
    const killAt = [5, 12]; // tasks done
    const stormy = await mapReduce(byTrain, [log], {
      workers: 2,
      splitBytes: 2 ** 18,
      onExecutor: (_worker, executor) => executors.push(executor),
      onProgress: (done) => {
        if (done === killAt[0] && killAt.shift()) void executors.shift()?.stop();
      },
    });
    expect(stormy.rows).toEqual(calm.rows);
    expect(stormy.counters).toEqual(calm.counters);
    expect(stormy.notes.filter(({ label }) => label === "workerLost")).toHaveLength(2);
    expect(stormy.notes.some(({ label }) => label === "taskRedone")).toBe(true);
  });

  it("skips records that break user code after two failures, and counts them", async () => {
    const text = file("bad.txt", "1\n2\nbroken\n4\n");
    const job = defineJob({
      name: "sum",
      map(record, emit) {
        if (record.line === "broken") throw new Error("cannot read this");
        emit("sum", Number(record.line));
      },
      reduce: (_key, values: readonly number[]) => values.reduce((sum, value) => sum + value, 0),
    });
    const { rows, counters, notes } = await mapReduce(job, [text], { workers: 1 });
    expect(rows).toEqual([{ key: "sum", value: 7 }]);
    expect(counters["badRecords"]).toBe(1);
    expect(notes.filter(({ label }) => label === "attemptFailed")).toHaveLength(2);
  });

  it("ends with the reason when reduce fails, and leaves nothing behind", async () => {
    const before = leftovers();
    const job = { ...wordCount, reduce: () => JSON.parse("{") as number };
    const text = file("fail.txt", "a b\n");
    await expect(mapReduce(job, [text], { workers: 1 })).rejects.toThrow("the job failed: ");
    expect(leftovers()).toEqual(before);
  });

  it("stops when it is aborted, and leaves nothing behind", async () => {
    const before = leftovers();
    const controller = new AbortController();
    const options = {
      workers: 2,
      splitBytes: 10_000,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    };
    await expect(mapReduce(byTrain, [log], options)).rejects.toThrow("enough");
    expect(leftovers()).toEqual(before);
  });

  it("refuses bad input in one sentence", async () => {
    await expect(mapReduce(wordCount, [join(folder, "none.txt")])).rejects.toThrow("no such file");
    await expect(mapReduce(wordCount, [folder])).rejects.toThrow("is a folder");
    await expect(mapReduce(wordCount, [])).rejects.toThrow("no input was given");
    await expect(mapReduce(wordCount, [log], { workers: 0 })).rejects.toThrow("workers must be");
  });
});

describe("makeSplits", () => {
  it("asks its rule for each split, and leaves no byte out", () => {
    const files = [
      file("a.txt", "x".repeat(25)),
      file("none.txt", ""),
      file("b.txt", "y".repeat(9)),
    ];
    const asked: number[] = [];
    const splits = makeSplits(files, (leftBytes, totalBytes) => {
      asked.push(leftBytes);
      return leftBytes > totalBytes / 2 ? 10 : 4;
    });
    expect(splits.map(({ startByte, endByte }) => [startByte, endByte])).toEqual([
      [0, 10],
      [10, 20],
      [20, 24],
      [24, 25],
      ...[
        [0, 4],
        [4, 8],
        [8, 9],
      ],
    ]);
    expect(asked).toEqual([34, 24, 14, 10, 9, 5, 1]);
  });
});

describe("functions that travel", () => {
  it("are refused by the names of what they capture, with the remedy", async () => {
    const threshold = 5;
    const job = defineJob({
      name: "long words",
      map(record, emit) {
        const longWords = record.line.split(" ").filter((word) => word.length > threshold);
        for (const word of longWords) emit(word, 1);
      },
      reduce: (_word, counts: readonly number[]) => counts.length,
    });
    const text = file("scope.txt", "short lengthy lengthier\n");
    await expect(mapReduce(job, [text])).rejects.toThrow(
      "map uses threshold from outside, which cannot travel to a worker: add it to the job, as scope: { threshold }",
    );
    const { rows } = await mapReduce({ ...job, scope: { threshold } }, [text], { workers: 1 });
    expect(rows.map(({ key }) => key)).toEqual(["lengthier", "lengthy"]);
  });

  it("take functions of the scope with them", async () => {
    const shout = (word: string): string => word.toUpperCase();
    const job = defineJob({
      name: "shout",
      map(record, emit) {
        emit(shout(record.line), 1);
      },
      reduce: (_word, counts: readonly number[]) => counts.length,
      scope: { shout },
    });
    const { rows } = await mapReduce(job, [file("shout.txt", "a\na\n")], { workers: 1 });
    expect(rows).toEqual([{ key: "A", value: 2 }]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { defineJob, mapReduce } from "dabbawala/batch";
import type { Executor, MapReduceOptions } from "dabbawala/batch";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-crashes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The words of each length class: order of values, partitions and counters can all go wrong. */
function wordsByLength(salt: number) {
  return defineJob({
    name: "words by length",
    map(record, emit, count) {
      for (const word of record.line.split(" ")) {
        if (word === "") count("gaps");
        else if (word === "xyz") throw new Error("a word that nobody knows");
        else emit(String(word.length), word);
      }
    },
    partition: (key, partitions) => (Number(key) * salt) % partitions,
    reduce: (_length, words: readonly string[]) => words.join(" "),
    scope: { salt },
  });
}

function bruteForce(texts: readonly string[][]) {
  const words = new Map<string, string[]>();
  let [gaps, badRecords] = [0, 0];
  for (const line of texts.flat()) {
    const parts = line.split(" ");
    if (parts.includes("xyz")) {
      badRecords++;
      continue;
    }
    for (const word of parts) {
      if (word === "") gaps++;
      else words.set(String(word.length), [...(words.get(String(word.length)) ?? []), word]);
    }
  }
  const rows = [...words].map(([key, list]) => ({ key, value: list.join(" ") }));
  return { rows: rows.sort((a, b) => (a.key < b.key ? -1 : 1)), gaps, badRecords };
}

const word = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: fc.constantFrom("a", "ब", "é"), maxLength: 5 }) },
  { weight: 1, arbitrary: fc.constant("xyz") },
);
const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
const texts = fc.array(fc.array(line, { minLength: 1, maxLength: 15 }), {
  minLength: 1,
  maxLength: 4,
});

describe("mapReduce under crashes", () => {
  it("gives the brute force's answer for random texts, packings, splits and kills", async () => {
    let kills = 0;
    const schedule = fc.array(fc.nat({ max: 12 }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ texts, packed: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }) }),
        fc.record({ schedule, salt: fc.nat({ max: 5 }) }),
        fc.record({
          workers: fc.integer({ min: 1, max: 2 }),
          splitBytes: fc.integer({ min: 20, max: 200 }),
          partitions: fc.integer({ min: 1, max: 3 }),
          memoryBytes: fc.constantFrom(1, 300, 2 ** 20),
        }),
        async (input, { schedule, salt }, options: MapReduceOptions) => {
          const files = input.texts.map((lines, i) => {
            const file = join(folder, `random-${i}.txt${input.packed[i] ? ".gz" : ""}`);
            const content = lines.join("\n") + "\n";
            writeFileSync(file, input.packed[i] ? gzipSync(content) : content);
            return file;
          });
          const executors: Executor[] = [];
          const left = [...schedule];
          const { rows, counters } = await mapReduce(wordsByLength(salt), files, {
            ...options,
            onExecutor: (_worker, executor) => executors.push(executor),
            onProgress: (done) => {
              if (!left.includes(done)) return;
              left.splice(left.indexOf(done), 1);
              kills++;
              void executors.at(-1)?.stop();
            },
          });
          const expected = bruteForce(input.texts);
          expect(rows).toEqual(expected.rows);
          expect(counters["gaps"] ?? 0).toBe(expected.gaps);
          expect(counters["badRecords"]).toBe(expected.badRecords);
          expect(counters["recordsRead"]).toBe(input.texts.flat().length);
        },
      ),
      { numRuns: 25, seed: 8 },
    );
    expect(kills).toBeGreaterThan(10);
  });

  it("reads many files", async () => {
    const files = Array.from({ length: 300 }, (_, i) => {
      const file = join(folder, `many-${i}.txt`);
      writeFileSync(file, `${"a".repeat(1 + (i % 3))}\n`);
      return file;
    });
    const { rows, spans } = await mapReduce(wordsByLength(1), files, { workers: 2 });
    expect(rows.map(({ key, value }) => [key, value.length])).toEqual([
      ["1", 199],
      ["2", 299],
      ["3", 399],
    ]);
    const maps = spans.filter(({ kind, outcome }) => kind === "map" && outcome === "done");
    expect(maps).toHaveLength(300);
    for (const { startMs, endMs } of spans) expect(endMs).toBeGreaterThanOrEqual(startMs);
  });
});

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { shipComparison, sortFiles } from "dabbawala/batch";
import type { SortFilesOptions, SortKey } from "dabbawala/batch";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-sort-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const input = join(folder, "input.txt");
const out = join(folder, "out.txt");
const mebibyte = 2 ** 20;

/** GNU sort, stable, by bytes. */
function gnuSort(files: readonly string[], args: readonly string[] = []): Buffer {
  const env = { ...process.env, LC_ALL: "C" };
  return execFileSync("sort", ["-s", ...args, ...files], { env, maxBuffer: 2 ** 28 });
}

function gnuKey({ column = 0, kind = "text", order = "ascending" }: SortKey): string[] {
  const flags = (kind === "number" ? "n" : "") + (order === "descending" ? "r" : "");
  return column === 0 ? ["-k", `1${flags}`] : ["-k", `${column},${column}${flags}`];
}

async function expectAsGnu(
  content: string | Buffer,
  keys: readonly SortKey[] = [],
  more: Partial<SortFilesOptions> = {},
): Promise<void> {
  writeFileSync(input, content);
  await sortFiles([input], { out, shape: { kind: "lines", keys }, workers: 1, ...more });
  const expected = gnuSort([input], ["-t,", ...keys.flatMap(gnuKey)]);
  expect(readFileSync(out).equals(expected)).toBe(true);
}

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", "B", "é", "\t", " ", "\r", "\u0000"), maxLength: 4 }),
  fc.string({ unit: fc.constantFrom("0", "1", "9", ".", "-"), maxLength: 20 }),
  fc.constant("the same long beginning of a text that ends like this"),
);
const line = fc.array(cell, { maxLength: 4 }).map((cells) => cells.join(","));
const key = fc.record({
  column: fc.integer({ min: 0, max: 4 }),
  kind: fc.constantFrom("text", "number"),
  order: fc.constantFrom("ascending", "descending"),
}) as fc.Arbitrary<SortKey>;

describe("sortFiles beside GNU sort", () => {
  it("gives the same bytes for random lines, keys, splits and ranges", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 60 }),
        fc.record({
          keys: fc.array(key, { maxLength: 3 }),
          splitBytes: fc.integer({ min: 1, max: 400 }),
          ranges: fc.integer({ min: 1, max: 5 }),
          isEnded: fc.boolean(),
        }),
        async (lines, { keys, splitBytes, ranges, isEnded }) => {
          const text = lines.join("\n") + (isEnded && lines.length > 0 ? "\n" : "");
          await expectAsGnu(text, keys, { splitBytes, ranges });
        },
      ),
      { numRuns: 30, seed: 4 },
    );
  });

  it.each([
    ["nothing", ""],
    ["one empty line", "\n"],
    ["empty lines", "b\n\n\na\n\n"],
    ["no line end at the end", "b\na"],
    ["lines ended by CR LF", "b,2\r\na,10\r\n\r\n"],
    ["zeros and high bytes", Buffer.from([0, 10, 255, 10, 0, 0, 10, 128, 255, 10, 10])],
    ["lines of hundreds of kilobytes", `${"b".repeat(200_000)}\na\n${"b".repeat(200_001)}\n`],
  ])("sorts %s", async (_name, content) => {
    await expectAsGnu(content);
    await expectAsGnu(content, [{ column: 2, kind: "number", order: "descending" }]);
    await expectAsGnu(content, [], { splitBytes: 1 + (content.length >> 3), ranges: 3 });
  });

  it("sorts numbers of any length as sort -n does", async () => {
    const numbers = [
      "1",
      "-1",
      "+5",
      "0",
      "-0",
      "",
      "x",
      "1e9",
      "12345678901234567890",
      "1.50",
      "1.5",
    ];
    const close = [
      "12345678901234567891",
      "1234567890123456789.1",
      "0.1",
      "0.10000000000000000001",
    ];
    const small = ["-0.1", "-.5", ".5", "5.", " 7", "\t8", "9".repeat(400), `-${"9".repeat(400)}`];
    const all = [...numbers, ...close, ...small];
    const rows = [...all, ...all].map((number, i) => `${number},${i}`);
    for (const order of ["ascending", "descending"] as const) {
      await expectAsGnu(rows.join("\n"), [{ column: 1, kind: "number", order }], {
        splitBytes: 99,
      });
    }
  });

  it("sorts many megabytes in little memory, in many runs, by two workers", async () => {
    const lines = Array.from({ length: 400_000 }, (_, i) => {
      const mixed = Math.imul(i + 1, 0x9e3779b1) >>> 0;
      return `user-${mixed % 1_000},${(mixed >>> 8) % 50},${"x".repeat(mixed % 40)},${i}`;
    });
    const more = { workers: 2, memoryBytes: 54 * mebibyte };
    await expectAsGnu(lines.join("\n"), [], more);
    await expectAsGnu(lines.join("\n"), [{ column: 2, kind: "number" }, { column: 1 }], more);
    const skewed = lines.map((text, i) => `${i % 10 === 0 ? text : "heavy,1,,"}${i}`).join("\n");
    await expectAsGnu(skewed, [{ column: 1, order: "descending" }], more);
  });
});

describe("sortFiles", () => {
  it("sorts several files under one header, which may be the output too", async () => {
    const second = join(folder, "second.txt");
    writeFileSync(input, "name\nc\na");
    writeFileSync(second, "name\nb\n");
    await sortFiles([input, second], { out: input, hasHeader: true });
    expect(readFileSync(input, "utf8")).toBe("name\na\nb\nc\n");
  });

  it("shares equal keys out among ranges, in the order of the input", async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `same,${i}`);
    writeFileSync(input, lines.join("\n"));
    const shape = { kind: "lines", keys: [{ column: 1 }] } as const;
    const options = { out, shape, ranges: 4, splitBytes: 200_000, workers: 2 };
    const { notes, ranges, records } = await sortFiles([input], options);
    expect(readFileSync(out, "utf8")).toBe(lines.join("\n") + "\n");
    const merged = notes.flatMap(({ label, detail }) => {
      const { kind, bytes } = Object(detail) as { kind?: string; bytes?: number };
      return label === "taskDone" && kind === "merge" ? [bytes as number] : [];
    });
    expect([ranges, records, merged.length]).toEqual([4, 100_000, 4]);
    expect(Math.max(...merged)).toBeLessThan(1.2 * Math.min(...merged));
  });

  it("sorts by a comparison of TypeScript, with what it uses", async () => {
    writeFileSync(input, "Goa\nAgra\nagra\nPune\n");
    const rank = { Pune: 0, Goa: 1 };
    const byRank = (left: string, right: string): number => {
      const of = (city: string): number => (rank as Record<string, number>)[city] ?? 9;
      return of(left) - of(right);
    };
    await sortFiles([input], { out, shape: shipComparison(byRank, { rank }), splitBytes: 6 });
    expect(readFileSync(out, "utf8")).toBe("Pune\nGoa\nAgra\nagra\n");
    expect(() => shipComparison(byRank)).toThrow("compare uses rank from outside");
  });

  it("does again what a killed thread was at", async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => String(Math.imul(i, 0x9e3779b1) >>> 0));
    writeFileSync(input, lines.join("\n"));
    const executors: { stop(): Promise<void> }[] = [];
    const { notes } = await sortFiles([input], {
      out,
      workers: 2,
      splitBytes: 40_000,
      ranges: 6,
      onExecutor: (_worker, executor) => executors.push(executor),
      onProgress: (done, total) => {
        if (executors.length < 5 && done > (total / 6) * executors.length)
          void executors.at(-1)?.stop();
      },
    });
    expect(notes.filter(({ label }) => label === "workerLost").length).toBeGreaterThan(1);
    expect(readFileSync(out).equals(gnuSort([input]))).toBe(true);
  });

  it("leaves nothing when it is interrupted", async () => {
    const before = readdirSync(tmpdir()).length;
    writeFileSync(input, "b\na\n".repeat(100_000));
    const stop = new AbortController();
    const none = join(folder, "none.txt");
    const options = {
      out: none,
      signal: stop.signal,
      splitBytes: 10_000,
      onProgress: () => stop.abort(new Error("enough")),
    };
    await expect(sortFiles([input], options)).rejects.toThrow("enough");
    expect(readdirSync(folder).filter((name) => name.startsWith("none"))).toEqual([]);
    expect(readdirSync(tmpdir()).length).toBe(before);
  });

  it("refuses bad input and options in one sentence", async () => {
    const sort = (files: string[], more: Partial<SortFilesOptions> = {}) =>
      sortFiles(files, { out, ...more });
    writeFileSync(input, "abc");
    await expect(sort([])).rejects.toThrow("no input was given: name at least one file");
    await expect(sort(["absent.txt"])).rejects.toThrow("absent.txt: there is no such file");
    await expect(sort([folder])).rejects.toThrow("is no regular file");
    await expect(sort([input], { shape: { kind: "records" } })).rejects.toThrow(
      "its 3 bytes are no whole records of 100",
    );
    await expect(sort([input], { memoryBytes: 1000 })).rejects.toThrow("memoryBytes must be from");
    await expect(sort([input], { workers: 0 })).rejects.toThrow("workers must be from 1");
    const separator = { kind: "lines", separator: ";;" } as const;
    await expect(sort([input], { shape: separator })).rejects.toThrow("the separator is one byte");
    writeFileSync(input, `a\n${"b".repeat(2 * mebibyte)}\n`);
    const small = { workers: 1, memoryBytes: 30 * mebibyte };
    await expect(sort([input], small)).rejects.toThrow(
      /has a line of more than \d+ bytes, too long/,
    );
  });
});

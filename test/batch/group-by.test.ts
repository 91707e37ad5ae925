import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { count, groupBy, mapReduce, max, mean, min, slice, sum } from "dabbawala/batch";
import type { Executor } from "dabbawala/batch";
import { writeDataSet } from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-group-by-"));
const log = join(folder, "log.csv");
beforeAll(() => writeDataSet("irctc", { rows: 60_000, seed: 13 }, { format: "csv", out: log }));
afterAll(() => rmSync(folder, { recursive: true }));

async function duckRows(query: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(query)).getRowObjectsJS();
  connection.closeSync();
  instance.closeSync();
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([k, v]) => [k, typeof v === "bigint" ? Number(v) : v]),
    ),
  );
}

const all = {
  requests: count(),
  total: sum("response_ms"),
  least: min("response_ms"),
  most: max("response_ms"),
  mean: mean("response_ms"),
};

/** The log, with texts as they are and numbers as numbers. */
const source = (): string =>
  `(select * replace (response_ms::bigint as response_ms) from
    read_csv('${log}', all_varchar = true, nullstr = 'no such text'))`;

const aggregates = `count(*) as requests, sum(response_ms)::bigint as total,
  min(response_ms) as least, max(response_ms) as most, avg(response_ms) as mean`;

describe("groupBy", () => {
  it.each([
    { workers: 1, memoryBytes: 2 ** 28, splitBytes: 2 ** 24 },
    { workers: 2, memoryBytes: 2 ** 16, splitBytes: 1_000_003, partitions: 3 },
  ])("gives DuckDB's answer with many groups: %o", async (options) => {
    const job = groupBy({ key: "user", aggregates: all });
    const result = await mapReduce(job, [log], options);
    const { rows, counters, rowCount } = result;
    const expected = await duckRows(
      `select "user" as key, ${aggregates} from ${source()} group by 1 order by 1`,
    );
    expect(rows.map(({ key, value }) => ({ key, ...value }))).toEqual(expected);
    expect(rowCount).toBe(expected.length);
    expect(result.rows).toBe(rows);
    expect(counters["recordsRead"]).toBe(60_000);
    if (options.memoryBytes < 2 ** 20) expect(counters["spills"]).toBeGreaterThan(15);
  });

  it("gives DuckDB's answer for keys of several columns, slices and conditions", async () => {
    const job = groupBy({
      key: [slice("time", 11, 13), "class", "device"],
      separator: "/",
      where: { action: ["search", "book"], class: { not: "" }, quota: { not: "TQ" } },
      aggregates: all,
    });
    const { rows } = await mapReduce(job, [log], { workers: 2, splitBytes: 2 ** 20 });
    const expected = await duckRows(
      `select concat_ws('/', substr("time", 12, 2), class, device) as key, ${aggregates}
       from ${source()} where action in ('search', 'book') and class <> '' and quota <> 'TQ'
       group by 1, substr("time", 12, 2), class, device
       order by substr("time", 12, 2), class, device`,
    );
    expect(expected.length).toBeGreaterThan(200);
    expect(rows.map(({ key, value }) => ({ key, ...value }))).toEqual(expected);
  });

  it("agrees with a brute force for random tables, splits, partitions and memory", async () => {
    const key = fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", "ü", "अ", "😀", "\uff5e", ","), maxLength: 3 }),
      fc.constantFrom('say "a"', ""),
    );
    const number = fc.oneof(
      fc.integer({ min: -1e6, max: 1e6 }),
      fc.constantFrom(null, 0.5, -2.25, 1e21, 123456789012345),
    );
    const table = fc.array(fc.tuple(key, key, number), { maxLength: 60 });
    const field = (text: string): string =>
      /[",]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
    await fc.assert(
      fc.asyncProperty(
        fc.record({ table, lineEnd: fc.constantFrom("\n", "\r\n"), isEnded: fc.boolean() }),
        fc.record({
          workers: fc.integer({ min: 1, max: 2 }),
          splitBytes: fc.integer({ min: 7, max: 300 }),
          partitions: fc.integer({ min: 1, max: 3 }),
          memoryBytes: fc.constantFrom(1, 40_000, 2 ** 20),
        }),
        async ({ table, lineEnd, isEnded }, options) => {
          const file = join(folder, "random.csv");
          const lines = table.map(([a, b, n]) => `${field(a)},${n ?? ""},${field(b)}`);
          writeFileSync(file, ["a,n,b", ...lines].join(lineEnd) + (isEnded ? lineEnd : ""));
          const job = groupBy({
            key: ["b", "a"],
            separator: "|",
            aggregates: { rows: count(), least: min("n"), most: max("n"), total: sum("n") },
          });
          const { rows, counters } = await mapReduce(job, [file], options);
          expect(rows).toEqual(bruteForce(table));
          expect(counters["recordsRead"]).toBe(table.length);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("agrees with a brute force where the key is of neighbours, up to the end of the line", async () => {
    const key = fc.string({ unit: fc.constantFrom("a", "b", "अ", "-", "\t"), maxLength: 3 });
    const table = fc.array(fc.tuple(key, key, fc.nat(9)), { maxLength: 60 });
    const cut = fc.record({
      splitBytes: fc.integer({ min: 7, max: 300 }),
      workers: fc.constant(1),
    });
    const ends = fc.record({ lineEnd: fc.constantFrom("\n", "\r\n"), isEnded: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(table, ends, cut, async (table, { lineEnd, isEnded }, options) => {
        const file = join(folder, "neighbours.csv");
        const lines = table.map(([a, b, n]) => `${n},${b},${a}`);
        writeFileSync(file, ["n,b,a", ...lines].join(lineEnd) + (isEnded ? lineEnd : ""));
        const aggregates = { rows: count(), least: min("n"), most: max("n"), total: sum("n") };
        const job = groupBy({ key: ["b", "a"], separator: "|", aggregates });
        const { rows } = await mapReduce(job, [file], options);
        expect(rows).toEqual(bruteForce(table));
        const back = groupBy({ key: ["n", "b", "a"], separator: "|", aggregates: count() });
        const whole = await mapReduce(back, [file], options);
        const expected = new Map<string, number>();
        for (const [a, b, n] of table) {
          const name = [n, b, a].join("|");
          expected.set(name, (expected.get(name) ?? 0) + 1);
        }
        expect(new Map(whole.rows.map((row) => [row.key, row.value]))).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("refuses a zero byte in a key of neighbours, and takes one elsewhere", async () => {
    const file = join(folder, "zero.csv");
    writeFileSync(file, "n,a,b\n1,x,y\n2,x\0,y\n");
    const job = groupBy({ key: ["a", "b"], aggregates: count() });
    const { counters, rows } = await mapReduce(job, [file], { workers: 1 });
    expect([counters["badRecords"], rows]).toEqual([1, [{ key: "x,y", value: 1 }]]);
    writeFileSync(file, "n,a,b\n1\0,x,y\n2,x,y\n");
    const again = await mapReduce(job, [file], { workers: 1 });
    expect(again.rows).toEqual([{ key: "x,y", value: 2 }]);
  });

  it("gives the same answer when worker threads are killed in the middle", async () => {
    const job = groupBy({ key: "user", aggregates: all });
    const options = { workers: 2, splitBytes: 2 ** 18 };
    const calm = await mapReduce(job, [log], options);
    const executors: Executor[] = [];
    const killAt = [4, 12]; // tasks done
    const stormy = await mapReduce(job, [log], {
      ...options,
      onExecutor: (_worker, executor) => executors.push(executor),
      onProgress: (done) => {
        if (done === killAt[0] && killAt.shift()) void executors.shift()?.stop();
      },
    });
    expect(stormy.rows).toEqual(calm.rows);
    expect(stormy.counters).toEqual(calm.counters);
    expect(stormy.notes.filter(({ label }) => label === "workerLost")).toHaveLength(2);
  });

  it("skips and counts bad records: no number, too few columns", async () => {
    const file = join(folder, "bad.csv");
    writeFileSync(file, "k,n\na,1\na,oops\na\na,0x10\nb,\na,2\n");
    const job = groupBy({ key: "k", aggregates: { rows: count(), total: sum("n") } });
    const { rows, counters } = await mapReduce(job, [file], { workers: 1 });
    expect(rows).toEqual([
      { key: "a", value: { rows: 2, total: 3 } },
      { key: "b", value: { rows: 1, total: null } },
    ]);
    expect(counters["badRecords"]).toBe(3);
  });

  it("refuses what cannot be, in one sentence", async () => {
    const aggregates = count();
    await expect(mapReduce(groupBy({ key: "trian", aggregates }), [log])).rejects.toThrow(
      'has no column "trian": its columns are time, user',
    );
    expect(() => groupBy({ key: [], aggregates })).toThrow("needs a key");
    expect(() => groupBy({ key: "a", aggregates: {} })).toThrow("needs aggregates");
    expect(() => slice("time", 3, 3)).toThrow("slice needs 0 <= from < to");
  });
});

/**
 * Integers of this size, and these fractions, add up exactly in any order; 1e21 does not matter.
 */
function bruteForce(table: [string, string, number | null][]): unknown[] {
  const groups = new Map<string, { a: string; b: string; numbers: (number | null)[] }>();
  for (const [a, b, n] of table) {
    const key = JSON.stringify([b, a]);
    const group = groups.get(key) ?? { a, b, numbers: [] };
    group.numbers.push(n);
    groups.set(key, group);
  }
  const compare = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0);
  return [...groups.values()]
    .sort((x, y) => compare(x.b, y.b) || compare(x.a, y.a))
    .map(({ a, b, numbers }) => {
      const known = numbers.filter((n): n is number => n !== null);
      const isEmpty = known.length === 0;
      return {
        key: `${b}|${a}`,
        value: {
          rows: numbers.length,
          least: isEmpty ? null : Math.min(...known),
          most: isEmpty ? null : Math.max(...known),
          total: isEmpty
            ? null
            : expect.closeTo(
                known.reduce((x, y) => x + y, 0),
                -6,
              ),
        },
      };
    });
}

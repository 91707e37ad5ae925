import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { DuckDBInstance } from "@duckdb/node-api";
import { column, DatasetSession, defineSchema, readRows, validateRows } from "dabbawala/batch";
import type { Dataset, RowOf } from "dabbawala/batch";

const folder = mkdtempSync(join(tmpdir(), "parquet-schema-"));
const session = new DatasetSession({ workers: 2 });
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true });
});

async function duck(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

const people = defineSchema({
  aadhaar: column.text({ pattern: /^\d{12}$/ }),
  age: column.integer({ min: 0, max: 120 }),
  share: column.number(),
  isLiving: column.boolean(),
  born: column.date({ from: "1900-01-01" }),
  seen: column.optional(column.timestamp()),
});

const columns = "aadhaar varchar, age bigint, share decimal(9,3), isLiving boolean, born date";
const good = `('012345678901', 44, 0.125, true, '1980-02-29', '2026-01-15 10:00:00.5', 7)`;
const bad = [
  `('12345', 44, 1, true, '1980-02-29', null, 7)`,
  `('012345678901', 130, 1, true, '1980-02-29', null, 7)`,
  `('012345678901', 9007199254740993, 1, true, '1980-02-29', null, 7)`,
  `(null, 44, 1, null, '1880-02-29', null, 7)`,
];

async function write(name: string, rows: readonly string[]): Promise<string> {
  const file = join(folder, name);
  await duck(`create table people (${columns}, seen timestamp, other integer);
    insert into people values ${rows.join(", ")};
    copy people to '${file}' (format parquet)`);
  return file;
}

let file: string;
beforeAll(async () => void (file = await write("people.parquet", [good, ...bad, good])));

const told = [
  [2, "aadhaar", "12345", "no match"],
  [3, "age", "130", "above the most"],
  [4, "age", "9007199254740993", "not an integer"],
  [5, "aadhaar", "", "missing"],
  [5, "isLiving", "", "missing"],
  [5, "born", "1880-02-29", "below the least"],
];

describe("rows of Parquet by a schema", () => {
  const first = {
    ...{ aadhaar: "012345678901", age: 44, share: 0.125, isLiving: true },
    ...{ born: "1980-02-29", seen: "2026-01-15T10:00:00.5" },
  };

  it("are typed, and what is wrong is told by file, row, column and reason", async () => {
    const { rows, report } = await readRows(people, [file], { onBad: "drop" });
    expect(rows).toEqual([first, first]);
    expect([report.rows, report.badRows, report.badValues]).toEqual([6, 4, 6]);
    const listed = report.listed.map((b) => [b.line, b.column, b.value, b.reason]);
    expect(listed).toEqual(told);
    expect(new Set(report.listed.map((value) => value.file))).toEqual(new Set([file]));
    expect(await validateRows(people, [file])).toEqual(report);
    const gaps = await readRows(people, [file], { onBad: "null" });
    expect(gaps.rows[2]).toEqual({ ...first, age: null, share: 1, seen: null });
    await expect(readRows(people, [file])).rejects.toThrow(
      `${file}, row 2, column "aadhaar": "12345" is no match of the pattern`,
    );
  });

  it("have the types that they are declared with: another one is bad in every row", async () => {
    const wrong = defineSchema({ age: column.text(), aadhaar: column.integer() });
    const { report } = await readRows(wrong, [file], { onBad: "drop" });
    expect(report.byReason).toEqual({ "not a text": 6, "not an integer": 5, missing: 1 });
    const lists = join(folder, "lists.parquet");
    await duck(`copy (select [1, 2] as list, '2026-01-01' as day) to '${lists}' (format parquet)`);
    const schema = defineSchema({ list: column.text(), day: column.date() });
    const listed = (await validateRows(schema, [lists])).listed;
    expect(listed).toMatchObject([{ line: 1, column: "list", reason: "not a text" }]);
  });

  it("a missing column, a missing file and what is no Parquet are told in a sentence", async () => {
    const schema = defineSchema({ income: column.integer() });
    await expect(readRows(schema, [file])).rejects.toThrow(
      `${file} has no column "income": its columns are aadhaar, age, share,`,
    );
    const none = join(folder, "none.parquet");
    await expect(readRows(people, [none])).rejects.toThrow("there is no such file");
    const text = join(folder, "text.parquet");
    writeFileSync(text, "a,b\n1,2\n");
    await expect(readRows(people, [text])).rejects.toThrow("cannot be read as Parquet");
  });
});

describe("on a data set", () => {
  it("any number of partitions gives each row once, and the report of one thread", async () => {
    const many = await write("many.parquet", [
      ...Array.from({ length: 400 }, (_, i) => good.replace("44", `${i % 130}`)),
    ]);
    const { rows, report } = await readRows(people, [many, file], { onBad: "drop" });
    expect(report.badRows).toBe(3 * 9 + 4);
    for (const partitions of [1, 3, 7]) {
      const typed = session.typed(people, [many, file], { onBad: "drop", partitions });
      expectTypeOf(typed).toEqualTypeOf<Dataset<RowOf<typeof people>>>();
      expect(await typed.collect()).toEqual(rows);
      expect(await session.validate(people, [many, file], { partitions })).toEqual(report);
    }
    expect(await session.typed(people, many, { onBad: "null" }).take(3)).toEqual(rows.slice(0, 3));
    await expect(session.typed(people, file).count()).rejects.toThrow(`${file}, row 2, column`);
  });
});

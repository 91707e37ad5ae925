/** Sources against the program's own reading, and groups and joins against DuckDB. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DatasetSession, count, max, mean, min, slice, sum } from "dabbawala/batch";
import type { Condition } from "dabbawala/batch";
import { ensureIrctcLog } from "dabbawala/generators";

let session: DatasetSession;
let folder: string;
let log: string;
beforeAll(async () => {
  session = new DatasetSession({ workers: 2 });
  folder = mkdtempSync(join(tmpdir(), "dataset-sources-"));
  log = await ensureIrctcLog({ rows: 20_000, seed: 3 });
});
afterAll(async () => {
  await session.close();
  rmSync(folder, { recursive: true, force: true });
});

async function duck(query: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const rows = (await connection.runAndReadAll(query)).getRowsJS();
    return rows.map((row) => row.map((cell) => (typeof cell === "bigint" ? Number(cell) : cell)));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** An empty field is an empty text, as in a data set. */
const table = (): string => {
  const columns = "select * replace (response_ms::integer as response_ms)";
  return `(${columns} from read_csv('${log}', all_varchar = true, nullstr = '?'))`;
};

const sorted = (rows: readonly (readonly unknown[])[]): string[] => {
  return rows.map((row) => JSON.stringify(row)).sort();
};
const aggregates = { n: count(), total: sum("response_ms"), most: max("response_ms") };

describe("DuckDB answers the same", () => {
  const columns = { train: "text", class: "text", response_ms: "number" } as const;

  it("group by, told and programmed", async () => {
    const expected = await duck(
      `select train, count(*), sum(response_ms)::bigint, max(response_ms)
       from ${table()} group by train`,
    );
    const told = await session.csv(log).groupByColumns({ key: "train", aggregates }).collect();
    const rows = told.map(({ key, value: { n, total, most } }) => [key, n, total, most]);
    expect(sorted(rows)).toEqual(sorted(expected));
    const programmed = await session
      .csv(log, { columns, partitions: 5 })
      .map(({ train, response_ms: ms }) => ({ key: train, value: { n: 1, total: ms, most: ms } }))
      .reduceByKey((left, right) => ({
        n: left.n + right.n,
        total: left.total + right.total,
        most: Math.max(left.most, right.most),
      }))
      .collect();
    const other = programmed.map(({ key, value: { n, total, most } }) => [key, n, total, most]);
    expect(sorted(other)).toEqual(sorted(rows));
  });

  it("join", async () => {
    const expected = await duck(
      `with t as (select train, min(response_ms) as least from ${table()} group by train)
       select class, count(*)::integer from ${table()} l join t using (train)
       where l.response_ms = t.least group by class`,
    );
    const data = session.csv(log, { columns, partitions: 4 });
    const least = data
      .map(({ train, response_ms }) => ({ key: train, value: response_ms }))
      .reduceByKey((left, right) => Math.min(left, right));
    const counts = await data
      .keyBy(({ train }) => train)
      .join(least)
      .filter(({ value: [row, fewest] }) => row.response_ms === fewest)
      .map(({ value: [row] }) => ({ key: row.class, value: 1 }))
      .reduceByKey((left, right) => left + right)
      .collect();
    expect(sorted(counts.map(({ key, value }) => [key, value]))).toEqual(sorted(expected));
  });
});

describe("the optimiser", () => {
  it("lowers groups of a CSV source's columns to its bytes, and says so", () => {
    const spec = { key: "train", aggregates };
    expect(session.csv(log).groupByColumns(spec).explain()).toContain(
      "lowered: grouped on the bytes",
    );
    const cached = session.csv(log).cache().groupByColumns(spec);
    expect(cached.explain()).toContain("grouped by the fields of rows");
  });

  it("changes nothing in the answer", async () => {
    const text = fc.constantFrom("", "a", "b", "12", "na,me", 'quo"te', "तत्काल");
    const number = fc.oneof(
      fc.integer({ min: -99, max: 99 }).map(String),
      fc.constant(""),
      fc.constant("1.5"),
    );
    const rows = fc.array(fc.record({ a: text, b: text, ms: number }), {
      minLength: 1,
      maxLength: 40,
    });
    const quoted = (field: string): string => `"${field.replace(/"/g, '""')}"`;
    const own = { n: count(), least: min("ms"), mean: mean("ms"), total: sum("ms") };
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), async (table, isFiltered) => {
        const file = join(folder, "table.csv");
        const lines = table.map(({ a, b, ms }) => [quoted(a), quoted(b), ms].join(","));
        writeFileSync(file, ["a,b,ms", ...lines, ""].join("\n"));
        const where: Record<string, Condition> = isFiltered ? { b: { not: "12" } } : {};
        const spec = { key: [slice("a", 0, 3), "b"], aggregates: own, where };
        const bytes = await session.csv(file, { partitions: 3 }).groupByColumns(spec).collect();
        const fields = await session.csv(file).cache().groupByColumns(spec).collect();
        const array = await session.fromArray(table).groupByColumns(spec).collect();
        const pairs = [bytes, fields, array].map((made) => {
          return sorted(made.map(({ key, value }) => [key, value.n, value.least, value.total]));
        });
        expect(pairs[1]).toEqual(pairs[0]);
        expect(pairs[2]).toEqual(pairs[0]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("sources", () => {
  it("CSV: all columns as texts, or those told, with numbers", async () => {
    const file = join(folder, "trains.csv");
    writeFileSync(
      file,
      'no,name,seats\r\n12951,"Rajdhani, Mumbai",1100\r\n\r\n22222,"a ""b""",7\r\n',
    );
    expect(await session.csv(file).collect()).toEqual([
      { no: "12951", name: "Rajdhani, Mumbai", seats: "1100" },
      { no: "22222", name: 'a "b"', seats: "7" },
    ]);
    const columns = { seats: "number", no: "text" } as const;
    expect(await session.csv(file, { columns }).collect()).toEqual([
      { seats: 1_100, no: "12951" },
      { seats: 7, no: "22222" },
    ]);
    expect(await session.csvLines(file).collect()).toEqual([
      { file, atByte: 15, fields: ["12951", "Rajdhani, Mumbai", "1100"] },
      { file, atByte: 48, fields: ["22222", 'a "b"', "7"] },
    ]);
  });

  it("lines and JSON lines, whatever the partitions", async () => {
    const file = join(folder, "rows.jsonl");
    const rows = Array.from({ length: 500 }, (_, i) => ({ i, text: "x".repeat(i % 9) }));
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join("\n"));
    for (const partitions of [1, 2, 7]) {
      expect(await session.jsonLines(file, { partitions }).collect()).toEqual(rows);
      const lines = await session.lines(file, { partitions }).collect();
      expect(lines.filter((line) => line !== "")).toEqual(rows.map((row) => JSON.stringify(row)));
    }
  });

  it("Parquet, with all columns or some", async () => {
    const file = join(folder, "rows.parquet");
    await duck(`copy (select range as id, 'n' || range as name, range / 4 as quarter
      from range(600_000)) to '${file}' (format parquet)`);
    const data = await session.parquet<{ id: number; name: string; quarter: number }>(file);
    expect(data.partitions).toBe(3);
    expect(await data.take(2)).toEqual([
      { id: 0, name: "n0", quarter: 0 },
      { id: 1, name: "n1", quarter: 0.25 },
    ]);
    const ids = await session.parquet<{ id: number }>(file, { columns: ["id"] });
    expect(await ids.map(({ id }) => id).fold(0, (left, right) => left + right)).toBe(
      (600_000 * 599_999) / 2,
    );
  });

  it("a generator: any partition can be made alone, and the sum is that of all", async () => {
    const block = function* (from: number, to: number, seed: number): Iterable<number> {
      for (let row = from; row < to; row++) yield row * seed;
    };
    const data = session.generate({ rows: 100_001, partitions: 7, seed: 2, block });
    expect(await data.count()).toBe(100_001);
    expect(await data.take(3)).toEqual([0, 2, 4]);
    expect(await data.reduce((left, right) => left + right)).toBe(100_001 * 100_000);
  });

  it("functions of modules", async () => {
    const file = join(folder, "functions.js");
    writeFileSync(file, "const rate = 3; exports.priced = (row) => row * rate; exports.no = 1;");
    const data = session.fromArray([1, 2]);
    expect(await data.map<number>({ file, exportName: "priced" }).collect()).toEqual([3, 6]);
    await expect(data.map({ file, exportName: "no" }).collect()).rejects.toThrow(/is no function$/);
    await expect(data.map({ file, exportName: "other" }).collect()).rejects.toThrow(
      /exports no function called other$/,
    );
  });

  it("bad input is told in a sentence, with the file and the place", async () => {
    const file = join(folder, "bad.csv");
    writeFileSync(file, "no,seats\n1,7\n2,many\n");
    const columns = { seats: "number" } as const;
    await expect(session.csv(file, { columns }).collect()).rejects.toThrow(
      `${file}, line at byte 13: the column seats holds "many", which is no number`,
    );
    const other = { berths: "number" } as const;
    await expect(session.csv(file, { columns: other }).collect()).rejects.toThrow(
      'the input has no column "berths": its columns are no, seats',
    );
    const spec = { key: "berths", aggregates: { n: count() } };
    await expect(session.csv(file).groupByColumns(spec).collect()).rejects.toThrow(
      `${file} has no column "berths": its columns are no, seats`,
    );
    expect(() => session.csv(join(folder, "none.csv"))).toThrow(/there is no such file$/);
    const jsonl = join(folder, "bad.jsonl");
    writeFileSync(jsonl, '{"a":1}\n{"a":\n');
    await expect(session.jsonLines(jsonl).collect()).rejects.toThrow(
      `${jsonl}: the line at byte 8 is not JSON`,
    );
    await expect(session.parquet(file)).rejects.toThrow(/bad.csv cannot be read as Parquet: /);
  });
});

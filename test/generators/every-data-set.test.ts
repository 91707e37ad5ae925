import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, it } from "vitest";
import { dataSets, encodedBlocks, formats, writeDataSet } from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-generators-"));
afterAll(() => rmSync(folder, { recursive: true }));

const names = Object.keys(dataSets);
const faulty = { rows: 40_000, seed: 6, faults: 0.02 };

async function hashOf(name: string, workers: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of encodedBlocks(name, faulty, { format: "csv", workers })) {
    hash.update(block.bytes).update(block.truth);
  }
  return hash.digest("hex");
}

describe.each(names)("%s", (name) => {
  it("is the same bytes and the same truth for 1, 2 and 3 workers", async () => {
    const one = await hashOf(name, 1);
    expect(await hashOf(name, 2)).toBe(one);
    expect(await hashOf(name, 3)).toBe(one);
  });

  it("is the same table in DuckDB from CSV, JSON lines and Parquet", async () => {
    const spec = { rows: 6_000, seed: 8 };
    const file = (format: string): string => join(folder, `${name}.${format}`);
    for (const format of formats) await writeDataSet(name, spec, { format, out: file(format) });
    const columns = dataSets[name]!.csvHeader.trim().split(",");
    const text = columns.map((c) => `coalesce("${c}"::varchar, '') as "${c}"`).join(", ");
    const types = columns.map((c) => `'${c}': 'VARCHAR'`).join(", ");
    const tables = [
      `select * from read_csv('${file("csv")}', all_varchar = true)`,
      `select * from read_json('${file("jsonl")}', columns = {${types}})`,
      `select ${parquetText(name, columns)} from '${file("parquet")}'`,
    ].map((source) => `(select ${text} from (${source}))`);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const) {
      const reader = await connection.runAndReadAll(
        `select count(*)::int from (${tables[a]} except all ${tables[b]})`,
      );
      expect(reader.getRows()).toEqual([[0]]);
    }
    const counted = await connection.runAndReadAll(`select count(*)::int from ${tables[2]}`);
    expect(counted.getRows()).toEqual([[6_000]]);
  });

  it("with faults: same rows as Parquet, truth beside it, and nothing else left", async () => {
    const out = join(folder, `${name}-faults.parquet`);
    await writeDataSet(name, faulty, { format: "parquet", out });
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const reader = await connection.runAndReadAll(`select count(*)::int from '${out}'`);
    expect(reader.getRows()).toEqual([[faulty.rows]]);
    const truth = readFileSync(`${out}.truth.jsonl`, "utf8").trimEnd().split("\n");
    const faults = truth.map((line) => JSON.parse(line) as { row: number; fault: string });
    const rows = new Set(faults.map((planted) => planted.row)).size;
    expect(rows).toBeGreaterThan(0.012 * faulty.rows);
    expect(rows).toBeLessThan(0.028 * faulty.rows);
    const left = readdirSync(folder).filter((file) => file.startsWith(`${name}-faults`));
    expect(left.sort()).toEqual([`${name}-faults.parquet`, `${name}-faults.parquet.truth.jsonl`]);
  });

  it.each(formats)("leaves nothing behind when it is aborted: %s", async (format) => {
    const controller = new AbortController();
    const out = join(folder, `aborted-${name}.${format}`);
    const onProgress = (): void => controller.abort(new Error("stop"));
    const { signal } = controller;
    const writing = writeDataSet(name, faulty, { format, out, signal, onProgress });
    await expect(writing).rejects.toThrow("stop");
    expect(readdirSync(folder).filter((file) => file.startsWith("aborted"))).toEqual([]);
  });

  it("leaves nothing behind on a full disk, and says so", async () => {
    const out = join(folder, `full-${name}.csv`);
    symlinkSync("/dev/full", `${out}.partial-${process.pid}`);
    const writing = writeDataSet(name, faulty, { format: "csv", out });
    await expect(writing).rejects.toThrow("the disk is full: free some space");
    expect(readdirSync(folder).filter((file) => file.startsWith("full"))).toEqual([]);
  });
});

/** DuckDB writes times otherwise than the CSV does. */
function parquetText(name: string, columns: readonly string[]): string {
  const types = dataSets[name]!.columnTypes({ rows: 1, seed: 1 });
  return columns
    .map((column) => {
      if (types[column] !== "TIMESTAMP") return `"${column}"`;
      return `strftime("${column}", '%Y-%m-%dT%H:%M:%S.%g') as "${column}"`;
    })
    .join(", ");
}

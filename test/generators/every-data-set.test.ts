import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename as nameOf, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, it } from "vitest";
import { dataSets, encodedBlocks, formats, writeDataSet } from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-generators-"));
afterAll(() => rmSync(folder, { recursive: true }));

const names = Object.keys(dataSets);
/** More than one block of each. */
const faulty = { rows: 33_000, seed: 6, faults: 0.02 };

async function hashOf(name: string, workers: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const block of encodedBlocks(name, faulty, { format: "csv", workers })) {
    hash.update(block.bytes).update(block.truth);
  }
  return hash.digest("hex");
}

/** The same without any worker thread. */
function hashHere(name: string): string {
  const hash = createHash("sha256");
  const set = dataSets[name]!;
  for (let block = 0; block < set.blockCount(faulty); block++) {
    const { bytes, truth } = set.encode(faulty, block, "csv");
    hash.update(bytes).update(truth);
  }
  return hash.digest("hex");
}

describe.each(names)("%s", (name) => {
  it("is the same bytes and the same truth here and for 3 workers", async () => {
    expect(await hashOf(name, 3)).toBe(hashHere(name));
  });

  it("is the same table in DuckDB from CSV, JSON lines and Parquet", async () => {
    const spec = { rows: 2_500, seed: 8 };
    const file = (format: string): string => join(folder, `${name}.${format}`);
    for (const format of formats) {
      await writeDataSet(name, spec, { format, out: file(format), workers: 1 });
    }
    const { csvHeader, columnTypes } = dataSets[name]!;
    const types: Readonly<Record<string, string>> = columnTypes(spec);
    const columns = csvHeader.trim().split(",");
    const struct = columns.map((c) => `'${c}': '${types[c] ?? "VARCHAR"}'`).join(", ");
    const text = columns.map((c) => `coalesce("${c}"::varchar, '') as "${c}"`).join(", ");
    const tables = [
      `read_csv('${file("csv")}', columns = {${struct}}, auto_detect = false, header = true)`,
      `read_json('${file("jsonl")}', columns = {${struct}})`,
      `'${file("parquet")}'`,
    ].map((source) => `(select ${text} from ${source})`);
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
    expect(counted.getRows()).toEqual([[2_500]]);
  });

  it("with faults: same rows as Parquet, truth beside it, and nothing else left", async () => {
    const out = join(folder, `${name}-faults.parquet`);
    await writeDataSet(name, faulty, { format: "parquet", out, workers: 1 });
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const reader = await connection.runAndReadAll(`select count(*)::int from '${out}'`);
    expect(reader.getRows()).toEqual([[faulty.rows]]);
    const truth = readFileSync(`${out}.truth.jsonl`, "utf8").trimEnd().split("\n");
    const faults = truth.map((line) => JSON.parse(line) as { row: number; fault: string });
    const rows = new Set(faults.map((planted) => planted.row)).size;
    expect(rows).toBeGreaterThan(0.012 * faulty.rows);
    expect(rows).toBeLessThan(0.028 * faulty.rows);
    const left = readdirSync(folder).filter((file) => file.startsWith(`${name}-faults`));
    const ends = ["truth.jsonl", ...Object.keys(dataSets[name]!.sideTables?.(faulty) ?? {})];
    expect(left.sort()).toEqual(
      [out, ...ends.map((end) => `${out}.${end}`)].map((file) => nameOf(file)).sort(),
    );
  });

  it.each(["csv", "parquet"] as const)(
    "leaves nothing behind when it is aborted: %s",
    async (format) => {
      const controller = new AbortController();
      const out = join(folder, `aborted-${name}.${format}`);
      const onProgress = (): void => controller.abort(new Error("stop"));
      const { signal } = controller;
      const writing = writeDataSet(name, faulty, { format, out, signal, onProgress, workers: 1 });
      await expect(writing).rejects.toThrow("stop");
      expect(readdirSync(folder).filter((file) => file.startsWith("aborted"))).toEqual([]);
    },
  );

  it("leaves nothing behind on a full disk, and says so", async () => {
    const out = join(folder, `full-${name}.csv`);
    symlinkSync("/dev/full", `${out}.partial-${process.pid}`);
    const writing = writeDataSet(name, faulty, { format: "csv", out, workers: 1 });
    await expect(writing).rejects.toThrow("the disk is full: free some space");
    expect(readdirSync(folder).filter((file) => file.startsWith("full"))).toEqual([]);
  });
});

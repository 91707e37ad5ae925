import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { count, defineJob, groupBy, mapReduce, mean, min } from "dabbawala/batch";
import { writeDataSet } from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-output-"));
const log = join(folder, "log.csv");
beforeAll(() => writeDataSet("irctc", { rows: 40_000, seed: 14 }, { format: "csv", out: log }));
afterAll(() => rmSync(folder, { recursive: true }));

const told = groupBy({
  key: ["class", "device"],
  aggregates: { requests: count(), mean: mean("response_ms"), pnr: min("pnr") },
});
const programmed = defineJob({
  name: "words by their first letter",
  map(record, emit) {
    for (const word of record.line.split(/[,-]/)) emit(word.slice(0, 1), [word.slice(0, 4)]);
  },
  combine: (left: readonly string[], right: readonly string[]) =>
    [...new Set([...left, ...right])].sort().slice(0, 3),
  reduce: (letter, lists) => ({
    quoted: `"${letter}", ${lists.length > 1}`,
    words: [...new Set(lists.flat())].sort().slice(0, 3),
    isDigit: letter >= "0" && letter <= "9",
    none: letter === "a" ? 1.5 : null,
  }),
});

async function readBack(file: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const source = file.endsWith(".parquet") ? `'${file}'` : `read_csv('${file}', nullstr = '')`;
  const rows = (await connection.runAndReadAll(`from ${source}`)).getRowObjectsJS();
  connection.closeSync();
  instance.closeSync();
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, v]) => [name, typeof v === "bigint" ? Number(v) : v]),
    ),
  );
}

describe("the answer as a file", () => {
  it("JSON lines hold the rows", async () => {
    const out = join(folder, "a.jsonl");
    const { rows } = await mapReduce(programmed, [log], { workers: 1 });
    const written = await mapReduce(programmed, [log], { workers: 1, out });
    expect([written.rows, written.rowCount]).toEqual([[], rows.length]);
    const lines = readFileSync(out, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows);
  });

  it.each(["csv", "parquet"])(
    "%s holds the parts of keys and the fields of values",
    async (end) => {
      const out = join(folder, `groups.${end}`);
      const { rows } = await mapReduce(told, [log], { workers: 2 });
      await mapReduce(told, [log], { workers: 2, out });
      const read = await readBack(out);
      const expected = rows.map(({ key, value }) => {
        const [travelClass, device] = key.split(",");
        return { class: travelClass, device, ...value };
      });
      expect(expected.length).toBeGreaterThan(20);
      expect(expected.some(({ pnr }) => pnr === null)).toBe(true);
      // DuckDB takes "" in CSV for nothing; Parquet keeps the two apart.
      const told1 =
        end === "csv" ? expected.map((r) => ({ ...r, class: r.class || null })) : expected;
      expect(read).toEqual(told1);
    },
  );

  it("Parquet gives columns their types: text, truth, fractions, lists as JSON", async () => {
    const out = join(folder, "typed.parquet");
    const { rows } = await mapReduce(programmed, [log], { workers: 1 });
    await mapReduce(programmed, [log], { workers: 1, out });
    expect(await readBack(out)).toEqual(
      rows.map(({ key, value }) => ({ key, ...value, words: JSON.stringify(value.words) })),
    );
  });

  it("refuses other endings, missing folders and rows of other fields", async () => {
    const run = (out: string, job = programmed as typeof uneven) => mapReduce(job, [log], { out });
    const uneven = defineJob({
      name: "uneven",
      map: (record, emit) => emit(record.line.slice(24, 26), 1),
      reduce: (key) => (key < "u5" ? { a: 1 } : { b: 2 }) as object,
    });
    await expect(run("x.txt")).rejects.toThrow("must end in one of .csv, .jsonl, .parquet");
    await expect(run(join(folder, "none", "x.csv"))).rejects.toThrow("does not exist");
    await expect(run(join(folder, "x.csv"), uneven)).rejects.toThrow('the field "b"');
    expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
  });

  it("writes an answer without rows", async () => {
    const out = join(folder, "empty.csv");
    const nobody = groupBy({ key: "user", where: { user: "nobody" }, aggregates: count() });
    await mapReduce(nobody, [log], { out });
    expect(readFileSync(out, "utf8")).toBe("user,value\n");
  });
});

describe("the command", () => {
  const root = join(__dirname, "..", "..");
  const command = join(root, "lib", "bin", "dabbawala.cjs");
  const place = join(folder, "command");
  const env = { ...process.env, TMPDIR: join(place, "tmp") };
  beforeAll(() => mkdirSync(env.TMPDIR, { recursive: true }));
  const leftovers = () => [...readdirSync(place), ...readdirSync(env.TMPDIR)].sort();

  /** With files of at most that many blocks of 512 bytes: the system refuses to write on. */
  function limited(blocks: number, args: string[]) {
    const script = `ulimit -f ${blocks}; exec "$@"`;
    const all = ["-c", script, "sh", process.execPath, command, "mapreduce", ...args];
    return spawnSync("sh", all, { env, encoding: "utf8" });
  }

  it("leaves no half output where there is no room for it", () => {
    const out = join(place, "users.jsonl");
    const args = ["sessions", log, "--workers", "4", "--split", "64kb", "--out", out];
    const { status, stderr } = limited(200, args);
    expect(stderr).toMatch(/users.jsonl: the file would be larger than the system allows/);
    expect([status, leftovers()]).toEqual([2, ["tmp"]]);
  });

  it("leaves nothing where there is no room for runs", () => {
    const { status, stderr } = limited(8, ["word-count", log, "--out", join(place, "words.jsonl")]);
    expect(stderr).toMatch(/has no room for runs \(EFBIG\): free some, or set TMPDIR elsewhere/);
    expect([status === 0, leftovers()]).toEqual([false, ["tmp"]]);
  });

  it("leaves nothing when it is interrupted", async () => {
    const out = join(place, "index.jsonl");
    const args = [command, "mapreduce", "inverted-index", log, log, log, "--split", "256kb"];
    const child = spawn(process.execPath, [...args, "--out", out], { env, stdio: "pipe" });
    let stderr = "";
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    const status = await new Promise((resolve) => {
      child.on("exit", resolve);
      const waiting = setInterval(() => {
        // Tasks of the job have written runs, and are far from the last one.
        const files = readdirSync(env.TMPDIR, { recursive: true, withFileTypes: true });
        if (!files.some((file) => file.isFile())) return;
        clearInterval(waiting);
        child.kill("SIGINT");
      }, 5);
    });
    expect(stderr).toContain("interrupted: nothing was written");
    expect([status, leftovers()]).toEqual([2, ["tmp"]]);
  });
});

/** Each side of the contest as a process of its own. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..", "..");

const program = `
  const [file, out, memoryBytes, workers] = process.argv.slice(1);
  const { sortFiles } = require("dabbawala/batch");
  const base = process.memoryUsage.rss();
  const options = { out, workers: Number(workers), memoryBytes: Number(memoryBytes) - base };
  sortFiles([file], options).then(({ elapsedMs }) => {
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    console.log(JSON.stringify({ elapsedMs, peakBytes }));
  });
`;

export interface SortedApart {
  readonly inputBytes: number;
  readonly elapsedMs: number;
  /** Of the whole process, Node itself included. */
  readonly peakBytes: number;
}

export interface ApartOptions {
  readonly out: string;
  readonly memoryBytes: number;
  readonly workers: number;
}

/** Sorts the lines of the file with `sortFiles`. */
export function sortApart(file: string, { out, memoryBytes, workers }: ApartOptions): SortedApart {
  const args = ["-e", program, file, out, String(memoryBytes), String(workers)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`sorting ${file} failed: ${stderr}`);
  const measured = JSON.parse(stdout) as Omit<SortedApart, "inputBytes">;
  return { inputBytes: statSync(file).size, ...measured };
}

/** The same by GNU sort. */
export function gnuSortApart(file: string, { out, memoryBytes, workers }: ApartOptions): void {
  const args = [`--parallel=${workers}`, `-S${Math.round(memoryBytes / 2 ** 20)}M`, "-o", out];
  const env = { ...process.env, LC_ALL: "C" };
  const { status, stderr } = spawnSync("sort", [...args, file], { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`GNU sort failed: ${stderr}`);
}

const duckProgram = `
  const [file, out, memoryBytes, threads] = process.argv.slice(1);
  const { DuckDBInstance } = require("@duckdb/node-api");
  (async () => {
    const instance = await DuckDBInstance.create(":memory:", { threads });
    const duck = await instance.connect();
    await duck.run("set memory_limit = '" + Math.round(memoryBytes / 2 ** 20) + "MiB'");
    await duck.run("set temp_directory = '" + out + ".tmp'");
    const plain = "header = false, delim = '\\x01', quote = '', escape = ''";
    const source = "read_csv('" + file + "', " + plain +
      ", auto_detect = false, columns = {'line': 'VARCHAR'})";
    await duck.run("copy (from " + source + " order by line) to '" + out +
      "' (format csv, header false, delimiter '\\x01', quote '', escape '')");
    duck.closeSync();
  })();
`;

/** The same by DuckDB: one column, ordered by it, written as text. */
export function duckSortApart(file: string, { out, memoryBytes, workers }: ApartOptions): void {
  const args = ["-e", duckProgram, file, out, String(memoryBytes), String(workers)];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`DuckDB failed: ${stderr}`);
}

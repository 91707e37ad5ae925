/** `dabbawala sort`: sorts files larger than its memory, on all cores. */
import type { Command } from "commander";
import { InputError } from "../basics";
import { sortFiles } from "../batch";
import type { SortFilesResult, SortKey, SortShape } from "../batch";
import { interruptSignal, parseBytes, parseCount, resumeHelp } from "./options";
import { progressBar } from "./progress-bar";

interface SortCommandOptions {
  out: string;
  key: SortKey[];
  separator: string;
  quote?: string;
  header: boolean;
  records?: string;
  keyBytes?: string;
  memory: string;
  workers?: string;
  openFiles?: string;
  resume?: string;
}

export function register(program: Command): void {
  program
    .command("sort <file...>")
    .description("sort the lines of files, stable and by bytes, in little memory")
    .requiredOption("--out <file>", "where the sorted lines go; may be one of the files")
    .option(
      "--key <column[:number][:descending]>",
      "a column from 1 (0: the whole line) to sort by; again for the next key",
      addKey,
      [] as SortKey[],
    )
    .option("--separator <character>", "between columns; \\t for tabs", ",")
    .option(
      "--quote <character>",
      'columns may be in it and hold separators, as in CSV; default ", or none for no quotes',
    )
    .option("--header", "the first line of each file is its header", false)
    .option("--records <size>", "records of that many bytes in the place of lines")
    .option("--key-bytes <count>", "bytes at the beginning of records to sort by; default 10")
    .option("--memory <size>", "what the whole process may hold", "256mb")
    .option("--workers <count>", "threads; default one a core")
    .option("--open-files <count>", "files open at once, at most; default what the system allows")
    .option("--resume <folder>", resumeHelp)
    .action(sort);
}

function addKey(text: string, keys: readonly SortKey[]): SortKey[] {
  const [, column, isNumber, isDescending] =
    /^(\d+)(:number)?(:descending)?$/.exec(text.trim()) ?? [];
  if (column === undefined) {
    throw new InputError(`--key takes a column such as 2, 3:number or 2:descending, not "${text}"`);
  }
  const kind = isNumber ? "number" : "text";
  return [
    ...keys,
    { column: Number(column), kind, order: isDescending ? "descending" : "ascending" },
  ];
}

function shapeOf(options: SortCommandOptions): SortShape {
  const { records, keyBytes, key, separator } = options;
  if (records === undefined) {
    if (keyBytes !== undefined) throw new InputError("--key-bytes is for --records: give both");
    const columns = { separator: separator === "\\t" ? "\t" : separator, quote: quoteOf(options) };
    return { kind: "lines", keys: key, ...columns };
  }
  if (key.length > 0) throw new InputError("records have no columns: --key is for lines");
  return {
    kind: "records",
    recordBytes: parseBytes("--records", records),
    keyBytes: keyBytes === undefined ? undefined : parseCount("--key-bytes", keyBytes),
  };
}

/** Whole lines are sorted as they stand, quotes and all. */
function quoteOf({ key, quote }: SortCommandOptions): string | undefined {
  const hasColumns = key.some(({ column }) => column !== 0);
  if (quote !== undefined && !hasColumns) {
    throw new InputError("--quote is for columns: name one with --key");
  }
  return quote === "none" || !hasColumns ? undefined : (quote ?? '"');
}

async function sort(files: string[], options: SortCommandOptions): Promise<void> {
  const memory = parseBytes("--memory", options.memory);
  const signal = interruptSignal(options.resume);
  const bar = progressBar("sort");
  try {
    const result = await sortFiles(files, {
      out: options.out,
      shape: shapeOf(options),
      hasHeader: options.header,
      memoryBytes: memory - baseBytes(memory),
      workers: options.workers === undefined ? undefined : parseCount("--workers", options.workers),
      openFiles:
        options.openFiles === undefined ? undefined : parseCount("--open-files", options.openFiles),
      resume: options.resume,
      signal,
      onProgress: bar.onProgress,
    });
    bar.stop();
    console.error(describe(result));
  } finally {
    bar.stop();
  }
}

/** What Node itself holds. */
function baseBytes(memory: number): number {
  const base = process.memoryUsage.rss();
  if (memory > base + 28 * 2 ** 20) return base;
  throw new InputError(
    `--memory must be at least 128mb, of which Node itself takes about 60mb, but was ` +
      `${Math.floor(memory / 2 ** 20)}mb`,
  );
}

function describe(result: SortFilesResult): string {
  const { records, bytes, runs, ranges, passes, elapsedMs, tasksKept } = result;
  const seconds = elapsedMs / 1000;
  const megabytes = bytes / 1e6;
  return (
    `${records} records, ${megabytes.toFixed(1)} MB in ${seconds.toFixed(1)} s: ` +
    `${runs} runs, merged in ${ranges} ranges` +
    (passes > 1 ? ` and ${passes} passes` : "") +
    (tasksKept > 0 ? `; ${tasksKept} tasks were done before` : "")
  );
}

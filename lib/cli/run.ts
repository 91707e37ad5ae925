/** `dabbawala run`: executes notebooks headless and compares their outputs with the stored ones. */
import { writeFileSync, renameSync } from "fs";
import { basename } from "path";
import type { Command } from "commander";
import { compareOutputs } from "./notebooks/compare";
import { executeNotebook } from "./notebooks/execute";
import { findNotebooks, readNotebook } from "./notebooks/notebook";
import type { Notebook } from "./notebooks/notebook";
import { injectParameters } from "./notebooks/parameters";
import { pageOf, writeIndex } from "./notebooks/site";
import { parseCount } from "./options";

interface RunOptions {
  parameter: string[];
  jobs: string;
  timeout: string;
  html?: string;
  write?: boolean;
}

export function register(program: Command): void {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  program
    .command("run [notebooks...]")
    .description("execute notebooks headless: by number, name, glob or file; all by default")
    .option("-p, --parameter <name=value>", "override a parameter; repeatable", collect, [])
    .option("--jobs <count>", "notebooks at a time", "2")
    .option("--timeout <seconds>", "longest time of one cell", "300")
    .option("--html <folder>", "write a browsable site")
    .option("--write", "accept the outputs: store them in the notebooks")
    .action(run);
}

async function run(words: string[], options: RunOptions): Promise<void> {
  const files = findNotebooks(words);
  const jobs = parseCount("--jobs", options.jobs);
  const waiting = [...files];
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      if (!(await runOne(file, options))) failed++;
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, files.length) }, work));
  if (options.html) {
    writeIndex(
      options.html,
      files.map((file): [string, Notebook] => [file, readNotebook(file)]),
    );
  }
  console.log(`notebooks: ${files.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function runOne(file: string, options: RunOptions): Promise<boolean> {
  const committed = readNotebook(file);
  const notebook = injectParameters(committed, options.parameter);
  const name = basename(file, ".ipynb");
  const startMs = Date.now();
  const result = await executeNotebook(file, notebook, {
    cellTimeoutSeconds: parseCount("--timeout", options.timeout),
    html: options.html === undefined ? undefined : pageOf(options.html, file),
    onProgress: (done, total) => showProgress(name, done, total),
  });
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  if (result.kind === "failed") {
    const cell = result.cell === null ? "" : `\n${indent(result.cell)}\n`;
    console.log(`FAILED ${name} (${seconds} s): a cell failed${cell}${indent(result.why)}`);
    return false;
  }
  if (options.write) replaceFile(file, result.text);
  const isCompared = !options.write && options.parameter.length === 0;
  const differences = isCompared
    ? compareOutputs(committed, JSON.parse(result.text) as Notebook)
    : [];
  for (const { cellId, source, committed: was, now } of differences) {
    console.log(`FAILED ${name}: the output of cell ${cellId} is not the stored one`);
    console.log(`${indent(source)}\n  stored: ${was}\n  now:    ${now}`);
    console.log("  Mend it, or accept the new output with `npx dabbawala run --write`.");
  }
  if (differences.length === 0) console.log(`ok     ${name} (${seconds} s)`);
  return differences.length === 0;
}

function showProgress(name: string, done: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${name}: cell ${done} of ${total} `);
  if (process.stderr.isTTY && done === total) process.stderr.write("\r\x1b[K");
}

function replaceFile(file: string, text: string): void {
  writeFileSync(`${file}.partial`, text);
  renameSync(`${file}.partial`, file);
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}

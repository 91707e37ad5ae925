/** `dabbawala run`: executes notebooks headless and compares their outputs with the stored ones. */
import { basename } from "path";
import type { Command } from "commander";
import { InputError } from "../basics";
import { preparePython } from "./notebooks/execute";
import { findNotebooks, readNotebook } from "./notebooks/notebook";
import { injectParameters } from "./notebooks/parameters";
import { runOne } from "./notebooks/run-one";
import type { Order, RunOneOptions } from "./notebooks/run-one";
import { writeSite } from "./notebooks/site";
import type { SitePage } from "./notebooks/site";
import { StatusLine } from "./notebooks/status-line";
import { interruptSignal, parseCount } from "./options";

interface RunOptions {
  readonly parameter: readonly string[];
  readonly jobs: string;
  readonly timeout: string;
  readonly html?: string;
  readonly write?: boolean;
}

export function register(program: Command): void {
  const collect = (value: string, before: string[]): string[] => [...before, value];
  program
    .command("run [notebooks...]")
    .description("execute notebooks headless: by number, name, glob or file; all by default")
    .option("-p, --parameter <name=value>", "override a parameter; repeatable", collect, [])
    .option("--jobs <count>", "notebooks at a time", "2")
    .option("--timeout <seconds>", "longest time of one cell", "300")
    .option("--html <folder>", "write a browsable site of the notebooks that ran")
    .option("--write", "accept the outputs: store them in the notebooks")
    .action(run);
}

async function run(words: string[], options: RunOptions): Promise<void> {
  if (options.write && options.parameter.length > 0) {
    throw new InputError("--write stores the default run: leave out -p, or edit the notebook");
  }
  const jobs = atLeastOne("--jobs", options.jobs);
  const cellTimeoutSeconds = atLeastOne("--timeout", options.timeout);
  const orders = findNotebooks(words).map((file) => orderOf(file, options.parameter));
  const status = new StatusLine();
  const pages: (SitePage | undefined)[] = orders.map(() => undefined);
  let failed = 0;
  const outputs = options.write ? "store" : options.parameter.length > 0 ? "ignore" : "compare";
  const python = preparePython();
  const shared = {
    python,
    cellTimeoutSeconds,
    outputs,
    isHtmlWanted: options.html !== undefined,
  } as const;
  const signal = interruptSignal();
  await inTurns(jobs, orders, async (order, at) => {
    const name = basename(order.file, ".ipynb");
    const onProgress: RunOneOptions["onProgress"] = (done, total) =>
      status.update(name, done, total);
    const verdict = await runOne(order, { ...shared, onProgress, signal });
    if (!verdict.isGood) failed++;
    pages[at] = verdict.page;
    status.print(name, verdict.report);
  });
  if (options.html !== undefined) {
    const site = pages.flatMap((page) => (page ? [page] : []));
    console.log(`site: ${writeSite(options.html, site)}`);
  }
  console.log(`notebooks: ${orders.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Reads a notebook and checks the parameters for it, before any notebook runs. */
function orderOf(file: string, parameters: readonly string[]): Order {
  const committed = readNotebook(file);
  try {
    return { file, committed, notebook: injectParameters(committed, parameters) };
  } catch (error) {
    throw new InputError(`${basename(file, ".ipynb")}: ${(error as Error).message}`);
  }
}

/** Works through the items, `jobs` of them at a time, in their order. */
async function inTurns<T>(
  jobs: number,
  items: readonly T[],
  work: (item: T, at: number) => Promise<void>,
): Promise<void> {
  const waiting = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await work(next[1], next[0]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, lane));
}

function atLeastOne(name: string, text: string): number {
  const count = parseCount(name, text);
  if (count >= 1) return count;
  throw new InputError(`${name} takes 1 or more, not "${text}"`);
}

/** One notebook from the committed file to a verdict. */
import { basename } from "path";
import { AtomicFile } from "../../basics";
import { compareOutputs } from "./compare";
import { executeNotebook } from "./execute";
import type { ExecuteOptions } from "./execute";
import { joined } from "./notebook";
import type { Notebook, NotebookCell } from "./notebook";
import { cellName, problemText } from "./problem";
import type { SitePage } from "./site";

/** A notebook as committed, and as it is to be run, with parameters injected. */
export interface Order {
  readonly file: string;
  readonly committed: Notebook;
  readonly notebook: Notebook;
}

export interface RunOneOptions extends ExecuteOptions {
  /** What becomes of outputs that are not the stored ones. */
  readonly outputs: "compare" | "store" | "ignore";
}

export interface Verdict {
  readonly isGood: boolean;
  /** For the terminal: one line if good, else what is wrong, where and why. */
  readonly report: string;
  readonly page?: SitePage;
}

/** The guide's limit for a notebook at its default parameters. */
const budgetSeconds = 60;

export async function runOne(order: Order, options: RunOneOptions): Promise<Verdict> {
  const { file, committed, notebook } = order;
  const name = basename(file, ".ipynb");
  const startMs = Date.now();
  const result = await executeNotebook(file, notebook, options);
  const seconds = (Date.now() - startMs) / 1000;
  if (result.kind === "failed") {
    return { isGood: false, report: `FAILED ${failure(name, notebook, result)}` };
  }
  const now = JSON.parse(result.text) as Notebook;
  if (options.outputs === "store") store(file, result.text);
  const report = options.outputs === "compare" ? differences(name, committed, now) : "";
  const page = result.html === null ? {} : { page: pageOf(file, now, result.html, seconds) };
  const slow = seconds > budgetSeconds ? `, longer than the ${budgetSeconds} s of the guide` : "";
  const good = `ok     ${name} (${seconds.toFixed(1)} s${slow})`;
  return { isGood: report === "", report: report || good, ...page };
}

function store(file: string, text: string): void {
  const stored = new AtomicFile(file);
  stored.write(text);
  stored.commit();
}

function pageOf(file: string, notebook: Notebook, rawHtml: string, seconds: number): SitePage {
  return { file, notebook, rawHtml, seconds };
}

function failure(
  name: string,
  notebook: Notebook,
  { why, cell: id }: { readonly why: string; readonly cell: string | null },
): string {
  const cell = notebook.cells.find((candidate) => candidate.id === id);
  const [message = "", ...more] = why.split("\n");
  return [
    problemText({
      notebook: name,
      message,
      ...(cell && { cell: cellName(notebook.cells, cell) }),
    }),
    ...more.map((line) => `    ${line}`),
    ...(cell ? ["  the cell:", numbered(cell)] : []),
  ].join("\n");
}

/** The cell with line numbers, which errors refer to. */
function numbered(cell: NotebookCell): string {
  const lines = joined(cell.source).split("\n");
  return lines.map((line, at) => `  ${String(at + 1).padStart(4)} | ${line}`).join("\n");
}

function differences(name: string, committed: Notebook, now: Notebook): string {
  const found = compareOutputs(committed, now);
  if (found.length === 0) return "";
  const lines = found.map(({ cell, committed: was, now: is }) => {
    const place = { notebook: name, cell: cellName(now.cells, cell) };
    const text = problemText({ ...place, message: "the output is not the stored one" });
    return `FAILED ${text}\n${numbered(cell)}\n  stored: ${was}\n  now:    ${is}`;
  });
  const advice = "  Mend it, tag a cell that measures `varies`, or accept with --write.";
  return [...lines, advice].join("\n");
}

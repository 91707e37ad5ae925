/** `dabbawala check-notebooks`: notebook code under `strict`, and the rules of the guide. */
import { writeFileSync, mkdirSync } from "fs";
import { basename, join } from "path";
import type { Command } from "commander";
import { checkGuide } from "./notebooks/guide";
import { bookNotebooks, findNotebooks, readNotebook } from "./notebooks/notebook";
import type { Notebook } from "./notebooks/notebook";
import { problemText } from "./notebooks/problem";
import { notebookScript } from "./notebooks/script";
import { checkStrictly } from "./notebooks/strict";
import { loadTypeScript } from "./notebooks/typescript";

interface CheckOptions {
  readonly scripts?: string;
}

export function register(program: Command): void {
  program
    .command("check-notebooks [notebooks...]")
    .description("type-check notebooks with strict and check them by the guide, without running")
    .option("--scripts <folder>", "also write each notebook's code as one TypeScript file")
    .action(check);
}

function check(words: string[], { scripts }: CheckOptions): void {
  const notebooks = findNotebooks(words).map((file): [string, Notebook] => {
    return [file, readNotebook(file)];
  });
  if (scripts !== undefined) writeScripts(notebooks, scripts);
  const book = bookNotebooks().filter((file) => basename(file) !== "TEMPLATE.ipynb");
  const problems = [
    ...notebooks.flatMap(([file, notebook]) => checkGuide(file, notebook, book)),
    ...checkStrictly(notebooks),
  ];
  for (const problem of problems) console.log(problemText(problem));
  const found = problems.length === 0 ? "no problem" : `${problems.length} to mend`;
  console.log(`notebooks checked: ${notebooks.length}, ${found}`);
  if (problems.length > 0) process.exitCode = 1;
}

function writeScripts(notebooks: readonly [string, Notebook][], folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, notebook] of notebooks) {
    const name = `${basename(file, ".ipynb")}.ts`;
    writeFileSync(join(folder, name), notebookScript(loadTypeScript(), notebook).text);
  }
}

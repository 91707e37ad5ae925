/** Links: to the neighbours in the book, the index, the source and its test; none is broken. */
import { existsSync } from "fs";
import { basename, dirname, join } from "path";
import type { NotebookCell } from "../notebook";
import { problem, sourceOf } from "./page";
import type { Page, Rule } from "./page";

const index = "00-start-here.ipynb";

const navigation: Rule = (page) => {
  const at = page.book.indexOf(page.file);
  if (at < 0) return [];
  const targets = linksOf(page.cells[0]);
  const wanted: [string, string | undefined][] = [
    ["previous", page.book[at - 1]],
    ["next", page.book[at + 1]],
    ["index", page.kind === "start" ? undefined : join(dirname(page.file), index)],
  ];
  return wanted.flatMap(([label, file]) => {
    if (file === undefined || targets.includes(basename(file))) return [];
    return [problem(page, `the first cell has no link to the ${label} page, ${basename(file)}`)];
  });
};

const sourceAndTest: Rule = (page) => {
  if (page.kind !== "lesson") return [];
  const targets = linksOf(page.cells[0]);
  return ["lib", "test"].flatMap((folder) => {
    if (targets.some((target) => target.startsWith(`../${folder}/`))) return [];
    return [problem(page, `the first cell has no link to its files under ${folder}/`)];
  });
};

const linksLead: Rule = (page) => {
  return page.cells.flatMap((cell) =>
    linksOf(cell).flatMap((target) => {
      const file = target.replace(/#.*$/, "");
      const isLocal = file !== "" && !/^[a-z]+:/i.test(file);
      if (!isLocal || isThere(page, file)) return [];
      return [problem(page, `the link ${target} leads nowhere`, cell)];
    }),
  );
};

function isThere(page: Page, target: string): boolean {
  return existsSync(join(dirname(page.file), decodeURIComponent(target)));
}

function linksOf(cell: NotebookCell | undefined): string[] {
  if (cell?.cell_type !== "markdown") return [];
  const prose = sourceOf(cell).replace(/```[\s\S]*?```|`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string);
}

export const linkRules: readonly Rule[] = [navigation, sourceAndTest, linksLead];

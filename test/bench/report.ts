/** The table of results: merged with the one that stands in a text, and formed as Markdown. */
import type { BenchmarkRow } from "./benchmark";

export const beginMarker = "<!-- benchmarks: written by `npm run bench -- --write` -->";
export const endMarker = "<!-- end of benchmarks -->";

/** Rows by benchmark (the module's name). */
export type Results = ReadonlyMap<string, readonly BenchmarkRow[]>;

const heading = ["benchmark", "work", "ours", "peer", "ratio", "bar"];

/** The table for a terminal: columns as wide as their widest cell. */
export function asText(results: Results): string {
  const rows = [heading, ...allCells(results)];
  const widths = heading.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])));
  return lines.map((cells) => cells.join("  ").trimEnd()).join("\n");
}

function allCells(results: Results): string[][] {
  return [...results].flatMap(([name, rows]) => rows.map((row) => cellsOf(name, row)));
}

/** The cells of one row; the ratio says so when it is below its bar. */
function cellsOf(name: string, row: BenchmarkRow): string[] {
  const ratio = `${row.ratio.toFixed(2)} x${isBelow(row) ? ", below" : ""}`;
  const bar = row.bar === null ? "none" : `${row.bar} x`;
  return [name, row.work, row.ours, row.peer, ratio, bar].map((cell) => cell.replace(/\|/g, "/"));
}

export function isBelow({ ratio, bar }: BenchmarkRow): boolean {
  return bar !== null && !(ratio >= bar);
}

export interface TableOptions {
  /** What they were measured on: a sentence below the table. */
  readonly machine: string;
  /** Rows of the same work are replaced, not all of the benchmarks in the results. */
  readonly isPartial?: boolean;
}

/**
 * The text with the table between the markers renewed: rows of the benchmarks in `results` are
 * replaced, those of others stay. An Error when the markers are missing.
 */
export function withTable(
  text: string,
  results: Results,
  { machine, isPartial = false }: TableOptions,
): string {
  const isRenewed = ([name = "", work]: string[]): boolean => {
    const rows = results.get(name);
    return rows !== undefined && (!isPartial || rows.some((row) => row.work === work));
  };
  const kept = rowsOf(text).filter((cells) => !isRenewed(cells));
  return replaced(text, [...kept, ...allCells(results)], machine);
}

/** The summary with a table of those rows of the whole table that have a bar to reach. */
export function withBars(summary: string, whole: string, machine: string): string {
  return replaced(
    summary,
    rowsOf(whole).filter((cells) => cells.at(-1) !== "none"),
    machine,
  );
}

function replaced(text: string, cells: readonly string[][], machine: string): string {
  const rows = [...cells].sort(([a = ""], [b = ""]) => (a < b ? -1 : a > b ? 1 : 0));
  const table = [heading, heading.map(() => "---"), ...rows].map((row) => row.join(" | "));
  const lines = table.map((line) => `| ${line} |`).join("\n");
  const { begin, end } = sectionOf(text);
  const head = `${text.slice(0, begin)}${beginMarker}`;
  return `${head}\n\n${lines}\n\n${machine}\n\n${text.slice(end)}`;
}

function sectionOf(text: string): { begin: number; end: number } {
  const begin = text.indexOf(beginMarker);
  const end = text.indexOf(endMarker);
  if (begin < 0 || end < begin) throw new Error(`the text has no "${beginMarker}" section`);
  return { begin, end };
}

/** The rows that stand there, each once: a merge of two branches may have left them twice. */
function rowsOf(text: string): string[][] {
  const { begin, end } = sectionOf(text);
  const rows = text
    .slice(begin, end)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
    .filter(([name = ""]) => name !== heading[0] && !/^-+$/.test(name));
  return [...new Map(rows.map((row) => [row.join("|"), row])).values()];
}

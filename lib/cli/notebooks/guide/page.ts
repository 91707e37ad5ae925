/** A notebook as the guide's rules look at it. */
import { basename } from "path";
import { hasTag, joined } from "../notebook";
import type { Notebook, NotebookCell } from "../notebook";
import { cellName } from "../problem";
import type { Problem } from "../problem";

/** A lesson obeys every rule; the start page has no sections, the template no content to count. */
export type PageKind = "start" | "template" | "lesson";

export interface Page {
  readonly file: string;
  readonly name: string;
  readonly kind: PageKind;
  readonly cells: readonly NotebookCell[];
  readonly codeCells: readonly NotebookCell[];
  readonly notebook: Notebook;
  /** The files of the whole book in reading order. */
  readonly book: readonly string[];
}

/** A rule of the guide: what breaks it in a page. */
export type Rule = (page: Page) => Problem[];

export function pageOf(file: string, notebook: Notebook, book: readonly string[]): Page {
  const name = basename(file, ".ipynb");
  const kind = name.startsWith("00-") ? "start" : name === "TEMPLATE" ? "template" : "lesson";
  const { cells } = notebook;
  const codeCells = cells.filter((cell) => cell.cell_type === "code");
  return { file, name, kind, cells, codeCells, notebook, book };
}

/** The problem `message` of the page, at a cell of it where one is named. */
export function problem(page: Page, message: string, cell?: NotebookCell, line?: number): Problem {
  return {
    notebook: page.name,
    message,
    ...(cell && { cell: cellName(page.cells, cell) }),
    ...(line !== undefined && { line }),
  };
}

export function sourceOf(cell: NotebookCell): string {
  return joined(cell.source);
}

/** Words of prose: what is not code, and not the marks of markdown. */
export function countWords(cells: readonly NotebookCell[]): number {
  const text = cells.filter((cell) => cell.cell_type === "markdown").map(sourceOf);
  const prose = text.join("\n").replace(/```[\s\S]*?```/g, " ");
  return prose.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

/** The cells of the section `heading`, its heading cell first; none where it is missing. */
export function sectionOf(page: Page, heading: string): readonly NotebookCell[] {
  const starts = (cell: NotebookCell): string | undefined => headingsOf(cell)[0];
  const from = page.cells.findIndex((cell) => starts(cell) === heading);
  if (from < 0) return [];
  const rest = page.cells.slice(from + 1);
  const length = rest.findIndex((cell) => starts(cell) !== undefined);
  return page.cells.slice(from, length < 0 ? undefined : from + 1 + length);
}

/** The headings of the second level in a cell. */
export function headingsOf(cell: NotebookCell): string[] {
  if (cell.cell_type !== "markdown") return [];
  return [...sourceOf(cell).matchAll(/^## (.+)$/gm)].map((match) => (match[1] as string).trim());
}

/** One shown value of a cell, by MIME type. */
export type OutputData = Readonly<Record<string, unknown>>;

export function outputsOf(cell: NotebookCell): OutputData[] {
  const outputs = (cell.outputs ?? []) as readonly { readonly data?: OutputData }[];
  return outputs.flatMap((output) => (output.data ? [output.data] : []));
}

export const chartType = "application/vnd.vegalite.v5+json";

export function hasChart(cells: readonly NotebookCell[]): boolean {
  return cells.some((cell) => outputsOf(cell).some((data) => chartType in data));
}

export function isParameters(cell: NotebookCell): boolean {
  return hasTag(cell, "parameters");
}

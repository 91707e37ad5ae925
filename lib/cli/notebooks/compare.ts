/** Whether a run's outputs are the committed ones, byte for byte, but for cells tagged `varies`. */
import { hasTag } from "./notebook";
import type { Notebook, NotebookCell } from "./notebook";

export interface Difference {
  readonly cell: NotebookCell;
  readonly committed: string;
  readonly now: string;
}

export function compareOutputs(committed: Notebook, now: Notebook): Difference[] {
  const before = new Map(committed.cells.map((cell) => [cell.id, cell]));
  return now.cells.flatMap((cell) => {
    if (cell.cell_type !== "code" || hasTag(cell, "varies")) return [];
    const old = before.get(cell.id);
    const [was, is] = [outputText(old), outputText(cell)];
    if (was === is) return [];
    return [{ cell, ...firstDifference(was, is) }];
  });
}

/** The outputs as indented JSON, with texts stored as lists of lines joined, and no counts. */
function outputText(cell: NotebookCell | undefined): string {
  const tidy = (key: string, value: unknown): unknown => {
    if (key === "execution_count") return null;
    const isText = key === "text" || key.includes("/"); // of a stream, or of a MIME type
    return isText && Array.isArray(value) ? value.join("") : value;
  };
  return JSON.stringify(cell?.outputs ?? [], tidy, 1);
}

/** The first lines that differ, shortened. */
function firstDifference(was: string, is: string): { committed: string; now: string } {
  const [left, right] = [was.split("\n"), is.split("\n")];
  const at = left.findIndex((line, i) => line !== right[i]);
  const line = at < 0 ? left.length : at;
  const shorten = (text: string | undefined): string => (text ?? "(nothing)").trim().slice(0, 300);
  return { committed: shorten(left[line]), now: shorten(right[line]) };
}

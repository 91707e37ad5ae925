import type { NotebookCell } from "./notebook";

/** Something to mend in a notebook, at the cell and line where a reader finds it. */
export interface Problem {
  /** The name without folder and ending: "10-mapreduce-irctc-logs". */
  readonly notebook: string;
  readonly message: string;
  /** None where the notebook as a whole is meant. */
  readonly cell?: { readonly id: string; readonly number: number };
  /** Line and column in the cell, from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** How a cell is named in messages: its place from 1 among all cells, and its id. */
export function cellName(cells: readonly NotebookCell[], cell: NotebookCell): Problem["cell"] {
  return { id: cell.id, number: cells.indexOf(cell) + 1 };
}

/** One line: `10-mapreduce: cell 7 (run-job), line 2, column 5: message`. */
export function problemText({ notebook, cell, line, column, message }: Problem): string {
  const place = [
    ...(cell === undefined ? [] : [`cell ${cell.number} (${cell.id})`]),
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ];
  return `${notebook}: ${place.length === 0 ? "" : `${place.join(", ")}: `}${message}`;
}

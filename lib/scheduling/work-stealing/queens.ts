/**
 * Counts the ways to put n queens on a board so that none threatens another. A part is the
 * columns of the first rows' queens; once as many rows are filled as may fork, the rest is counted.
 *
 * Source: M. Richards, "Backtracking algorithms in MCPL using bit patterns and recursion", 1997.
 * Cost: parts of very uneven size: some have no solution at all.
 */
import { wholeInRange } from "../../basics";
import type { StealingProgram } from "./program";

export interface QueensOptions {
  /** Queens and rows, 1 to 16. */
  readonly n: number;
  /** Rows that are parts of their own, 0 to 7; default 4: thousands of parts for n = 12. */
  readonly forkedRows?: number;
}

/** Three bits for the number of rows, and four for each row's column. */
const [rowBits, columnBits] = [3, 4];

export function queens({ n, forkedRows = 4 }: QueensOptions): StealingProgram {
  wholeInRange("n", n, { min: 1, max: 16 });
  wholeInRange("forkedRows", forkedRows, { min: 0, max: 7 });
  const all = 2 ** n - 1;
  const forks = Math.min(forkedRows, n);

  function run(part: number, spawn: (part: number) => void): number {
    const rows = part & (2 ** rowBits - 1);
    let [columns, left, right] = [0, 0, 0];
    for (let row = 0; row < rows; row++) {
      const queen = 1 << ((part >>> (rowBits + columnBits * row)) & (2 ** columnBits - 1));
      columns |= queen;
      left = (left | queen) << 1;
      right = (right | queen) >> 1;
    }
    if (rows === forks) return count(columns, left, right);
    for (let open = all & ~(columns | left | right); open !== 0; open &= open - 1) {
      const column = 31 - Math.clz32(open & -open);
      spawn((part + 1) | (column << (rowBits + columnBits * rows)));
    }
    return 0;
  }

  /** Solutions from a board of which columns and diagonals are threatened. */
  function count(columns: number, left: number, right: number): number {
    if (columns === all) return 1;
    let solutions = 0;
    for (let open = all & ~(columns | left | right); open !== 0; open &= open - 1) {
      const queen = open & -open;
      solutions += count(columns | queen, (left | queen) << 1, (right | queen) >> 1);
    }
    return solutions;
  }

  return { root: 0, run };
}

/**
 * What is put into a cell's code before tslab compiles it, because tslab would misread it: each
 * case is in a file of its own. Lines stay as they are; columns can be told back.
 */
import { parseCell } from "./parsed-cell";
import type { Insertion } from "./parsed-cell";
import { findRenamedProperties } from "./renamed-properties";
import { findShorthand } from "./shorthand";
import { findFirstAwait } from "./top-level-await";
import type { TypeScriptParts } from "./tslab";

export interface PreparedCell {
  readonly code: string;
  /** The column (from 1) in the cell as written, of a column of the prepared code. */
  originalColumn(line: number, column: number): number;
}

export function prepareCell(typescript: TypeScriptParts, source: string): PreparedCell {
  const cell = parseCell(typescript, source);
  const insertions = [
    ...findFirstAwait(cell),
    ...findRenamedProperties(cell),
    ...findShorthand(cell),
  ];
  insertions.sort((left, right) => left.at - right.at);
  let code = source;
  for (const { at, text } of [...insertions].reverse()) {
    code = code.slice(0, at) + text + code.slice(at);
  }
  return {
    code,
    originalColumn: (line, column) => column - shift(source, insertions, line, column),
  };
}

/** How many characters were put in before that column of that line. */
function shift(
  source: string,
  insertions: readonly Insertion[],
  line: number,
  column: number,
): number {
  let added = 0;
  for (const { at, text } of insertions) {
    const before = source.slice(0, at).split("\n");
    const insertedAt = (before.at(-1) as string).length + 1;
    if (before.length === line && insertedAt + added + text.length <= column) added += text.length;
  }
  return added;
}

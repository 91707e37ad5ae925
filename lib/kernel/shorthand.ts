/**
 * Expands `{ rows }` to `{ rows: rows }` before tslab compiles a cell: tslab rewrites the variables
 * of earlier cells to `exports.rows`, but forgets those in shorthand properties, which then are
 * "not defined" when the cell runs.
 */
import type { SyntaxNode, TypeScriptParts } from "./tslab";

export interface Expanded {
  readonly code: string;
  /** The column (from 1) in the cell as written, of a column of the expanded code. */
  originalColumn(line: number, column: number): number;
}

interface Insertion {
  readonly at: number;
  readonly text: string;
}

export function expandShorthand(typescript: TypeScriptParts, source: string): Expanded {
  const insertions = findShorthand(typescript, source);
  let code = source;
  for (const { at, text } of [...insertions].reverse()) {
    code = code.slice(0, at) + text + code.slice(at);
  }
  return {
    code,
    originalColumn: (line, column) => column - shift(source, insertions, line, column),
  };
}

function findShorthand(typescript: TypeScriptParts, source: string): Insertion[] {
  const latest = 99;
  const file = typescript.createSourceFile("cell.ts", source, latest, true);
  const found: Insertion[] = [];
  const visit = (node: SyntaxNode): void => {
    const isShorthand = node.kind === typescript.SyntaxKind.ShorthandPropertyAssignment;
    if (isShorthand && node.objectAssignmentInitializer === undefined && node.name) {
      found.push({
        at: node.name.end,
        text: `: ${source.slice(node.name.getStart(), node.name.end)}`,
      });
    }
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return found;
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

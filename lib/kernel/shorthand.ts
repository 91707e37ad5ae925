/**
 * `{ rows }` becomes `{ "rows": rows }`: tslab rewrites the variables of earlier cells to
 * `exports.rows`, but forgets those in shorthand properties, which then are "not defined" when the
 * cell runs.
 */
import type { Insertion, ParsedCell } from "./parsed-cell";
import type { SyntaxNode } from "./tslab";

export function findShorthand({ typescript, file, source, start, end }: ParsedCell): Insertion[] {
  const found: Insertion[] = [];
  const visit = (node: SyntaxNode): void => {
    const isShorthand = node.kind === typescript.SyntaxKind.ShorthandPropertyAssignment;
    if (isShorthand && node.objectAssignmentInitializer === undefined && node.name) {
      const [from, to] = [start(node.name), end(node.name)];
      // Quoted, as it may be a pattern's: see renamed-properties.ts.
      found.push({ at: from, text: '"' }, { at: to, text: `": ${source.slice(from, to)}` });
    }
    typescript.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

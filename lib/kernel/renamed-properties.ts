/**
 * `{ rows: mine }` in a pattern becomes `{ "rows": mine }`: tslab takes the name of a property
 * whose type an earlier cell declared for a variable of that cell, writes `exports.rows`, and the
 * cell cannot be parsed.
 */
import type { Insertion, ParsedCell } from "./parsed-cell";
import type { SyntaxNode } from "./tslab";

export function findRenamedProperties(cell: ParsedCell): Insertion[] {
  const { typescript, file } = cell;
  const { BindingElement, BinaryExpression, EqualsToken } = typescript.SyntaxKind;
  const { PropertyAssignment } = typescript.SyntaxKind;
  const found: Insertion[] = [];
  const visit = (node: SyntaxNode, isAssigned: boolean): void => {
    if (node.kind === BindingElement) found.push(...quoted(cell, node.propertyName));
    if (isAssigned && node.kind === PropertyAssignment) found.push(...quoted(cell, node.name));
    const isAssignment = node.kind === BinaryExpression && node.operatorToken?.kind === EqualsToken;
    typescript.forEachChild(node, (child) => {
      visit(child, isAssignment ? child === node.left : isAssigned);
    });
  };
  visit(file, false);
  return found;
}

/** Names alone: texts, numbers and computed ones are not misread. */
function quoted({ typescript, start, end }: ParsedCell, name: SyntaxNode | undefined): Insertion[] {
  if (name === undefined || name.kind !== typescript.SyntaxKind.Identifier) return [];
  return [
    { at: start(name), text: '"' },
    { at: end(name), text: '"' },
  ];
}

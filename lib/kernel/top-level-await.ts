/**
 * tslab learns that a cell awaits from an error of the compiler, which does not come for
 * `await (...)`, `await [...]` and `for await`: it then ran the cell as a function that cannot
 * await ("missing ) after argument list", "Unexpected reserved word"). An `await 0;` before the
 * first statement that awaits makes it known.
 */
import type { Insertion, ParsedCell } from "./parsed-cell";
import type { SyntaxNode } from "./tslab";

export function findFirstAwait({ typescript, file, start }: ParsedCell): Insertion[] {
  const { AwaitExpression } = typescript.SyntaxKind;
  const awaits = (node: SyntaxNode): boolean => {
    if (node.kind === AwaitExpression || node.awaitModifier !== undefined) return true;
    if (typescript.isFunctionLike(node)) return false;
    return typescript.forEachChild(node, (child) => awaits(child) || undefined) ?? false;
  };
  const first = file.statements?.find(awaits);
  return first === undefined ? [] : [{ at: start(first), text: "await 0;" }];
}

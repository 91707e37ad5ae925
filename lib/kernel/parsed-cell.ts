/** A cell as a syntax tree, with the places of its nodes in the cell as written. */
import type { SyntaxNode, TypeScriptParts } from "./tslab";

/** Text put in before that place of the cell as written. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

export interface ParsedCell {
  readonly typescript: TypeScriptParts;
  readonly file: SyntaxNode;
  readonly source: string;
  /** The place of a node in the cell as written. */
  start(node: SyntaxNode): number;
  end(node: SyntaxNode): number;
}

/** Makes the parser read the cell as a module, in which `await` is no name. */
const asModule = "export {};";

export function parseCell(typescript: TypeScriptParts, source: string): ParsedCell {
  const latest = 99;
  const file = typescript.createSourceFile("cell.ts", asModule + source, latest, true);
  return {
    typescript,
    file,
    source,
    start: (node) => node.getStart(file) - asModule.length,
    end: (node) => node.end - asModule.length,
  };
}

/**
 * The code cells of a notebook as one TypeScript module, for tools that know no notebooks.
 *
 * Each cell becomes an async function inside the function of the cell before: it sees all earlier
 * variables and may assign to them or declare them anew, as in the kernel, and `await` is allowed.
 * What an earlier cell has narrowed is wide again, as in the kernel. Imports hold for the whole
 * notebook and stand at the top; a name that is imported twice from one module is imported once.
 */
import type ts from "typescript";
import { joined } from "./notebook";
import type { Notebook, NotebookCell } from "./notebook";
import type { TypeScript } from "./typescript";

export interface Script {
  readonly text: string;
  /** Line of the script (from 0) -> where it was written; undefined for lines that only frame. */
  readonly origins: readonly (Origin | undefined)[];
}

export interface Origin {
  readonly cell: NotebookCell;
  /** Line in the cell, from 0. */
  readonly line: number;
}

/** The names that imports have brought so far: local name -> module and name there. */
type Imported = Map<string, string>;

export function notebookScript(typescript: TypeScript, notebook: Notebook): Script {
  const lines = new ScriptLines();
  const imported: Imported = new Map();
  const cells = notebook.cells.filter(({ cell_type: type }) => type === "code");
  const bodies = cells.map((cell) => {
    const parts = splitImports(typescript, joined(cell.source), imported);
    lines.add(parts.imports, cell);
    return { cell, body: parts.body };
  });
  lines.add("const inCell$ = (run: () => Promise<void>): Promise<void> => run();");
  lines.add("export {};");
  for (const { cell, body } of bodies) {
    lines.add(";await inCell$(async () => {");
    lines.add(body, cell);
  }
  lines.add("});".repeat(bodies.length));
  return lines;
}

class ScriptLines implements Script {
  private readonly lines: string[] = [];
  readonly origins: (Origin | undefined)[] = [];

  get text(): string {
    return `${this.lines.join("\n")}\n`;
  }

  add(text: string, cell?: NotebookCell): void {
    for (const [line, content] of text.split("\n").entries()) {
      this.lines.push(content);
      this.origins.push(cell && { cell, line });
    }
  }
}

/** The cell twice, once with only its new imports and once without any, blanks for the rest. */
function splitImports(
  typescript: TypeScript,
  source: string,
  imported: Imported,
): { imports: string; body: string } {
  const latest = typescript.ScriptTarget.Latest;
  const file = typescript.createSourceFile("cell.ts", source, latest, true);
  let imports = blank(source);
  let body = source;
  for (const statement of file.statements) {
    if (!typescript.isImportDeclaration(statement)) continue;
    const [start, end] = [statement.getStart(file), statement.getEnd()];
    const kept = withoutRepeats(typescript, statement, file, imported);
    imports = imports.slice(0, start) + kept + imports.slice(end);
    body = body.slice(0, start) + blank(body.slice(start, end)) + body.slice(end);
  }
  return { imports, body };
}

/** The import's text, with blanks over names that were already imported from the same module. */
function withoutRepeats(
  typescript: TypeScript,
  statement: ts.ImportDeclaration,
  file: ts.SourceFile,
  imported: Imported,
): string {
  const start = statement.getStart(file);
  let text = statement.getText(file);
  const from = statement.moduleSpecifier.getText(file).slice(1, -1);
  const clause = statement.importClause;
  const bindings = clause?.namedBindings;
  const isNew = (local: string, origin: string): boolean => {
    const known = imported.get(local);
    imported.set(local, known ?? `${from}#${origin}`);
    return known !== `${from}#${origin}`;
  };
  if (clause?.name && !isNew(clause.name.text, "default")) return blank(text);
  if (!bindings) return text;
  if (typescript.isNamespaceImport(bindings)) {
    return isNew(bindings.name.text, "*") ? text : blank(text);
  }
  for (const element of bindings.elements) {
    if (isNew(element.name.text, (element.propertyName ?? element.name).text)) continue;
    const [at, end] = [element.getStart(file) - start, element.getEnd() - start];
    const comma = text[end] === "," ? 1 : 0;
    text = text.slice(0, at) + " ".repeat(end + comma - at) + text.slice(end + comma);
  }
  return text;
}

/** As many characters and lines, all blank. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

/**
 * Type-checks the code of notebooks with `strict`, which the kernel does not: there, an implicit
 * `any` and a value that may be undefined pass.
 */
import { basename, dirname, join } from "path";
import type ts from "typescript";
import type { Notebook } from "./notebook";
import { cellName } from "./problem";
import type { Problem } from "./problem";
import { notebookScript } from "./script";
import type { Script } from "./script";
import { loadTypeScript } from "./typescript";
import type { TypeScript } from "./typescript";

interface Checked {
  readonly file: string;
  readonly notebook: Notebook;
  readonly script: Script;
}

/** The type errors of the notebooks, and their top-level variables that are `any`. */
export function checkStrictly(notebooks: readonly (readonly [string, Notebook])[]): Problem[] {
  const typescript = loadTypeScript();
  const checked = new Map<string, Checked>(
    notebooks.map(([file, notebook]) => {
      const name = join(dirname(file), `${basename(file, ".ipynb")}.cells.ts`).replace(/\\/g, "/");
      return [name, { file, notebook, script: notebookScript(typescript, notebook) }];
    }),
  );
  const program = programOf(typescript, checked);
  return [...checked].flatMap(([name, one]) => {
    const source = program.getSourceFile(name) as ts.SourceFile;
    const errors = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ].map(({ start = 0, messageText }) => {
      const message = typescript.flattenDiagnosticMessageText(messageText, "\n  ");
      return problemAt(one, source.getLineAndCharacterOfPosition(start), message);
    });
    return [...errors, ...anyVariables(typescript, program, source, one)];
  });
}

function programOf(
  typescript: TypeScript,
  scripts: ReadonlyMap<string, { readonly script: Script }>,
): ts.Program {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    module: typescript.ModuleKind.ESNext,
    moduleResolution: typescript.ModuleResolutionKind.Node10,
    target: typescript.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    types: ["node"],
    esModuleInterop: true,
    resolveJsonModule: true,
    skipLibCheck: true,
  };
  const host = typescript.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => scripts.get(name)?.script.text ?? readFile(name);
  host.fileExists = (name) => scripts.has(name) || fileExists(name);
  host.getSourceFile = (name, target, ...rest) => {
    const text = scripts.get(name)?.script.text;
    return text === undefined
      ? getSourceFile(name, target, ...rest)
      : typescript.createSourceFile(name, text, target);
  };
  return typescript.createProgram([...scripts.keys()], options, host);
}

function problemAt(
  { file, notebook, script }: Checked,
  at: ts.LineAndCharacter,
  message: string,
): Problem {
  const name = basename(file, ".ipynb");
  const origin = script.origins[at.line];
  if (origin === undefined) return { notebook: name, message };
  const cell = cellName(notebook.cells, origin.cell);
  return { notebook: name, cell, line: origin.line + 1, column: at.character + 1, message };
}

/** Variables of cells whose type is `any`: from there on nothing is checked. */
function anyVariables(
  typescript: TypeScript,
  program: ts.Program,
  source: ts.SourceFile,
  checked: Checked,
): Problem[] {
  const checker = program.getTypeChecker();
  const found: Problem[] = [];
  const visit = (node: ts.Node): void => {
    typescript.forEachChild(node, visit);
    const isNamed = typescript.isVariableDeclaration(node) || typescript.isBindingElement(node);
    if (!isNamed || !typescript.isIdentifier(node.name)) return;
    if (!(checker.getTypeAtLocation(node).flags & typescript.TypeFlags.Any)) return;
    const at = source.getLineAndCharacterOfPosition(node.name.getStart(source));
    found.push(problemAt(checked, at, `'${node.name.text}' is any: give it its type`));
  };
  visit(source);
  return found;
}

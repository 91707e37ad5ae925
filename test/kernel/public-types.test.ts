import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { notebookFolder } from "./cell-compiler";

const library = join(notebookFolder, "..", "lib", "dist");

/** Every module that a notebook can import by name: the folders with an index, and the root. */
const publicModules = [
  "dabbawala",
  ...readdirSync(library)
    .filter((name) => existsSync(join(library, name, "index.d.ts")))
    .map((name) => `dabbawala/${name}`),
];

/** The systems, which a notebook imports one by one. */
const scenarios = readdirSync(join(library, "scenarios"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `dabbawala/scenarios/${name}`);

const notebooks = readdirSync(notebookFolder).filter((name) => /^\d.*\.ipynb$/.test(name));

/** The options of the kernel's compiler that decide how types are found. */
const kernelOptions: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Node10,
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2022.d.ts"],
  esModuleInterop: true,
  skipLibCheck: true,
};

/** Finds `any` in what a module exports: variables, parameters, returned values, properties. */
class AnyFinder {
  readonly found: string[] = [];
  private readonly seen = new Set<ts.Type>();

  constructor(private readonly checker: ts.TypeChecker) {}

  visitSymbol(symbol: ts.Symbol, path: string, at: ts.Node): void {
    const target =
      symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if (target.flags & ts.SymbolFlags.Value) {
      this.visit(this.checker.getTypeOfSymbolAtLocation(target, at), path, at);
    }
    if (target.flags & ts.SymbolFlags.Type) {
      this.visit(this.checker.getDeclaredTypeOfSymbol(target), path, at);
    }
  }

  private visit(type: ts.Type, path: string, at: ts.Node): void {
    if (type.flags & ts.TypeFlags.Any) this.found.push(path);
    if (this.seen.has(type)) return;
    this.seen.add(type);
    if (type.isUnionOrIntersection()) {
      for (const part of type.types) this.visit(part, path, at);
    }
    this.typeArguments(type).forEach((part, i) => this.visit(part, `${path}<${i}>`, at));
    // A generic class may have methods that make others of it without end: it is looked at once.
    const generic = isReference(type) ? type.target : type;
    if (generic !== type) return this.visit(generic, path, at);
    for (const kind of [ts.SignatureKind.Call, ts.SignatureKind.Construct]) {
      for (const signature of this.checker.getSignaturesOfType(type, kind)) {
        if (isOurs(signature.declaration)) this.visitSignature(signature, path, at);
      }
    }
    if (!(type.symbol?.declarations ?? []).some(isOurs)) return;
    for (const property of this.checker.getPropertiesOfType(type)) {
      if (isPrivate(property) || property.name === "prototype") continue;
      this.visitSymbol(property, `${path}.${property.name}`, at);
    }
  }

  private visitSignature(signature: ts.Signature, path: string, at: ts.Node): void {
    for (const parameter of signature.getParameters()) {
      const type = this.checker.getTypeOfSymbolAtLocation(parameter, at);
      this.visit(type, `${path}(${parameter.name})`, at);
    }
    this.visit(signature.getReturnType(), `${path}()`, at);
  }

  /** Of a generator only what it yields: the rest has the default `any` of TypeScript itself. */
  private typeArguments(type: ts.Type): readonly ts.Type[] {
    if (!isReference(type)) return [];
    const all = this.checker.getTypeArguments(type);
    return /Generator|Iterator/.test(type.symbol?.name ?? "") ? all.slice(0, 1) : all;
  }
}

function isReference(type: ts.Type): type is ts.TypeReference {
  const isObject = (type.flags & ts.TypeFlags.Object) !== 0;
  return isObject && ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0;
}

/** Declared by this repository, and not by TypeScript or a package: theirs is theirs to type. */
function isOurs(declaration: ts.Node | undefined): boolean {
  return (
    declaration !== undefined && !/\/node_modules\//.test(declaration.getSourceFile().fileName)
  );
}

function isPrivate(symbol: ts.Symbol): boolean {
  const declaration = symbol.valueDeclaration;
  // A declaration file has one "#private" for all of a class's hidden fields, without their types.
  if (symbol.name === "#private") return true;
  if (declaration === undefined) return false;
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) !== 0;
}

const files = new Map<string, ts.SourceFile | undefined>();

/** Each file is read and parsed once, for all programs. */
function parsed(name: string): ts.SourceFile | undefined {
  if (!files.has(name)) {
    const text = ts.sys.readFile(name);
    const target = ts.ScriptTarget.ES2022;
    files.set(name, text === undefined ? undefined : ts.createSourceFile(name, text, target));
  }
  return files.get(name);
}

/** A module of imports, checked. */
interface Imports {
  readonly checker: ts.TypeChecker;
  readonly source: ts.SourceFile;
  /** What the compiler says of it. */
  readonly errors: readonly string[];
}

/** The module `text`, as an import by a notebook sees it. */
function importsOf(text: string): Imports {
  const file = join(notebookFolder, "imports.ts");
  const host = ts.createCompilerHost(kernelOptions);
  const { fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, target) =>
    name === file ? ts.createSourceFile(name, text, target) : parsed(name);
  const program = ts.createProgram([file], kernelOptions, host);
  const source = program.getSourceFile(file) as ts.SourceFile;
  const errors = program.getSemanticDiagnostics(source).map(({ messageText }) => {
    return ts.flattenDiagnosticMessageText(messageText, " ");
  });
  return { checker: program.getTypeChecker(), source, errors };
}

/** The places of `any` in what a module exports. */
function findAny({ checker, source }: Imports, module: ts.Symbol): string[] {
  const finder = new AnyFinder(checker);
  for (const symbol of checker.getExportsOfModule(module)) {
    finder.visitSymbol(symbol, symbol.name, source);
  }
  return finder.found;
}

function moduleOf({ checker, source }: Imports): ts.Symbol {
  return checker.getSymbolAtLocation(source) as ts.Symbol;
}

describe("the public modules", () => {
  let all: Imports;
  /** By name: one program checks them all. */
  let modules: ReadonlyMap<string, ts.Symbol>;
  beforeAll(() => {
    all = importsOf(publicModules.map((name, i) => `export * as m${i} from "${name}";`).join("\n"));
    const { checker } = all;
    const found = checker.getExportsOfModule(moduleOf(all)).map((symbol) => {
      const at = Number(symbol.name.slice(1));
      return [publicModules[at] as string, checker.getAliasedSymbol(symbol)] as const;
    });
    modules = new Map(found);
  });

  it("are all found", () => {
    expect(all.errors).toEqual([]);
    expect([...modules.keys()].sort()).toEqual([...publicModules].sort());
  });

  it.each(publicModules)("%s exports no any, in no parameter and no result", (name) => {
    const module = modules.get(name) as ts.Symbol;
    expect(all.checker.getExportsOfModule(module).length).toBeGreaterThan(0);
    expect(findAny(all, module)).toEqual([]);
  });

  it("would be caught: any in a variable, a parameter, a result, a property, a type argument", () => {
    const bad = importsOf(`export const a = JSON.parse("1");
export function f(b: any, c: number): Promise<any> { return b; }
export { nothing } from "dabbawala/nothing";`);
    expect(findAny(bad, moduleOf(bad))).toEqual(["f(b)", "f()<0>", "a", "nothing"]);
    expect(bad.errors).toEqual([expect.stringContaining("Cannot find module 'dabbawala/nothing'")]);
  });

  const topics = publicModules.filter((name) => !/^dabbawala(.scenarios)?$/.test(name));
  it.each([...topics, ...scenarios])(
    "%s makes a cell read less than 500 KB of declarations",
    (name) => expectLessToRead([name]),
  );

  it.each(notebooks)("all that notebook %s imports is less than 500 KB of declarations", (name) => {
    const imports = /from "(dabbawala(?:\/[^"]+)?)"/g;
    const text = codeOf(join(notebookFolder, name));
    expectLessToRead([...text.matchAll(imports)].map((match) => match[1] as string));
  });
});

function expectLessToRead(modules: readonly string[]): void {
  const indexes = modules.map((name) =>
    join(
      library,
      name.slice("dabbawala/".length),
      name === "dabbawala" ? "root.d.ts" : "index.d.ts",
    ),
  );
  // Only the library is counted, and nothing outside of it leads back.
  const options = { ...kernelOptions, noLib: true, types: [] };
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (name) => (name.startsWith(library) ? parsed(name) : undefined);
  const program = ts.createProgram(indexes, options, host);
  const read = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(library));
  const bytes = read.map(({ fileName }) => statSync(fileName).size);
  expect(read.length).toBeGreaterThan(0);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(500_000);
}

/** The code of a notebook's cells, one after the other. */
function codeOf(file: string): string {
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as {
    cells: readonly { cell_type: string; source: readonly string[] }[];
  };
  return cells.flatMap((cell) => (cell.cell_type === "code" ? cell.source : [])).join("\n");
}

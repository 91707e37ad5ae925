/** Dependencies: each one used, declared, pinned and explained. */
import { builtinModules } from "node:module";
import { describe, expect, it } from "vitest";
import { code, files, read } from "./repository";

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly bin?: string | Readonly<Record<string, string>>;
}

const manifest = (path: string): Manifest => JSON.parse(read(path)) as Manifest;
const book = manifest("package.json");
const library = manifest("lib/package.json");
const libraryNames = Object.keys(library.dependencies ?? {});
const toolNames = Object.keys(book.devDependencies ?? {});

const importPattern =
  /(?:from|require\(|require\.resolve\(|import\(|import) ?\\?["']([\w@./-]+)\\?["']/g;

/** Packages that a text imports: "@a/b" of "@a/b/c", "vega" of "vega/build". */
function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)]
    .map((match) => match[1] ?? "")
    .filter((name) => /^[@a-z]/.test(name) && !name.startsWith("node:"))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

/** Imports of types leave nothing behind in the compiled file, so they need no dependency. */
function withoutTypes(text: string): string {
  return text.replace(/^(import|export) type [^;]*;|typeof import\([^)]*\)/gm, "");
}

/** Tools that the scripts of package.json call by the name of their program. */
function isCalled(name: string): boolean {
  const { bin = {} } = manifest(`node_modules/${name}/package.json`);
  const programs = typeof bin === "string" ? [name] : Object.keys(bin);
  const words = Object.values(book.scripts ?? {}).flatMap((script) => script.split(/\s+/));
  return programs.some((program) => words.includes(program));
}

describe("dependencies", () => {
  it("of the library are used by it or by a notebook", () => {
    const users = files.filter(({ path }) => /^lib\/.*\.ts$|\.ipynb$/.test(path));
    const used = new Set(users.flatMap(({ text }) => importsOf(text)));
    expect(libraryNames.filter((name) => !used.has(name))).toEqual([]);
  });

  it("of the repository are imported by a test or a configuration, or called by a script", () => {
    const used = new Set(code.flatMap(({ text }) => importsOf(text)));
    const isUsed = (name: string): boolean =>
      used.has(name) || used.has(name.replace("@types/", "")) || isCalled(name);
    expect(toolNames.filter((name) => name !== "@types/node" && !isUsed(name))).toEqual([]);
  });

  it("are declared where they are imported", () => {
    const known = new Set([...libraryNames, ...builtinModules, "dabbawala"]);
    const undeclared = code
      .filter(({ path }) => /^lib\/.*\.ts$/.test(path))
      .map(({ path, text }) => ({ path, text: withoutTypes(text) }))
      .flatMap(({ path, text }) => importsOf(text).map((name) => [path, name] as const))
      .filter(([, name]) => !known.has(name));
    expect(undeclared).toEqual([]);
  });

  it("are pinned to one version", () => {
    const versions = [book.devDependencies, library.dependencies].flatMap((part) =>
      Object.entries(part ?? {}),
    );
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+/.test(version))).toEqual([]);
    const lines = read("requirements.txt").split("\n");
    const loose = lines.filter((line) => line !== "" && !line.startsWith("#"));
    const pin = /^[\w.-]+==[\w.]+(; python_version [<>=]+ "3\.\d+")?$/;
    expect(loose.filter((line) => !pin.test(line))).toEqual([]);
  });

  it("have their reason in lib/README.md", () => {
    const reasons = read("lib/README.md");
    const names = [...libraryNames, ...toolNames];
    expect(names.filter((name) => !reasons.includes(`\`${name}\``))).toEqual([]);
  });

  it("are looked for with a pattern that finds every form of import", () => {
    const text = `import a from "a/b"; require("@c/d/e"); import("f"); from \\"g\\"; from "./h"`;
    expect(importsOf(text)).toEqual(["a", "@c/d", "f", "g"]);
  });
});

/** The norms of the library that a program can check, on every file of the repository. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { code, files, library, root } from "./repository";
import * as rules from "./rules";

it("files are short, lines are narrow, names say what is in them", () => {
  expect(code.flatMap(rules.isShort)).toEqual([]);
  expect(code.flatMap(rules.isNarrow)).toEqual([]);
  expect(code.flatMap(rules.isWellNamed)).toEqual([]);
});

it("no test is skipped or alone", () => {
  expect(code.filter(({ path }) => path.endsWith(".test.ts")).length).toBeGreaterThan(10);
  expect(code.flatMap(rules.isWholeTest)).toEqual([]);
});

it("every protocol tells its source, assumptions, guarantees and cost", () => {
  expect(library.filter(({ text }) => text.includes("implements Node<")).length).toBeGreaterThan(1);
  expect(library.flatMap(rules.hasHeader)).toEqual([]);
});

it("no protocol touches clock, chance, timers, files or console", () => {
  expect(library.flatMap(rules.touchesOnlyItsHost)).toEqual([]);
});

it("every exported function and class is used by another file, a test or a notebook", () => {
  const users = files.filter(({ path }) => !path.endsWith(".md") && !path.endsWith(".json"));
  expect(library.flatMap((file) => rules.deadExports(users, file))).toEqual([]);
});

it("every folder of the library has its tests", () => {
  const untested = ["bin", "dist"];
  const folders = new Set(library.map(({ path }) => path.split("/")[1] ?? ""));
  const missing = [...folders].filter((folder) => {
    return !folder.includes(".") && !existsSync(join(root, "test", folder));
  });
  expect(missing.filter((folder) => !untested.includes(folder))).toEqual([]);
});

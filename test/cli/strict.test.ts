import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Notebook } from "dabbawala/dist/cli/notebooks/notebook";
import { problemText } from "dabbawala/dist/cli/notebooks/problem";
import { notebookScript } from "dabbawala/dist/cli/notebooks/script";
import { checkStrictly } from "dabbawala/dist/cli/notebooks/strict";
import { loadTypeScript } from "dabbawala/dist/cli/notebooks/typescript";
import { notebookFolder as bookFolder } from "../kernel/cell-compiler";

function notebook(...sources: string[]): Notebook {
  const cells = sources.map((source, index) => ({
    cell_type: "code" as const,
    id: `c${index}`,
    source,
    metadata: {},
  }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

function check(...sources: string[]): string[] {
  const file = join(bookFolder, "50-example.ipynb");
  return checkStrictly([[file, notebook(...sources)]]).map(problemText);
}

describe("the strict check of notebook code", () => {
  it("passes what the kernel allows: redeclaring, assigning, awaiting, importing again", () => {
    expect(
      check(
        `import { mapReduce } from "dabbawala/batch";\nlet count = 0; const name = "a"`,
        `import { mapReduce, wordCount } from "dabbawala/batch";\ncount += 1`,
        "const result = await mapReduce(wordCount, [name]); function count2() { return count; }",
        "const name = result.rows.length; class Kept { rows = result.rows }",
        "const sum: number = name + count + count2();\nfor (const row of new Kept().rows) row.key",
      ),
    ).toEqual([]);
  });

  it("finds a mistake and says notebook, cell, line and column", () => {
    expect(
      check(
        "const rows = [1, 2];",
        `import { irctcRows } from "dabbawala/generators";\n\nirctcRows({ rows, seed: 1 });`,
      ),
    ).toEqual([
      "50-example: cell 2 (c1), line 3, column 13: Type 'number[]' is not assignable to type 'number'.",
    ]);
  });

  const mistakes = [
    [
      "a value that may be undefined",
      "const n: number = [1].find((x) => x > 1);",
      "line 1, column 7",
    ],
    ["an implicit any", "const f = (x) => 1;", "Parameter 'x' implicitly has an 'any' type"],
    ["a variable that is any", "const parsed = JSON.parse('1');", "'parsed' is any"],
    ["a part that is any", "const { a } = JSON.parse('1');", "'a' is any"],
    ["a name of a later cell", "later();", "Cannot find name 'later'"],
    ["an import that is not there", "import { no } from 'dabbawala/batch';", "no exported member"],
    ["one name from two modules", "import { a } from 'fs'; import { a } from 'os';", "Duplicate"],
    ["half a statement", "const = 1;", "Variable declaration expected"],
  ] as const;

  /** All in one check, as the book is checked: a notebook each. */
  let problems: readonly string[] = [];
  beforeAll(() => {
    const books = mistakes.map(([, source], at) => {
      const file = join(bookFolder, `${50 + at}-example.ipynb`);
      return [file, notebook(source, "function later() {}")] as const;
    });
    problems = checkStrictly(books).map(problemText);
  });

  it.each(mistakes.map(([what, , expected], at) => [what, expected, 50 + at] as const))(
    "finds %s",
    (_what, expected, number) => {
      const own = problems.filter((problem) => problem.startsWith(`${number}-example: `));
      expect(own.join("\n")).toContain(expected);
      expect(own[0]).toMatch(/: cell 1 \(c0\), line 1, column \d+: /);
    },
  );

  it("does not believe in an earlier cell what a timer may have changed since", () => {
    const first = `let state: "open" | "closed" = "open"; setTimeout(() => (state = "closed"), 9);`;
    expect(check(first, `if (state === "closed") console.log(1)`)).toEqual([]);
  });

  it("keeps every line of every cell in the script", () => {
    const book = notebook("import fs from 'fs';\nconst a = 1;", "a;\n\nfs;");
    const { text, origins } = notebookScript(loadTypeScript(), book);
    const lines = text.split("\n").filter((_line, at) => origins[at] !== undefined);
    expect(lines.map((line) => line.trim()).filter((line) => line !== "")).toEqual([
      "import fs from 'fs';",
      "const a = 1;",
      "a;",
      "fs;",
    ]);
  });
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { declaredParameters, injectParameters } from "dabbawala/dist/cli/notebooks/parameters";
import { findNotebooks } from "dabbawala/dist/cli/notebooks/notebook";
import type { Notebook, NotebookCell } from "dabbawala/dist/cli/notebooks/notebook";

const root = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "dabbawala-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

const kernelspec = { name: "tslab", display_name: "TypeScript (tslab)", language: "typescript" };

function code(source: string, ...tags: string[]): Omit<NotebookCell, "id"> {
  return { cell_type: "code", source, metadata: { tags }, outputs: [], execution_count: null };
}

function notebook(...cells: Omit<NotebookCell, "id">[]): Notebook {
  const withIds = cells.map((cell, index) => ({ ...cell, id: `cell-${index}` }));
  return { cells: withIds, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}

function run(name: string, book: Notebook, ...args: string[]): { status: number; text: string } {
  const file = join(folder, `${name}.ipynb`);
  writeFileSync(file, JSON.stringify(book));
  const program = join(root, "lib", "bin", "dabbawala.cjs");
  const result = spawnSync(process.execPath, [program, "run", file, ...args], { encoding: "utf8" });
  return { status: result.status ?? -1, text: result.stdout + result.stderr };
}

const parameters = code(
  "const workers = 2; // 1 to 8\nconst name = 'irctc'; // file\nconst isFull = false;\nconst sizes = [1, 2];",
  "parameters",
);

describe("parameters", () => {
  it("are found with their values", () => {
    expect([...declaredParameters(notebook(parameters))]).toEqual([
      ["workers", 2],
      ["name", "irctc"],
      ["isFull", false],
      ["sizes", [1, 2]],
    ]);
  });

  it("are injected right after the cell that declares them", () => {
    const book = injectParameters(notebook(parameters, code("workers")), ["workers=4", "name=x"]);
    expect(book.cells[1]).toMatchObject({
      metadata: { tags: ["injected-parameters"] },
      source: 'const workers = 4;\nconst name = "x";',
    });
    expect(book.cells).toHaveLength(3);
  });

  it("are refused when unknown or of another type", () => {
    const inject = (override: string) => () => injectParameters(notebook(parameters), [override]);
    expect(inject("wrokers=4")).toThrow("its parameters are workers, name, isFull, sizes");
    expect(inject("workers=abc")).toThrow('workers takes a number such as 2, not "abc"');
    expect(inject("isFull=7")).toThrow("takes a boolean such as false");
    expect(inject("workers")).toThrow("takes name=value");
  });
});

describe("run", () => {
  it("finds notebooks by number, name and glob, and says which there are", () => {
    expect(findNotebooks(["00"])).toEqual(findNotebooks(["00-start-*"]));
    expect(() => findNotebooks(["99"])).toThrow(
      'no notebook is called "99": choose from 00-start-here',
    );
  });

  it("fails on an error, on stderr, on a late failure and on a runaway cell", () => {
    const failing = run("error", notebook(code("const a = 1;"), code("throw new Error('broken')")));
    expect(failing).toMatchObject({ status: 1, text: expect.stringContaining("Error: broken") });
    const noisy = run("stderr", notebook(code("console.error('careful')")));
    expect(noisy).toMatchObject({ status: 1, text: expect.stringContaining("wrote to stderr") });
    const late = run(
      "late",
      notebook(
        code("setTimeout(() => { throw new Error('late') }, 0);0"),
        code("await new Promise((done) => setTimeout(done, 100))"),
      ),
    );
    expect(late).toMatchObject({ status: 1, text: expect.stringContaining("Error: late") });
    const runaway = run("runaway", notebook(code("for (;;) {}")), "--timeout", "2");
    expect(runaway).toMatchObject({ status: 1, text: expect.stringContaining("longer than 2 s") });
  });

  it("compares outputs with the stored ones, but for cells tagged varies", () => {
    const book = notebook(code("console.log(6 * 7)"), code("console.log(Date.now())", "varies"));
    expect(run("compare", book).text).toContain("the output of cell cell-0 is not the stored one");
    expect(run("compare", book, "--write").status).toBe(0);
    const stored = JSON.parse(readFileSync(join(folder, "compare.ipynb"), "utf8")) as Notebook;
    expect(stored.cells[0]!.execution_count).toBeNull();
    expect(run("compare", stored)).toMatchObject({ status: 0 });
  });
});

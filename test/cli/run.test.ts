import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { declaredParameters, injectParameters } from "dabbawala/dist/cli/notebooks/parameters";
import { findNotebooks } from "dabbawala/dist/cli/notebooks/notebook";
import type { Notebook, NotebookCell } from "dabbawala/dist/cli/notebooks/notebook";

const root = join(__dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "dabbawala-run-"));
// Each run starts kernels, which takes its time on a machine that does other work as well.
vi.setConfig({ testTimeout: 240_000 });
const kernels = join(folder, "jupyter");
afterAll(() => rmSync(folder, { recursive: true }));

const kernelspec = { name: "tslab", display_name: "TypeScript (tslab)", language: "typescript" };

function code(source: string, ...tags: string[]): Omit<NotebookCell, "id"> {
  return { cell_type: "code", source, metadata: { tags }, outputs: [], execution_count: null };
}

function notebook(...cells: Omit<NotebookCell, "id">[]): Notebook {
  const withIds = cells.map((cell, index) => ({ ...cell, id: `cell-${index}` }));
  return { cells: withIds, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}

function store(name: string, book: Notebook): string {
  const file = join(folder, `${name}.ipynb`);
  writeFileSync(file, JSON.stringify(book));
  return file;
}

interface Result {
  readonly status: number | null;
  readonly text: string;
}

/** Runs the command; stock kernels lie beside the notebooks. */
function command(...args: string[]): Result {
  const program = join(root, "lib", "bin", "dabbawala.cjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "run", ...args], {
    encoding: "utf8",
    env: { ...process.env, JUPYTER_PATH: kernels },
  });
  return { status, text: stdout + stderr };
}

function run(name: string, book: Notebook, ...args: string[]): Result {
  return command(store(name, book), ...args);
}

const parameters = code(
  "const workers = 2; // 1 to 8\nconst name = 'irctc'; // file\nconst isFull = false;\nconst sizes = [1, 2];",
  "parameters",
);

describe("parameters", () => {
  it("are found with their values and ranges", () => {
    const found = [...declaredParameters(notebook(parameters))];
    expect(found.map(([name, { value }]) => [name, value])).toEqual([
      ["workers", 2],
      ["name", "irctc"],
      ["isFull", false],
      ["sizes", [1, 2]],
    ]);
    expect(found[0]![1].range).toEqual({ least: 1, most: 8, text: "1 to 8" });
    expect(found[1]![1].range).toBeUndefined();
    const thousands = code("const rows = 500_000; // 10,000 to 20,000,000 log lines", "parameters");
    expect(declaredParameters(notebook(thousands)).get("rows")).toMatchObject({
      value: 500_000,
      range: { least: 10_000, most: 20_000_000 },
    });
  });

  it("are injected right after the cell that declares them; the later of two values counts", () => {
    const overrides = ["workers=4", "name=x", "workers=5", "sizes=[3]"];
    const book = injectParameters(notebook(parameters, code("workers")), overrides);
    expect(book.cells[1]).toMatchObject({
      metadata: { tags: ["injected-parameters"] },
      source: 'const workers = 5;\nconst name = "x";\nconst sizes = [3];',
    });
    expect(book.cells).toHaveLength(3);
    expect(injectParameters(book, ["workers=6"]).cells).toHaveLength(3);
  });

  it("are refused when unknown, of another type, or out of range", () => {
    const inject = (override: string) => () => injectParameters(notebook(parameters), [override]);
    expect(inject("wrokers=4")).toThrow("its parameters are workers, name, isFull, sizes");
    expect(inject("workers=abc")).toThrow('workers takes a number such as 2, not "abc"');
    expect(inject("workers=9")).toThrow("workers is from 1 to 8, not 9");
    expect(inject("isFull=7")).toThrow("takes a boolean such as false");
    expect(inject('sizes=["a"]')).toThrow("takes a list of numbers such as [1,2]");
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

  it("refuses what cannot be run, before anything runs", () => {
    const book = notebook(parameters);
    expect(run("jobs", book, "--jobs", "0")).toMatchObject({
      status: 2,
      text: expect.stringContaining('--jobs takes 1 or more, not "0"'),
    });
    expect(run("unknown", book, "-p", "rows=1")).toMatchObject({
      status: 2,
      text: expect.stringMatching(/^dabbawala: unknown: .*parameters are workers, name, isFull/),
    });
    expect(run("store", book, "-p", "workers=3", "--write").text).toContain("leave out -p");
    expect(run("empty", [] as unknown as Notebook).text).toMatch(/empty.ipynb is no notebook/);
    const foreign = { ...book, metadata: { kernelspec: { ...kernelspec, name: "cobol" } } };
    expect(run("foreign", foreign).text).toContain('the kernel "cobol" is not registered');
  });

  it("runs with parameters, and then compares nothing", () => {
    const book = notebook(
      parameters,
      code("if (Number(workers) === 2) throw new Error('2')"),
      code("6 * 7"),
    );
    expect(run("given", book, "-p", "workers=3")).toMatchObject({ status: 0 });
  });

  it("compares outputs with the stored ones, but for cells tagged varies", () => {
    const book = notebook(
      code("console.log(6 * 7)"),
      code("console.log(Date.now())", "varies"),
      code("console.error('careful')", "expects-stderr"),
      code("console.log(1)"),
    );
    const file = store("compare", book);
    expect(command(file, "--write")).toMatchObject({ status: 0 });
    const stored = JSON.parse(readFileSync(file, "utf8")) as Notebook;
    expect(stored.cells[0]!.execution_count).toBeNull();
    const changed = JSON.parse(JSON.stringify(stored).replace("42", "41")) as Notebook;
    const cells = changed.cells.map((cell, at) => (at === 3 ? { ...cell, outputs: [] } : cell));
    const { status, text } = command(file, store("changed", { ...changed, cells }));
    expect(status).toBe(1);
    for (const cell of ["cell 1 (cell-0)", "cell 4 (cell-3)"]) {
      expect(text).toContain(`changed: ${cell}: the output is not the stored one`);
    }
    expect(text).toContain("notebooks: 1 passed, 1 failed");
  });
});

describe("a run that must not pass", () => {
  const stock = { ...kernelspec, name: "stock-tslab" };
  const withStock = (book: Notebook): Notebook => ({ ...book, metadata: { kernelspec: stock } });
  const books: Record<string, Notebook> = {
    error: notebook(code("const a = 1;"), code("const b = 1;\nthrow new Error('broken');")),
    stderr: notebook(code("console.error('careful')")),
    late: notebook(
      code("setTimeout(() => { throw new Error('late') }, 0);0"),
      code("await new Promise((go) => setTimeout(go, 99))"),
    ),
    dead: notebook(code("process.exit(0)")),
    lost: withStock(notebook(code("for (let i = 0; i < 1000; i++) console.log(i);"))),
    skipped: withStock(
      notebook(
        code("throw new Error('x')", "raises-exception", "expects-stderr"),
        code("const a = 1;"),
      ),
    ),
  };
  let result: Result;
  beforeAll(() => {
    const tslab = join(root, "node_modules", "tslab", "bin", "tslab");
    mkdirSync(join(kernels, "kernels", stock.name), { recursive: true });
    const argv = [process.execPath, tslab, "kernel", "--config-path={connection_file}"];
    const spec = JSON.stringify({ argv, display_name: stock.name, language: "typescript" });
    writeFileSync(join(kernels, "kernels", stock.name, "kernel.json"), spec);
    const files = Object.entries(books).map(([name, book]) => store(name, book));
    result = command(...files, "--jobs", "3", "--timeout", "120");
  }, 300_000);

  it("stops a runaway cell", () => {
    expect(run("runaway", notebook(code("for (;;) {}")), "--timeout", "3")).toMatchObject({
      status: 1,
      text: expect.stringContaining(
        "runaway: cell 1 (cell-0): ran longer than 3 s and was stopped",
      ),
    });
  });

  it("ends with 1 and counts", () => {
    expect(result.status).toBe(1);
    expect(result.text).toContain("notebooks: 0 passed, 6 failed");
  });

  it("prints the failing cell with its name, its lines and its error", () => {
    expect(result.text).toMatch(/^FAILED error: cell 2 \(cell-1\): Error: broken/m);
    expect(result.text).toContain("2 | throw new Error('broken');");
  });

  it.each([
    ["unexpected stderr", "stderr: cell 1 (cell-0): wrote to stderr"],
    ["a failure after its cell", "Error: late"],
    ["the end of the kernel", "dead: cell 1 (cell-0): ended the kernel"],
    ["lost output", "lost: cell 1 (cell-0): lost output"],
    ["a skipped cell", "skipped: cell 2 (cell-1): was never run: the kernel answered abort"],
  ])("tells %s", (_what, expected) => {
    expect(result.text).toContain(expected);
  });
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkGuide } from "dabbawala/dist/cli/notebooks/guide/index";
import { joined, readNotebook } from "dabbawala/dist/cli/notebooks/notebook";
import type { Notebook, NotebookCell } from "dabbawala/dist/cli/notebooks/notebook";
import { problemText } from "dabbawala/dist/cli/notebooks/problem";
import { notebookFolder as bookFolder } from "../kernel/cell-compiler";

const start = join(bookFolder, "00-start-here.ipynb");
const lesson = join(bookFolder, "10-mapreduce-irctc-logs.ipynb");
const book = [start, lesson];
const good = readNotebook(lesson);

type Change = (cells: NotebookCell[]) => NotebookCell[];

function problemsAfter(change: Change): string[] {
  const changed: Notebook = { ...good, cells: change(structuredClone([...good.cells])) };
  return checkGuide(lesson, changed, book).map(problemText);
}

/** Applies `edit` to the first cell that `isWanted`. */
function edit(isWanted: (cell: NotebookCell) => boolean, change: Partial<NotebookCell>): Change {
  return (cells) => {
    const at = cells.findIndex(isWanted);
    expect(at, "the notebook has no such cell to change").toBeGreaterThanOrEqual(0);
    return cells.map((cell, index) => (index === at ? { ...cell, ...change } : cell));
  };
}

function rewrite(from: RegExp, to: string): Change {
  return (cells) => {
    const at = cells.findIndex((cell) => from.test(joined(cell.source)));
    expect(at, `no cell holds ${from}`).toBeGreaterThanOrEqual(0);
    const source = joined(cells[at]!.source).replace(from, to);
    return cells.map((cell, index) => (index === at ? { ...cell, source } : cell));
  };
}

/** Changes the stored outputs as text. */
function rewriteOutputs(from: RegExp, to: string): Change {
  return (cells) => {
    const at = cells.findIndex((cell) => JSON.stringify(cell.outputs ?? []).search(from) >= 0);
    expect(at, `no output holds ${from}`).toBeGreaterThanOrEqual(0);
    const outputs = JSON.parse(JSON.stringify(cells[at]!.outputs).replace(from, to)) as unknown[];
    return cells.map((cell, index) => (index === at ? { ...cell, outputs } : cell));
  };
}

const isCode = (cell: NotebookCell): boolean => cell.cell_type === "code";
const hasOutput = (cell: NotebookCell): boolean => isCode(cell) && (cell.outputs ?? []).length > 0;
const isShown = (cell: NotebookCell): boolean =>
  hasOutput(cell) && /^await show\(/m.test(joined(cell.source));
const without =
  (isGone: (cell: NotebookCell) => boolean): Change =>
  (cells) =>
    cells.filter((cell) => !isGone(cell));
const holds =
  (text: string) =>
  (cell: NotebookCell): boolean =>
    joined(cell.source).includes(text);
const words = (count: number): string => Array.from({ length: count }, () => "word").join(" ");

describe("the notebook guide", () => {
  it("is kept by the first lesson", () => {
    expect(problemsAfter((cells) => cells)).toEqual([]);
  });

  it.each<[string, Change, string]>([
    ["a second title", rewrite(/^## Story/m, "# Other\n\n## Story"), "no other, has a title"],
    [
      "a missing section",
      rewrite(/^## Break it/m, ""),
      'must be "Break it", and there is "Compare',
    ],
    ["swapped sections", rewrite(/^## Story/m, "## Protocol"), 'must be "Story", and'],
    [
      "a tenth section",
      rewrite(/$/, "\n\n## Question"),
      'must be "Story", and there is "Question"',
    ],
    ["a long story", rewrite(/^## Story/m, `## Story\n\n${words(200)}`), "under 200"],
    ["no figure in the story", without(holds("tatkalSurge, [")), "the Story has no figure"],
    ["no numbered moves", rewrite(/^1\. The input/m, "The input"), "no numbered moves"],
    ["no message table", rewrite(/\| message \|/, "| what |"), "no table: message, from, to"],
    ["no source shown", without(holds("await show(source(")), "shows no source(...)"],
    ["a short excerpt", rewriteOutputs(/```typescript.*```/, "```typescript\\n1\\n```"), "1 lines"],
    [
      "no stars",
      (cells) => cells.map((cell) => ({ ...cell, source: joined(cell.source).replace(/★/g, "") })),
      "no stars",
    ],
    [
      "unfolded solutions",
      (cells) => cells.map((cell) => (cell.metadata.jupyter ? { ...cell, metadata: {} } : cell)),
      "no folded solution",
    ],
    ["no reading", rewrite(/^- /m, ""), "further reading has 2 items"],
    ["code beside imports", rewrite(/^import/, "1;\nimport"), "holds only imports"],
    [
      "untagged parameters",
      edit((cell) => cell.metadata.tags?.includes("parameters") ?? false, { metadata: {} }),
      "second code cell is tagged `parameters`",
    ],
    ["a bare parameter", rewrite(/const seed = 1;.*/, "const seed = 1;"), "line 1: a parameter is"],
    [
      "a computed parameter",
      rewrite(/const seed = 1;/, "const seed = f();"),
      "the value a literal",
    ],
    ["a long cell", edit(hasOutput, { source: "1;\n".repeat(21) }), "22 lines: at most 20"],
    [
      "long cells",
      (cells) => cells.map((cell) => (isCode(cell) ? { ...cell, source: "\n".repeat(9) } : cell)),
      "the median code cell has 10 lines",
    ],
    ["a wide line", edit(hasOutput, { source: `"${"-".repeat(99)}"` }), "101 columns: a small"],
    [
      "code after code",
      without((cell) => cell.cell_type === "markdown" && !holds("## ")(cell)),
      "without prose between",
    ],
    [
      "long prose",
      rewrite(/^## Run it/m, `## Run it\n\n${words(61)}`),
      "prose cells have 20 to 60",
    ],
    ["few cells", (cells) => cells.slice(0, 20), "20 cells: a lesson has 30 to 60"],
    [
      "little prose",
      without((cell) => cell.cell_type === "markdown" && !holds("## ")(cell)),
      "% of the cells are prose",
    ],
    ["no output", edit(isShown, { outputs: [] }), "no stored output"],
    ["a count", edit(hasOutput, { execution_count: 3 }), "has an execution count"],
    [
      "a path",
      rewriteOutputs(/"text\/plain":\["/, '"text/plain":["/home/me/x '),
      "path of one machine",
    ],
    ["much output", edit(hasOutput, { outputs: ["x".repeat(1e6)] }), "keep them under 1 MB"],
    ["two equal ids", (cells) => cells.map((cell) => ({ ...cell, id: "same" })), '"same" twice'],
    [
      "an untold measurement",
      edit(hasOutput, { metadata: { tags: ["varies"] } }),
      'must say "varies"',
    ],
    ["an untagged clock", edit(hasOutput, { source: "Date.now()" }), "reads the real clock"],
    ["no chart title", rewriteOutputs(/"text":"The Tatkal rush"/, '"text":""'), "has not a title"],
    ["no caption", rewriteOutputs(/"subtitle":"[^"]*"/, '"subtitle":""'), "has not a caption"],
    ["no axis title", rewriteOutputs(/"title":"time after[^"]*",/, ""), "a title on its x axis"],
    ["no unit", rewriteOutputs(/ \(per minute\)"/, '"'), "a unit on its y axis"],
    ["no picture", rewriteOutputs(/image\/svg\+xml/, "image/none"), "its picture as SVG"],
    [
      "HTML beside a chart",
      rewriteOutputs(/"image\/svg\+xml"/, '"text/html":"x","image/svg+xml"'),
      "goes out without HTML",
    ],
    ["no next page", rewrite(/00-start-here/g, "10-other"), "no link to the previous page"],
    ["no test named", rewrite(/\.\.\/test\//, "../tests/"), "no link to its files under test/"],
    ["a dead link", rewrite(/\(\.\.\/lib\/batch/, "(../lib/nothing"), "leads nowhere"],
  ])("finds %s", (_what, change, expected) => {
    expect(problemsAfter(change).join("\n")).toContain(expected);
  });

  it("finds a foreign kernel", () => {
    const foreign = { ...good, metadata: { kernelspec: { name: "python3" } } };
    const problems = checkGuide(lesson, foreign, book).map(problemText).join("\n");
    expect(problems).toContain("the kernelspec is named tslab");
    expect(problems).toContain("language_info is that of the kernel");
  });
});

describe("dabbawala check-notebooks", () => {
  // Inside the checkout, where notebooks find the library.
  const folder = mkdtempSync(join(bookFolder, "..", "lib", "dist", "check-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const program = join(bookFolder, "..", "lib", "bin", "dabbawala.cjs");
  const command = (...args: string[]): { status: number | null; stdout: string } =>
    spawnSync(process.execPath, [program, "check-notebooks", ...args], { encoding: "utf8" });

  it("finds nothing in the first lesson; `npm run check` asks it of the whole book", () => {
    const result = { status: 0, stdout: expect.stringContaining("no problem") };
    expect(command("10")).toMatchObject(result);
  });

  it("fails on a mistake, and writes the code as one TypeScript file", () => {
    const cells = good.cells.map((cell) => {
      const source = joined(cell.source).replace("{ workers, splitBytes });", "{ worker: 1 });");
      return { ...cell, source };
    });
    const file = join(folder, "10-broken.ipynb");
    writeFileSync(file, JSON.stringify({ ...good, cells }));
    const { status, stdout } = command(file, "--scripts", folder);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /10-broken: cell \d+ \([\w-]+\), line \d+, column \d+: Argument of type/,
    );
    expect(readFileSync(join(folder, "10-broken.ts"), "utf8")).toContain("{ worker: 1 });");
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CellCompiler } from "./cell-compiler";
import { KernelClient } from "./client";

let compiler: CellCompiler;
beforeAll(() => {
  compiler = new CellCompiler();
  const imports = `import { mapReduce, wordCount } from "dabbawala/batch";
import { irctcRows } from "dabbawala/generators";
import * as figures from "dabbawala/figures";`;
  expect(compiler.compile(imports)).toEqual([]);
});
afterAll(() => compiler.close());

describe("types of the library in later cells", () => {
  it("are kept by a variable that takes its type from an import of an earlier cell", () => {
    expect(compiler.compile('const result = await mapReduce(wordCount, ["x"]);')).toEqual([]);
    expect(compiler.compile("const wrong: number = result;")).toEqual([
      "1:7 - Type 'MapReduceResult<number>' is not assignable to type 'number'.",
    ]);
    expect(compiler.compile("const rows = result.rows;")).toEqual([]);
    expect(compiler.compile("result.rowz;")[0]).toMatch(/^1:8 - Property 'rowz' does not exist/);
  });

  it.each([
    "rows[0]",
    "irctcRows({ rows: 1, seed: 1 })",
    "[...irctcRows({ rows: 1, seed: 1 })]",
    "{ rows, again: () => result }.again",
    "new Map([[1, result]]).get(1)",
    "Promise.resolve(result)",
    "figures.lineChart",
    "figures.table([{ a: 1 }])",
    "class { kept = result }",
    "function* () { yield result }",
  ])("%s is not any", (expression) => {
    expect(compiler.isAny(expression)).toBe(false);
  });

  it("are kept in classes and functions of a cell", () => {
    const cell = "class Keeper { kept = result; } function get() { return result; }";
    expect(compiler.compile(cell)).toEqual([]);
    expect(compiler.isAny("new Keeper().kept")).toBe(false);
    expect(compiler.isAny("get()")).toBe(false);
  });

  it("would be seen as any by the probe", () => {
    expect(compiler.isAny("JSON.parse('1')")).toBe(true);
  });
});

describe("a wrong use of the library", () => {
  it.each([
    ["irctcRows({ rows: 1 });", /^1:11 - .*'seed' is missing|^1:11 - Argument/],
    ['irctcRows({ rows: "many", seed: 1 });', /^1:13 - Type 'string' is not assignable/],
    ['\n  mapReduce(wordCount, "file.csv");', /^2:24 - Argument of type 'string'/],
    ["figures.lineCharts({});", /^1:9 - Property 'lineCharts' does not exist/],
    ["import { nothing } from 'dabbawala/batch';", /^1:10 - Module .* has no exported member/],
  ])("%s is a compile error with line and column", (source, expected) => {
    expect(compiler.compile(source)[0]).toMatch(expected);
  });
});

describe("completion and hover in the kernel", () => {
  let kernel: KernelClient;
  beforeAll(async () => {
    kernel = await KernelClient.start();
    const cell = `import { mapReduce } from "dabbawala/batch";\nimport * as batch from "dabbawala/batch";`;
    expect((await kernel.execute(cell)).reply["status"]).toBe("ok");
  });
  afterAll(() => kernel.stop());

  it("completes the names of a module", async () => {
    const request = { code: "batch.mapR", cursor_pos: 10 };
    const reply = await kernel.request("complete_request", request);
    expect(reply).toMatchObject({ status: "ok", cursor_start: 6, cursor_end: 10 });
    expect(reply["matches"]).toContain("mapReduce");
  });

  it("completes the options of a call", async () => {
    const code = "mapReduce({} as never, [], { wor })";
    const reply = await kernel.request("complete_request", { code, cursor_pos: 32 });
    expect(reply["matches"]).toContain("workers");
  });

  it("shows signature and doc comment", async () => {
    const request = { code: "batch.mapReduce", cursor_pos: 9, detail_level: 0 };
    const reply = await kernel.request("inspect_request", request);
    expect(reply).toMatchObject({ status: "ok", found: true });
    expect(reply["data"]["text/plain"]).toContain("Promise<");
    expect(reply["data"]["text/plain"]).toContain("Runs a job over files");
  });
});

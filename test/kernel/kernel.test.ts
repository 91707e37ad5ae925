import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.stop());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const numbers = (count: number): string =>
  Array.from({ length: count }, (_, i) => `${i}\n`).join("");

describe("no output is lost", () => {
  it("keeps 20,000 lines of one cell, in order", async () => {
    const { stdout, reply } = await kernel.execute(
      "for (let i = 0; i < 20000; i++) console.log(i)",
    );
    expect(stdout === numbers(20_000)).toBe(true);
    expect(reply.status).toBe("ok");
  });

  it("keeps 10 lines of each of 75 cells", async () => {
    for (let cell = 0; cell < 75; cell++) {
      const { stdout } = await kernel.execute("for (let i = 0; i < 10; i++) console.log(i)");
      expect(stdout).toBe(numbers(10));
    }
  });

  it("keeps 2,000 display updates, in order with the text around them", async () => {
    const { published } = await kernel.execute(`
      import * as tslab from "tslab";
      const display = tslab.newDisplay();
      for (let i = 0; i < 2000; i++) display.text(String(i));
      console.log("end");`);
    const shown = published.filter(({ type }) => /display_data|stream/.test(type));
    expect(shown).toHaveLength(2001);
    expect(shown[1999]!.content.data["text/plain"]).toBe("1999");
    expect(shown[2000]!.content.text).toBe("end\n");
  });
});

describe("failures are failures", () => {
  it("tells name, message and the line of the cell, in reply and message", async () => {
    const { reply, published, stderr } = await kernel.execute(
      "interface Seat { berth: number }\n\nfunction sell(seat?: Seat): number {\n  return seat!.berth;\n}\nsell();",
    );
    expect(reply).toMatchObject({ status: "error", ename: "TypeError" });
    expect(reply.traceback[0]).toMatch(/^TypeError: Cannot read properties of undefined/);
    expect(reply.traceback[1]).toBe("    at line 4 of the cell in sell: return seat!.berth;");
    expect(reply.traceback[2]).toBe("    at line 6 of the cell: sell();");
    const { type, content } = published.find((message) => message.type === "error")!;
    expect(type).toBe("error");
    expect(content.evalue).toBe(reply.evalue);
    expect(stderr).toBe("");
  });

  it("tells type errors by line and column", async () => {
    const { reply, stderr } = await kernel.execute(
      'const fine = 1;\nconst seats: number = "many";',
    );
    expect(reply).toMatchObject({
      ename: "TypeScriptError",
      evalue: "2:7 - Type 'string' is not assignable to type 'number'.",
    });
    expect(stderr).toBe("");
  });

  it("knows variables of earlier cells in shorthand properties, and columns after them", async () => {
    await kernel.execute("const berths = 72; const coach = 'S1'");
    const { published } = await kernel.execute("const sold = { berths, coach };\nsold");
    const result = published.find(({ type }) => type === "execute_result")!;
    expect(result.content.data["text/plain"]).toBe("{ berths: 72, coach: 'S1' }");
    const { reply } = await kernel.execute("const a = { berths }; const b: string = 5;");
    expect(reply.evalue).toBe("1:29 - Type 'number' is not assignable to type 'string'.");
  });

  it("knows properties of earlier cells' types that a pattern renames", async () => {
    await kernel.execute(
      "const ticket = { berth: 7, coach: { name: 'S1' } }; let own = 0, same = 0;",
    );
    const { stdout } = await kernel.execute(`
const { berth: number, coach: { name } } = ticket;
const told = [ticket].map(({ berth: key, coach: value }) => ({ key, value: value.name }));
({ berth: own } = ticket);
const berth = 3;
({ coach: { name: told[0].value }, berth: same } = { ...ticket, berth });
console.log(number, name, JSON.stringify(told), own, same);`);
    expect(stdout).toBe('7 S1 [{"key":7,"value":"S1"}] 7 3\n');
    const { reply } = await kernel.execute("const { berth: b } = ticket; const c: string = b;");
    expect(reply.evalue).toBe("1:36 - Type 'number' is not assignable to type 'string'.");
  });

  it("runs the next cell after a failed one", async () => {
    expect((await kernel.execute("throw new Error('first')")).reply.status).toBe("error");
    expect((await kernel.execute("console.log('second')")).stdout).toBe("second\n");
  });

  it("aborts requests that were waiting, and none that came later", async () => {
    const ids = ["throw new Error('stop')", "console.log(1)", "console.log(2)"].map((code) =>
      kernel.send("execute_request", { code }),
    );
    const results = await Promise.all(ids.map((id) => kernel.result(id)));
    expect(results.map(({ reply }) => reply.status)).toEqual(["error", "aborted", "aborted"]);
    expect((await kernel.execute("console.log(3)")).reply.status).toBe("ok");
  });

  it("fails a cell whose promise nobody awaits", async () => {
    const { reply } = await kernel.execute("Promise.reject(new Error('nobody listens'));0");
    expect(reply).toMatchObject({ status: "error", evalue: "nobody listens" });
  });

  it("fails the next cell when a timer of an earlier one throws", async () => {
    const code = "setTimeout(() => { throw new Error('late') }, 300); 0";
    const id = kernel.send("execute_request", { code });
    expect((await kernel.result(id)).reply.status).toBe("ok");
    while (!kernel.heard(id).some(({ type }) => type === "error")) await pause(20);
    expect((await kernel.execute("1")).reply).toMatchObject({ status: "error", evalue: "late" });
    expect((await kernel.execute("1")).reply.status).toBe("ok");
  });
});

describe("the protocol", () => {
  it("publishes a last expression as execute_result", async () => {
    const { published, stdout } = await kernel.execute("[1, 2].map((x) => x + 1)");
    const result = published.find(({ type }) => type === "execute_result")!;
    expect(result.content.data).toEqual({ "text/plain": "[ 2, 3 ]" });
    expect(stdout).toBe("");
  });

  it("publishes the rich forms of a value that has them, also after an await", async () => {
    const { published } = await kernel.execute(`
      class Rich { [Symbol.for("dabbawala.mimeBundle")]() { return { "text/html": "<b>1</b>" }; } }
      await Promise.resolve();
      new Rich()`);
    const result = published.find(({ type }) => type === "execute_result")!;
    expect(result.content.data).toEqual({ "text/html": "<b>1</b>", "text/plain": "Rich {}" });
  });

  it("shows nothing for undefined, and nothing at all when silent", async () => {
    const quiet = await kernel.execute("console.log('unheard'); 5", { silent: true });
    expect(quiet.published.map(({ type }) => type)).toEqual(["status", "status"]);
    const { published } = await kernel.execute("undefined");
    expect(published.map(({ type }) => type)).toEqual(["status", "execute_input", "status"]);
  });

  it("tells its true TypeScript version", async () => {
    const info = await kernel.request("kernel_info_request", {});
    expect(info.language_info).toMatchObject({ name: "typescript", version: "5.0.4" });
    expect(info.status).toBe("ok");
  });

  it("tells complete, incomplete and invalid code apart", async () => {
    const status = async (code: string): Promise<string> =>
      (await kernel.request("is_complete_request", { code })).status;
    expect(await status("const a = 1;")).toBe("complete");
    expect(await status("function f() {")).toBe("incomplete");
    expect(await status("const = )")).toBe("invalid");
  });

  it("answers history, comm_info, completion and inspection", async () => {
    await kernel.execute("const remembered = 41 + 1");
    const tail = { hist_access_type: "tail", n: 1, output: false, raw: true };
    const { history } = await kernel.request("history_request", tail);
    expect(history[0][2]).toBe("const remembered = 41 + 1");
    expect(await kernel.request("comm_info_request", {})).toEqual({ status: "ok", comms: {} });
    const at = { code: "remem", cursor_pos: 5 };
    expect((await kernel.request("complete_request", at)).matches).toContain("remembered");
    const hover = await kernel.request("inspect_request", { code: "remembered", cursor_pos: 3 });
    expect(hover.data["text/plain"]).toContain("const remembered: number");
  });
});

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.stop());

describe("user_expressions", () => {
  it("are evaluated after the cell, each with its value or its error", async () => {
    const { reply, published } = await kernel.execute("const berths = 72;", {
      user_expressions: { sum: "berths + 1", wrong: "berth", thrown: "throw new Error('no')" },
    });
    expect(reply.user_expressions.sum).toEqual({
      status: "ok",
      data: { "text/plain": "73" },
      metadata: {},
    });
    expect(reply.user_expressions.wrong).toMatchObject({
      status: "error",
      ename: "TypeScriptError",
    });
    expect(reply.user_expressions.thrown).toMatchObject({ status: "error", evalue: "no" });
    // Their failures are no failures of the cell, and nothing of them is shown.
    expect(reply.status).toBe("ok");
    expect(published.map(({ type }) => type)).toEqual(["status", "execute_input", "status"]);
  });

  it("are not evaluated when the cell has failed", async () => {
    const { reply } = await kernel.execute("throw new Error('first')", {
      user_expressions: { late: "Object.assign(globalThis, { isLate: true })" },
    });
    expect(reply.user_expressions).toBeUndefined();
    const { stdout } = await kernel.execute("console.log('isLate' in globalThis)");
    expect(stdout).toBe("false\n");
  });
});

describe("counts and history", () => {
  it("leave out what is silent, and history what is not to be stored", async () => {
    const first = (await kernel.execute("1")).reply.execution_count;
    await kernel.execute("2", { silent: true });
    const unstored = (await kernel.execute("3", { store_history: false })).reply;
    expect(unstored.execution_count).toBe(first + 1);
    const tail = { hist_access_type: "tail", n: 2, output: false, raw: true };
    await kernel.execute("4");
    const { history } = await kernel.request("history_request", tail);
    expect(history.map((row: unknown[]) => row[2])).toEqual(["1", "4"]);
  });
});

describe("stop_on_error", () => {
  it("false lets the waiting requests run", async () => {
    const options = { stop_on_error: false };
    const ids = ["throw new Error('passed over')", "console.log(1)"].map((code) =>
      kernel.send("execute_request", { code, ...options }),
    );
    const results = await Promise.all(ids.map((id) => kernel.result(id)));
    expect(results.map(({ reply }) => reply.status)).toEqual(["error", "ok"]);
  });
});

describe("clear_output", () => {
  it("is published in its place among the other output", async () => {
    const { published } = await kernel.execute(`
      import { clearOutput } from "dabbawala/kernel";
      console.log("before");
      clearOutput(true);
      console.log("after");`);
    const output = published.slice(2, -1).map(({ type, content }) => [type, content]);
    expect(output).toEqual([
      ["stream", { name: "stdout", text: "before\n" }],
      ["clear_output", { wait: true }],
      ["stream", { name: "stdout", text: "after\n" }],
    ]);
  });

  it("does not wait unless asked to", async () => {
    const { published } = await kernel.execute("clearOutput();");
    expect(published.find(({ type }) => type === "clear_output")!.content).toEqual({ wait: false });
  });
});

describe("shutdown_request", () => {
  it("is answered, and ends the process in order though a timer goes on", async () => {
    await kernel.execute("setInterval(() => {}, 10); 0");
    const end = new Promise((resolve) => {
      kernel.process.once("exit", (code, signal) => resolve([code, signal]));
    });
    const id = kernel.send("shutdown_request", { restart: true }, "control");
    expect((await kernel.reply(id)).content).toEqual({ status: "ok", restart: true });
    expect(await end).toEqual([0, null]);
  });
});

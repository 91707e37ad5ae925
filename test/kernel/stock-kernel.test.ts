import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

const lib = join(__dirname, "..", "..", "lib");
const tslab = dirname(createRequire(__filename).resolve("tslab/package.json"));
const command = [join(tslab, "bin", "tslab"), "kernel", "--config-path", "{connection_file}"];

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start({ argv: [process.execPath, ...command] });
});
afterAll(() => kernel.stop());

describe("a stock kernel", () => {
  it("loses output and hides failures before the library is imported", async () => {
    const { reply, published } = await kernel.execute("throw new Error('hidden')");
    expect(reply.ename).toBeUndefined();
    expect(published.some(({ type }) => type === "error")).toBe(false);
  });

  it("is repaired by the first import of the library, from the next cell on", async () => {
    const code =
      'import { Random } from "dabbawala/basics"; console.log(new Random(1) instanceof Random)';
    let { reply, stdout } = await kernel.execute(code);
    // A stock kernel refuses whatever comes within 200 ms of a failure.
    while (reply.status === "abort") ({ reply, stdout } = await kernel.execute(code));
    expect(reply.status).toBe("ok");
    expect(stdout).toBe("true\n");
    const thrown = await kernel.execute("throw new Error('seen')");
    expect(thrown.reply).toMatchObject({ status: "error", ename: "Error", evalue: "seen" });
    expect(thrown.published.some(({ type }) => type === "error")).toBe(true);
    expect(thrown.reply.execution_count).toBe(reply.execution_count + 1);
  });

  it("then loses no output", async () => {
    const { stdout } = await kernel.execute("for (let i = 0; i < 20000; i++) console.log(i)");
    expect(stdout.trimEnd().split("\n")).toEqual(Array.from({ length: 20_000 }, (_, i) => `${i}`));
  });

  it("then publishes results, and tells its TypeScript version", async () => {
    const { published } = await kernel.execute("new Random(1) instanceof Random");
    const result = published.find(({ type }) => type === "execute_result")!;
    expect(result.content.data["text/plain"]).toBe("true");
    const info = await kernel.request("kernel_info_request", {});
    expect(info.language_info.version).toBe("5.0.4");
  });

  it("then is interrupted by SIGINT before and in the first await, and goes on", async () => {
    for (const code of ["for (;;) {}", "await new Promise(() => {})"]) {
      const id = kernel.send("execute_request", { code });
      const result = kernel.result(id);
      while (!kernel.heard(id).some(({ type }) => type === "execute_input")) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await new Promise((resolve) => setTimeout(resolve, 400));
      kernel.process.kill("SIGINT");
      expect((await result).reply).toMatchObject({ ename: "Interrupted" });
      expect((await kernel.execute("console.log('on')")).stdout).toBe("on\n");
    }
  });
});

describe("cells that were waiting when the library was imported", () => {
  it("run one after another, in order, before those that come later", async () => {
    const waiting = await KernelClient.start({ argv: [process.execPath, ...command] });
    const codes = [
      'import { Heap } from "dabbawala/basics"; console.log(0)',
      "await new Promise((done) => setTimeout(done, 200)); console.log(1)",
      "console.log(2)",
    ];
    const ids = codes.map((code) => waiting.send("execute_request", { code }));
    const results = await Promise.all(ids.map((id) => waiting.result(id)));
    expect(results.map(({ stdout }) => stdout)).toEqual(["0\n", "1\n", "2\n"]);
    expect((await waiting.execute("console.log(typeof Heap)")).stdout).toBe("function\n");
    await waiting.stop();
  });
});

it("every topic brings the repairs", () => {
  const topics = readdirSync(lib, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["bin", "cli", "dist", "setup"].includes(entry.name))
    .map(({ name }) => name);
  const without = topics.filter((topic) => {
    const text = readFileSync(join(lib, topic, "index.ts"), "utf8");
    return !/^import "\.\.?\/(kernel\/)?in-stock-kernel";$/m.test(text);
  });
  expect(without, `begins with: import "../kernel/in-stock-kernel";`).toEqual([]);
});

import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { KernelClient } from "./client";
import type { Executed } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.stop());

// A kernel that is not stopped makes every test of this file wait as long.
vi.setConfig({ testTimeout: 60_000 });

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs a cell that never ends, and interrupts it when its start (or its text) was heard. */
async function interrupted(
  code: string,
  stop: () => unknown,
  sign: "execute_input" | "stream" = "execute_input",
): Promise<Executed & { ms: number }> {
  const id = kernel.send("execute_request", { code });
  const result = kernel.result(id);
  while (!kernel.heard(id).some(({ type }) => type === sign)) await pause(10);
  // A cell that loops at once cannot tell that it has been compiled and loops.
  await pause(400);
  const start = Date.now();
  await stop();
  const ended = await result;
  return { ...ended, ms: Date.now() - start };
}

const endless = {
  "a synchronous loop": "for (;;) {}",
  "a pending await": "await new Promise(() => {})",
  "a loop after an await": "await new Promise((done) => setTimeout(done, 50)); for (;;) {}",
  "a loop that catches everything":
    "await Promise.resolve(); for (;;) { try { for (;;) {} } catch {} }",
  "a loop of microtasks": "for (;;) await Promise.resolve()",
  "a loop in a timer": "setTimeout(() => { for (;;) {} }, 20); await new Promise(() => {})",
  "a loop in a callback of the file system": `
    import { stat } from "fs";
    stat(".", () => { for (;;) {} });
    await new Promise(() => {})`,
};

describe("interrupt", () => {
  for (const [name, code] of Object.entries(endless)) {
    it(`stops ${name}, and the kernel goes on`, async () => {
      const { reply, ms } = await interrupted(code, () => kernel.interrupt());
      expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
      expect(ms).toBeLessThan(5000);
      expect((await kernel.execute("await Promise.resolve(); 6 * 7")).reply.status).toBe("ok");
      expect((await kernel.execute("console.log('on')")).stdout).toBe("on\n");
    });
  }

  for (const name of ["a synchronous loop", "a pending await"] as const) {
    it(`stops ${name} by SIGINT too, as stock kernels are interrupted`, async () => {
      const { reply } = await interrupted(endless[name], () => kernel.process.kill("SIGINT"));
      expect(reply).toMatchObject({ ename: "Interrupted" });
      expect((await kernel.execute("console.log('on')")).stdout).toBe("on\n");
    });
  }

  it("stops a value that takes for ever to say how it is shown", async () => {
    const code = '({ [Symbol.for("dabbawala.mimeBundle")]() { for (;;) {} } })';
    const { reply } = await interrupted(code, () => kernel.interrupt());
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect((await kernel.execute("console.log('on')")).stdout).toBe("on\n");
  });

  it("spares the kernel itself, whenever it comes", async () => {
    for (let afterMs = 0; afterMs < 300; afterMs += 25) {
      const id = kernel.send("execute_request", { code: "const after = 1; for (;;) {}" });
      const result = kernel.result(id);
      while (!kernel.heard(id).some(({ type }) => type === "execute_input")) await pause(1);
      await pause(afterMs);
      // An interrupt before the cell runs finds nothing to stop; a later one stops it.
      const again = setInterval(() => void kernel.interrupt(), 500);
      await kernel.interrupt();
      expect((await result).reply).toMatchObject({ ename: "Interrupted" });
      clearInterval(again);
    }
  });

  it("waits while a cell is compiled, however long, and stops it when it runs", async () => {
    // Some seconds of compilation: more than an interrupt takes to stop a cell that catches it.
    const lines = Array.from({ length: 2_000 }, (_, i) => {
      return `const v${i} = { a: ${i}, b: [${i}, "x"] as const, f: (x: number) => x + ${i} };`;
    });
    const code = [...lines, "for (;;) {}"].join("\n");
    const { reply } = await interrupted(code, () => kernel.interrupt());
    expect(reply).toMatchObject({ status: "error", ename: "Interrupted" });
    expect((await kernel.execute("console.log('on')")).stdout).toBe("on\n");
  });

  it("leaves no timer and no worker of the cell behind", async () => {
    await interrupted(
      `
      import { Worker } from "worker_threads";
      import { setTimeout as sleep } from "timers/promises";
      let ticks = 0, steps = 0, beats = 0;
      const counts = () => [ticks, steps, beats];
      Object.assign(globalThis, { counts });
      new Worker(\`setInterval(() => require("worker_threads").parentPort.postMessage(1), 5)\`,
        { eval: true }).on("message", () => beats++);
      setInterval(() => ticks++, 5);
      while (Math.min(...counts()) < 3) { await sleep(5); steps++; }
      console.log("all go on");
      for (;;) { await sleep(5); steps++; }`,
      () => kernel.interrupt(),
      "stream",
    );
    const counts = async (): Promise<string> =>
      (await kernel.execute('console.log(Reflect.get(globalThis, "counts")().join())')).stdout;
    const first = await counts();
    await pause(200);
    expect(await counts()).toBe(first);
    expect(first).toMatch(/^\d+,\d+,\d+\n$/);
  });

  it("leaves no forked process of the cell behind", async () => {
    await interrupted(
      `
      import { fork } from "child_process";
      const child = fork("-e", ["setInterval(() => 0, 1000)"], { execArgv: [] });
      Object.assign(globalThis, { child });
      console.log("forked");
      await new Promise(() => 0);`,
      () => kernel.interrupt(),
      "stream",
    );
    const ended = 'console.log(Reflect.get(globalThis, "child").signalCode)';
    const endMs = Date.now() + 5_000;
    let told = "";
    while (told !== "SIGKILL\n" && Date.now() < endMs) told = (await kernel.execute(ended)).stdout;
    expect(told).toBe("SIGKILL\n");
  });

  it("ends what an earlier cell left running when no cell is in work", async () => {
    await kernel.execute("let ticks = 0; const timer = setInterval(() => ticks++, 5); 0");
    const ticks = async (): Promise<number> =>
      Number((await kernel.execute("console.log(ticks)")).stdout);
    while ((await ticks()) < 4) await pause(20);
    expect(await kernel.interrupt()).toEqual({ status: "ok" });
    const first = await ticks();
    await pause(100);
    expect(await ticks()).toBe(first);
  });
});

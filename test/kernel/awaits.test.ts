import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";

let kernel: KernelClient;
beforeAll(async () => {
  kernel = await KernelClient.start();
});
afterAll(() => kernel.stop());

const resultOf = async (code: string): Promise<Record<string, unknown>> => {
  const { reply, published } = await kernel.execute(code);
  expect(reply).toMatchObject({ status: "ok" });
  return published.find(({ type }) => type === "execute_result")?.content.data;
};

describe("cells that await", () => {
  // The compiler failed on this one, the request was never answered, and no later cell ran.
  it("query DuckDB through a connection made in one expression", async () => {
    const result = await resultOf(`
      const { DuckDBInstance } = await import("@duckdb/node-api");
      const connection = await (await DuckDBInstance.create()).connect();
      (await connection.runAndReadAll("select count(*) as n from range(5)")).getRowObjects()`);
    expect(result["text/plain"]).toBe("[ { n: 5n } ]");
    const later = "(await connection.runAndReadAll('select 1 as one')).getRowObjects()";
    expect((await resultOf(later))["text/plain"]).toBe("[ { one: 1 } ]");
  });

  it("know in the next cell what type an awaited value of a package has", async () => {
    const wrong = "const rows: number = await connection.runAndReadAll('select 1')";
    const { reply } = await kernel.execute(wrong);
    expect(reply.evalue).toBe(
      "1:7 - Type 'DuckDBResultReader' is not assignable to type 'number'.",
    );
  });

  it("may have all their awaits before a bracket", async () => {
    expect((await resultOf("const six = await (async () => 6)();\nsix"))["text/plain"]).toBe("6");
    expect((await resultOf("[await (await Promise.resolve(async () => 7))()]"))["text/plain"]).toBe(
      "[ 7 ]",
    );
  });

  it("may loop over an asynchronous sequence and nothing else", async () => {
    const { stdout } = await kernel.execute(`
      async function* stations() { yield "CSMT"; yield "NDLS"; }
      for await (const station of stations()) console.log(station);`);
    expect(stdout).toBe("CSMT\nNDLS\n");
  });

  it("tell the column of an error as it was written", async () => {
    const { reply } = await kernel.execute("const wrong: string = await (async () => 6)();");
    expect(reply.evalue).toBe("1:7 - Type 'number' is not assignable to type 'string'.");
  });
});

describe("every request is answered", () => {
  it("shows forms with bigint, which JSON does not know", async () => {
    const result = await resultOf(
      `({ [Symbol.for("dabbawala.mimeBundle")]: () => ({ "application/json": [5n, 2n ** 70n] }) })`,
    );
    expect(result["application/json"]).toEqual([5, "1180591620717411303424"]);
  });

  it("fails a cell whose last value cannot be sent, and goes on", async () => {
    const { reply, published } = await kernel.execute(`
      const circle: Record<string, unknown> = {};
      circle.self = circle;
      ({ [Symbol.for("dabbawala.mimeBundle")]: () => ({ "application/json": circle }) })`);
    expect(reply).toMatchObject({ status: "error", ename: "TypeError" });
    expect(published.some(({ type }) => type === "error")).toBe(true);
    expect((await kernel.execute("1")).reply.status).toBe("ok");
  });

  it("fails a cell whose last value cannot be looked at, and goes on", async () => {
    const { reply } = await kernel.execute(`
      ({ [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("shy"); } })`);
    expect(reply).toMatchObject({ status: "error", evalue: "shy" });
    expect((await kernel.execute("1")).reply.status).toBe("ok");
  });
});

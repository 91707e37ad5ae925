import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it } from "vitest";
import { readParquetEdges } from "dabbawala/graph";
import { lists } from "./oracle";

const folder = mkdtempSync(join(tmpdir(), "edges-"));
const file = join(folder, "it's.parquet");

beforeAll(async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const rows = "from range(5000) t(i)";
  const columns = 'i as "from", (i + 1) % 5000 as "to", i / 2 as km, null::int as nothing';
  const path = file.replaceAll("'", "''");
  await connection.run(`copy (select ${columns} ${rows}) to '${path}' (format parquet)`);
  connection.closeSync();
});

describe("edges in Parquet", () => {
  it("become a graph, with weights or without", async () => {
    const names = { source: "from", target: "to", isDirected: true };
    const graph = await readParquetEdges(file, { ...names, weight: "km" });
    expect([graph.vertices, graph.edges]).toEqual([5_000, 5_000]);
    expect(lists(graph).slice(4_998)).toEqual([[4_999], [0]]);
    expect([...(graph.weights ?? [])].slice(0, 3)).toEqual([0, 0.5, 1]);
    expect((await readParquetEdges(file, names)).weights).toBeUndefined();
  });

  it("that cannot be are told in a sentence", async () => {
    await expect(readParquetEdges(file)).rejects.toThrow("cannot be read as edges: Binder Error");
    await expect(readParquetEdges("/no/such.parquet")).rejects.toThrow("/no/such.parquet cannot");
    const empty = { source: "from", target: "nothing" };
    await expect(readParquetEdges(file, empty)).rejects.toThrow("row 0 has an empty value");
  });
});

/**
 * Reads edges from a Parquet file, by DuckDB: a row an edge.
 *
 * Cost: one pass; memory is that of the edges. The engine is loaded when this is first called.
 */
import { InputError } from "../../basics";
import { sqlName, sqlText } from "../../basics/sql-text";
import { buildGraph } from "./build-graph";
import type { BuildOptions } from "./build-graph";
import type { CsrGraph } from "./csr-graph";
import { EdgeGrowth } from "./edge-growth";

export interface ParquetEdgesOptions extends BuildOptions {
  /** Names of columns; default "source" and "target". */
  readonly source?: string;
  readonly target?: string;
  /** A column of numbers from 0 on; default: there are no weights. */
  readonly weight?: string;
}

/** Throws an InputError for a file, column or value that cannot be. */
export async function readParquetEdges(
  file: string,
  options: ParquetEdgesOptions = {},
): Promise<CsrGraph> {
  const { source = "source", target = "target", weight } = options;
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const columns = [`${sqlName(source)}::uinteger`, `${sqlName(target)}::uinteger`];
    if (weight !== undefined) columns.push(`${sqlName(weight)}::double`);
    const query = `select ${columns.join(", ")} from read_parquet(${sqlText(file)})`;
    const growth = new EdgeGrowth(1_024, weight !== undefined);
    const result = await connection.stream(query);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      addRows(growth, chunk.getRows() as (number | null)[][]);
    }
    return buildGraph(growth.edges, options);
  } catch (error) {
    const [what] = (error as Error).message.split("\n");
    throw new InputError(`${file} cannot be read as edges: ${what}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function addRows(growth: EdgeGrowth, rows: readonly (readonly (number | null)[])[]): void {
  for (const [source, target, weight = 1] of rows) {
    if (source === null || target === null || weight === null) {
      throw new InputError(`row ${growth.length} has an empty value`);
    }
    growth.add(source, target, weight);
  }
}

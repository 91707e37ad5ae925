import { sqlText } from "../../../basics/sql-text";
import type { ColumnType } from "./text-rows";

/** Turns a CSV file into a Parquet file, streaming: DuckDB does it, loaded only here. */
export async function csvToParquet(
  csv: string,
  parquet: string,
  columns: readonly (readonly [name: string, type: ColumnType])[],
): Promise<void> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "512MB" });
  const connection = await instance.connect();
  try {
    const types = columns.map(([name, type]) => `${sqlText(name)}: '${type}'`).join(", ");
    const source = `read_csv(${sqlText(csv)}, header = true, auto_detect = false, delim = ',',
      quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, columns = {${types}})`;
    await connection.run(`COPY (SELECT * FROM ${source}) TO ${sqlText(parquet)} (FORMAT parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

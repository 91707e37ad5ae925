import "../../kernel/in-stock-kernel";
export { duckDb } from "./duckdb-engine";
export type { DuckDbOptions } from "./duckdb-engine";

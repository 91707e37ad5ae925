import "../kernel/in-stock-kernel";
export { duckDb } from "./duckdb";
export type { DuckDbOptions } from "./duckdb";
export type { ColumnInfo, ColumnKind, DeclaredColumn, DeclaredKind, Engine } from "./engine";
export type { QueryOptions, SqlAnswer, SqlParameters, SqlRow, SqlValue } from "./engine";
export type { TableOptions, TableSource } from "./engine";

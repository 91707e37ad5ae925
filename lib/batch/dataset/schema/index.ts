export type { BadCount, BadReason, BadRows, BadValue } from "./bad-rows";
export { column } from "./column";
export type { Column } from "./column";
export { readRows, validateRows } from "./read-rows";
export type { ReadRowsOptions, TypedRows } from "./read-rows";
export type { OnBadRow } from "./row-sink";
export { defineSchema } from "./schema";
export type { RowOf, RowWithGaps, Schema } from "./schema";

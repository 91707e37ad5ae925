/** A table's columns by name, and the type of its rows. */
import { InputError } from "../../../basics";
import type { Column } from "./column";

export type Columns = Readonly<Record<string, Column<unknown>>>;

/** Plain data. */
export interface Schema<C extends Columns = Columns> {
  readonly columns: C;
}

type Holds<T> = T extends Column<infer V> ? V : never;

/** A row of a schema: what its columns hold, by their names. */
export type RowOf<S extends Schema> = { [K in keyof S["columns"]]: Holds<S["columns"][K]> };

/** A row in which every value may be null: what is left where bad values are taken out. */
export type RowWithGaps<S extends Schema> = { [K in keyof RowOf<S>]: RowOf<S>[K] | null };

/** Throws InputError for a schema without columns. */
export function defineSchema<C extends Columns>(columns: C): Schema<C> {
  if (Object.keys(columns).length === 0) throw new InputError("a schema needs a column at least");
  return { columns };
}

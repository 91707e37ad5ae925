/**
 * What a program asks of an engine that answers SQL: tables, queries, plans. DuckDB stands behind
 * it in this process; one that runs on many machines can, since nothing here tells where.
 */

/** What a column holds, whatever the engine calls it. */
export type ColumnKind =
  "text" | "integer" | "number" | "boolean" | "date" | "timestamp" | "list" | "struct" | "bytes";

/** A declared column: its kind, or a column of a schema, which tells it. */
export type DeclaredColumn = DeclaredKind | { readonly kind: DeclaredKind };
export type DeclaredKind = Exclude<ColumnKind, "list" | "struct" | "bytes">;

/** Files that end in .csv, .jsonl or .parquet (what `out` of MapReduce writes too), or rows. */
export type TableSource = string | readonly string[] | readonly object[];

export interface TableOptions {
  /**
   * Kinds of columns. Those that are not told are guessed by the engine from the first rows, which
   * takes the first zero off a number of digits: declare as text what is not counted with.
   */
  readonly columns?: Readonly<Record<string, DeclaredColumn>>;
  /** Read the files now and keep them in memory, in place of at each query; default false. */
  readonly isLoaded?: boolean;
}

export interface ColumnInfo {
  readonly name: string;
  readonly kind: ColumnKind;
  /** In the engine's own words. */
  readonly engineType: string;
}

export interface SqlAnswer<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly ColumnInfo[];
  /** Of the query and of making its rows. */
  readonly elapsedMs: number;
}

export type SqlValue = string | number | bigint | boolean | null;
/** For `$1`, `$2`... or `?` a list, for `$name` an object. */
export type SqlParameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;
export type SqlRow = Readonly<Record<string, unknown>>;

export interface QueryOptions {
  readonly signal?: AbortSignal;
}

export interface Engine {
  /** With its version. */
  readonly name: string;
  /**
   * Makes a table, in place of an earlier one of that name. Throws InputError when a file is
   * missing or is not what its name says, or when rows do not fit their columns.
   */
  register(table: string, source: TableSource, options?: TableOptions): Promise<void>;
  /**
   * The rows of an answer. `Row` is the caller's word for what they hold. Texts, truths and
   * numbers are JavaScript's, a NULL is null; dates are "2026-01-15" and timestamps
   * "2026-01-15T10:00:00.000", with more digits where there are any, and a Z where they have a
   * zone; lists are arrays, structs are objects, bytes a Uint8Array.
   * Throws InputError with the line and column for SQL that cannot be, and for a value that a
   * number cannot hold exactly.
   */
  sql<Row extends object = SqlRow>(
    query: string,
    parameters?: SqlParameters,
    options?: QueryOptions,
  ): Promise<SqlAnswer<Row>>;
  /** How the engine would run the query, as a text. */
  explain(query: string, parameters?: SqlParameters): Promise<string>;
  /** Frees what the engine holds; after it, every call throws InputError. */
  close(): Promise<void>;
}

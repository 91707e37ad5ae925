/** Copies rows of JavaScript into a table of DuckDB, chunk by chunk. */
import type { DuckDBConnection, DuckDBType, DuckDBValue } from "@duckdb/node-api";
import { InputError } from "../../basics";
import { sqlName } from "../../basics/sql-text";
import type { TableOptions } from "../engine";
import { engineTypeOf } from "./file-table";
import { RowShape } from "./row-shape";

type Row = Readonly<Record<string, unknown>>;
type DuckDb = typeof import("@duckdb/node-api");

const chunkRows = 2_048;
const maxInteger = 2n ** 63n;

/** Throws InputError when values of a column are of two kinds. The table must not exist yet. */
export async function createFromRows(
  connection: DuckDBConnection,
  table: string,
  { rows, columns = {} }: { rows: readonly object[] } & TableOptions,
): Promise<void> {
  const duck = await import("@duckdb/node-api");
  const shape = new RowShape("");
  rows.forEach((row, i) => shape.addFields(row as Row, i));
  const names = [...new Set([...Object.keys(columns), ...shape.fields.keys()])];
  if (names.length === 0) throw new InputError(`table "${table}": no row tells its columns`);
  const writers = names.map((name) => writer(duck, shape.fields.get(name) ?? new RowShape(name)));
  const declared = names.map((name, i) =>
    name in columns ? engineTypeOf(name, columns[name]) : String(writers[i].type),
  );
  // Declared kinds are cast by DuckDB, which knows its dates and says what is none.
  const staging = `${table} before casts`;
  await connection.run(`CREATE TEMP TABLE ${sqlName(staging)} (${list(names, writers)})`);
  const append = { names, writers, rows, duck };
  await appendRows(connection, staging, append);
  const casts = names.map((n, i) => `CAST(${sqlName(n)} AS ${declared[i]}) AS ${sqlName(n)}`);
  const source = `SELECT ${casts.join(", ")} FROM ${sqlName(staging)}`;
  await connection.run(`CREATE TABLE ${sqlName(table)} AS ${source}`);
}

function list(names: readonly string[], writers: readonly Writer[]): string {
  return names.map((name, i) => `${sqlName(name)} ${String(writers[i].type)}`).join(", ");
}

async function appendRows(
  connection: DuckDBConnection,
  table: string,
  {
    names,
    writers,
    rows,
    duck,
  }: { names: string[]; writers: Writer[]; rows: readonly object[]; duck: DuckDb },
): Promise<void> {
  const appender = await connection.createAppender(table);
  const types = writers.map(({ type }) => type);
  for (let from = 0; from < rows.length; from += chunkRows) {
    const part = rows.slice(from, from + chunkRows) as Row[];
    const chunk = duck.DuckDBDataChunk.create(types, part.length);
    names.forEach((name, i) => {
      const { write } = writers[i];
      chunk.setColumnValues(
        i,
        part.map((row) => write(row[name])),
      );
    });
    appender.appendDataChunk(chunk);
    appender.flushSync();
  }
  appender.closeSync();
}

interface Writer {
  readonly type: DuckDBType;
  readonly write: (value: unknown) => DuckDBValue;
}

function writer(duck: DuckDb, shape: RowShape): Writer {
  const orNull = (write: (value: unknown) => DuckDBValue) => (value: unknown) =>
    value === null || value === undefined ? null : write(value);
  const plain = (value: unknown): DuckDBValue => value as DuckDBValue;
  switch (shape.kind) {
    case "integer":
      return { type: duck.BIGINT, write: orNull(whole) };
    case "number":
      return { type: duck.DOUBLE, write: orNull(Number) };
    case "boolean":
      return { type: duck.BOOLEAN, write: orNull(plain) };
    case "list": {
      const element = writer(duck, shape.element ?? new RowShape(""));
      const write = (v: unknown): DuckDBValue =>
        duck.listValue((v as unknown[]).map(element.write));
      return { type: duck.LIST(element.type), write: orNull(write) };
    }
    case "struct":
      return struct(duck, shape, orNull);
    default:
      return { type: duck.VARCHAR, write: orNull(plain) };
  }
}

function struct(
  duck: DuckDb,
  shape: RowShape,
  orNull: (write: (value: unknown) => DuckDBValue) => (value: unknown) => DuckDBValue,
): Writer {
  const fields = [...shape.fields].map(([name, field]) => [name, writer(duck, field)] as const);
  if (fields.length === 0) return { type: duck.VARCHAR, write: orNull(() => "{}") };
  const type = duck.STRUCT(Object.fromEntries(fields.map(([name, field]) => [name, field.type])));
  const write = (value: unknown): DuckDBValue => {
    const row = value as Row;
    return duck.structValue(
      Object.fromEntries(fields.map(([name, field]) => [name, field.write(row[name])])),
    );
  };
  return { type, write: orNull(write) };
}

function whole(value: unknown): bigint {
  const big = BigInt(value as number | bigint);
  if (big < maxInteger && big >= -maxInteger) return big;
  throw new InputError(`${big} is beyond 64 bits: give it as a text`);
}

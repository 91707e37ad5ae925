/** The SQL that reads files as a table. */
import { existsSync, statSync } from "fs";
import { InputError } from "../../basics";
import { sqlName, sqlText } from "../../basics/sql-text";
import type { DeclaredColumn, DeclaredKind, TableOptions } from "../engine";

type Format = "csv" | "jsonl" | "parquet";
const formats: readonly Format[] = ["csv", "jsonl", "parquet"];

const engineTypes: Readonly<Record<DeclaredKind, string>> = {
  text: "VARCHAR",
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  date: "DATE",
  timestamp: "TIMESTAMP",
};

/** Throws InputError for a file that is not there, and for an ending that tells no format. */
export function readFiles(files: readonly string[], { columns }: TableOptions): string {
  if (files.length === 0) throw new InputError("a table needs a file at least");
  files.forEach(checkFile);
  const [format, ...others] = [...new Set(files.map(formatOf))];
  if (others.length > 0) {
    throw new InputError(`files of one table are of one format, not of ${format} and ${others[0]}`);
  }
  const list = `[${files.map(sqlText).join(", ")}]`;
  if (format === "parquet") return readParquet(list, columns);
  return format === "csv" ? readCsv(list, columns) : readJsonLines(list, columns);
}

/** The engine's type of a declared column. Throws InputError for a word that is no kind. */
export function engineTypeOf(name: string, column: DeclaredColumn): string {
  const kind = typeof column === "string" ? column : column.kind;
  const type = engineTypes[kind];
  if (type !== undefined) return type;
  const known = Object.keys(engineTypes).join(", ");
  throw new InputError(`column "${name}": the kind is one of ${known}, not ${String(kind)}`);
}

function checkFile(file: string): void {
  if (!existsSync(file)) throw new InputError(`${file}: there is no such file`);
  if (!statSync(file).isFile()) throw new InputError(`${file}: it is a folder: name its files`);
}

function formatOf(file: string): Format {
  const format = formats.find((known) => file.endsWith(`.${known}`));
  if (format !== undefined) return format;
  const known = formats.map((name) => `.${name}`).join(", ");
  throw new InputError(`${file}: the name of a table's file ends in one of ${known}`);
}

type Columns = TableOptions["columns"];

/** RFC 4180 with a header line. Nothing between commas is NULL, two quotes are an empty text. */
function readCsv(list: string, columns: Columns): string {
  const dialect =
    `header = true, delim = ',', quote = '"', escape = '"', nullstr = '', ` +
    `allow_quoted_nulls = false`;
  return `SELECT * FROM read_csv(${list}, ${dialect}${struct("types", columns)})`;
}

/** Columns that are not declared are read from a file's own first rows. */
function readJsonLines(list: string, columns: Columns): string {
  const source = `read_json(${list}, format = 'newline_delimited', maximum_depth = -1)`;
  return `SELECT ${casts(columns)} FROM ${source}`;
}

function readParquet(list: string, columns: Columns): string {
  return `SELECT ${casts(columns)} FROM read_parquet(${list})`;
}

function casts(columns: Columns): string {
  const all = Object.entries(columns ?? {}).map(([name, column]) => {
    return `CAST(${sqlName(name)} AS ${engineTypeOf(name, column)}) AS ${sqlName(name)}`;
  });
  return all.length === 0 ? "*" : `* REPLACE (${all.join(", ")})`;
}

function struct(option: string, columns: Columns): string {
  const all = Object.entries(columns ?? {}).map(([name, column]) => {
    return `${sqlText(name)}: '${engineTypeOf(name, column)}'`;
  });
  return all.length === 0 ? "" : `, ${option} = {${all.join(", ")}}`;
}

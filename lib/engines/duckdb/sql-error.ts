/** DuckDB's errors as one sentence that says where. */
import { InputError } from "../../basics";

/** What DuckDB tells with `errors_as_json`, the first words of older kinds cut off. */
interface Told {
  readonly exception_type?: string;
  readonly exception_message: string;
  /** Bytes before the place in the SQL. */
  readonly position?: string;
}

/** `prefixBytes`: what was put before the query, and counts in DuckDB's position. */
export function sqlError(error: unknown, query: string, prefixBytes = 0): InputError {
  const told = parse((error as Error).message);
  const bytes = Number(told.position ?? -1) - prefixBytes;
  const at = bytes < 0 ? "" : place(query, bytes);
  return new InputError(`SQL${at}: ${sentence(told.exception_message)}`);
}

/** For a file or rows that do not become a table. */
export function tableError(error: unknown, table: string, source: string): InputError {
  const { exception_message: message } = parse((error as Error).message);
  const line = /^CSV Error on Line: (\d+)/.exec(message);
  const fault = /^(?:Error when converting.*|Expected Number of Columns.*)$/m.exec(message);
  if (line === null) return new InputError(`table "${table}" from ${source}: ${sentence(message)}`);
  const what = fault === null ? sentence(message) : fault[0].replace(/^Error when /, "");
  return new InputError(`table "${table}" from ${source}, line ${line[1]}: ${what}`);
}

function parse(message: string): Told {
  const [json] = /\{.*\}/s.exec(message) ?? [];
  if (json === undefined)
    return { exception_message: message.replace(/^[A-Z][A-Za-z ]+ Error: /, "") };
  try {
    const told = JSON.parse(json) as Partial<Told>;
    return { exception_message: message, ...told };
  } catch {
    return { exception_message: message };
  }
}

/** The first line, and of the others what DuckDB proposes. */
function sentence(message: string): string {
  const csv = /^CSV Error on Line: (\d+)[^]*?^(Error when .*)$[^]*?^ {2}file = (.*)$/m.exec(
    message,
  );
  if (csv !== null) return `${csv[3]}, line ${csv[1]}: ${csv[2]}`;
  const [first = "", ...rest] = message.split("\n").filter((line) => line.trim() !== "");
  const hint = rest.find((line) => /^(Did you mean|Candidate bindings)/.test(line));
  return hint === undefined ? first.trim() : `${first.replace(/[.!]$/, "")} (${hint})`;
}

function place(query: string, bytes: number): string {
  const before = Buffer.from(query).subarray(0, bytes).toString();
  const lines = before.split("\n");
  return `, line ${lines.length}, column ${[...(lines.at(-1) ?? "")].length + 1}`;
}

/** The rows of an answer as objects, a chunk of 2,048 at a time. */
import type { DuckDBConnection, DuckDBResult, DuckDBValue } from "@duckdb/node-api";
import type { ColumnInfo, QueryOptions, SqlParameters } from "../engine";
import { converter, kindOf, orNull } from "./convert";
import type { WholeNumbers } from "./convert";

const interruptEveryMs = 20;

export interface ReadRows {
  readonly rows: Record<string, unknown>[];
  readonly columns: ColumnInfo[];
}

export interface ReadOptions extends QueryOptions {
  readonly parameters?: SqlParameters;
  readonly wholeNumbers: WholeNumbers;
}

/** Throws what DuckDB throws, InputError for values that a number cannot hold. */
export async function readRows(
  connection: DuckDBConnection,
  query: string,
  { parameters, signal, wholeNumbers }: ReadOptions,
): Promise<ReadRows> {
  signal?.throwIfAborted();
  const stopInterrupting = interruptOn(signal, connection);
  try {
    const given = parameters as DuckDBValue[] | Record<string, DuckDBValue> | undefined;
    const result = await connection.stream(query, given);
    const names = result.deduplicatedColumnNames();
    const rows = await makeRows(result, { names, wholeNumbers, signal });
    return { rows, columns: names.map((name, i) => columnInfo(result, name, i)) };
  } finally {
    stopInterrupting();
  }
}

/**
 * Breaks the connection's query off when the signal comes. DuckDB forgets an interrupt that comes
 * before a query runs, so it is repeated until the caller says that the query has ended.
 */
function interruptOn(signal: AbortSignal | undefined, connection: DuckDBConnection): () => void {
  let repeated: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    repeated = setInterval(() => connection.interrupt(), interruptEveryMs);
  };
  signal?.addEventListener("abort", interrupt, { once: true });
  return () => {
    clearInterval(repeated);
    signal?.removeEventListener("abort", interrupt);
  };
}

function columnInfo(result: DuckDBResult, name: string, index: number): ColumnInfo {
  const type = result.columnType(index);
  return { name, kind: kindOf(type), engineType: String(type) };
}

async function makeRows(
  result: DuckDBResult,
  { names, wholeNumbers, signal }: { names: string[]; wholeNumbers: WholeNumbers } & QueryOptions,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  const converters = names.map((name, i) =>
    orNull(converter(result.columnType(i), name, wholeNumbers)),
  );
  for (;;) {
    const chunk = await result.fetchChunk();
    signal?.throwIfAborted();
    if (chunk === null || chunk.rowCount === 0) return rows;
    const columns = chunk.getColumns();
    for (let row = 0; row < chunk.rowCount; row++) {
      const object: Record<string, unknown> = {};
      for (let i = 0; i < names.length; i++) object[names[i]] = converters[i](columns[i][row]);
      rows.push(object);
    }
  }
}

/** Rows of a Parquet file, a batch at a time, read by DuckDB, which is loaded only here. */
import { InputError } from "../../../basics";
import type { ParquetPart } from "../steps";
import type { Push } from "./part";

/** How many rows each file has. Throws InputError for a file that is not Parquet. */
export async function parquetRows(files: readonly string[]): Promise<number[]> {
  return withDuck(async (connection) => {
    const counts: number[] = [];
    for (const file of files) {
      const query = `select sum(num_rows)::integer from parquet_file_metadata(${quoted(file, "'")})`;
      const reader = await connection.runAndReadAll(query).catch((error: Error) => {
        const [why] = error.message.split("\n");
        throw new InputError(`${file} cannot be read as Parquet: ${why}`);
      });
      counts.push(Number(reader.getRows()[0]?.[0] ?? 0));
    }
    return counts;
  });
}

/** Throws InputError for a file that is not Parquet. */
export async function describeParquet(
  file: string,
): Promise<{ readonly rows: number; readonly columns: readonly string[] }> {
  const [rows] = await parquetRows([file]);
  const columns = await withDuck(async (connection) => {
    const query = `select * from read_parquet(${quoted(file, "'")}) limit 0`;
    return (await connection.runAndReadAll(query)).columnNames();
  });
  return { rows: rows as number, columns };
}

/** Whole numbers beyond 2^53 stay bigint; dates and the like are texts. */
export async function readParquet(part: ParquetPart, push: Push): Promise<void> {
  await streamParquet(part, (values, names) => {
    return push(
      values.map((row) => {
        return Object.fromEntries(row.map((value, i) => [names[i] as string, plain(value)]));
      }),
    );
  });
}

/** The values as DuckDB has them, in the order of the columns; `take` tells if it wants more. */
export async function streamParquet(
  part: ParquetPart,
  take: (rows: readonly (readonly unknown[])[], names: readonly string[]) => boolean,
): Promise<void> {
  const { file, from, to, columns } = part;
  const names = columns?.map((name) => quoted(name, '"')).join(", ") ?? "* exclude file_row_number";
  const query = `select ${names} from read_parquet(${quoted(file, "'")}, file_row_number = true)
    where file_row_number >= ${from} and file_row_number < ${to}`;
  await withDuck(async (connection) => {
    const result = await connection.stream(query);
    const names = result.deduplicatedColumnNames();
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      if (!take(chunk.getRows(), names)) return;
    }
  });
}

/** As a row has it: numbers, texts, booleans, null. */
export function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    return BigInt.asIntN(54, value) === value ? Number(value) : value;
  }
  return typeof value === "object" && value !== null ? String(value) : value;
}

type Connection = Awaited<ReturnType<Awaited<ReturnType<typeof openDuck>>["connect"]>>;

async function openDuck() {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  return DuckDBInstance.create(":memory:", { threads: "1" });
}

async function withDuck<T>(run: (connection: Connection) => Promise<T>): Promise<T> {
  const instance = await openDuck();
  const connection = await instance.connect();
  try {
    return await run(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function quoted(text: string, quote: string): string {
  return quote + text.split(quote).join(quote + quote) + quote;
}

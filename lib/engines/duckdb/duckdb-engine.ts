/**
 * DuckDB inside this process as an Engine: a vectorised engine of one machine, on all its cores.
 *
 * Source: M. Raasveldt and H. Mühleisen, "DuckDB: an Embeddable Analytical Database", SIGMOD 2019.
 * Cost: a table of files costs nothing until a query reads them, each query all of them again;
 * `isLoaded` keeps them. Rows of an answer are objects, about a microsecond each.
 */
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { InputError, wholeInRange } from "../../basics";
import { sqlName } from "../../basics/sql-text";
import type {
  Engine,
  QueryOptions,
  SqlAnswer,
  SqlParameters,
  SqlRow,
  TableOptions,
  TableSource,
} from "../engine";
import type { WholeNumbers } from "./convert";
import { readFiles } from "./file-table";
import { readRows } from "./read-rows";
import type { ReadRows } from "./read-rows";
import { createFromRows } from "./rows-table";
import { sqlError, tableError } from "./sql-error";

export interface DuckDbOptions {
  /** Default: one a core. */
  readonly threads?: number;
  /** What tables and queries may hold; beyond it queries spill to disk. Default 512 MiB. */
  readonly memoryBytes?: number;
  /** Default "number", which throws for one beyond 2^53; "bigint" gives every wide integer so. */
  readonly wholeNumbers?: WholeNumbers;
}

const mebibyte = 2 ** 20;

/** Starts the engine. Throws RangeError for options out of range. */
export async function duckDb(options: DuckDbOptions = {}): Promise<Engine> {
  const { threads, memoryBytes = 512 * mebibyte, wholeNumbers = "number" } = options;
  wholeInRange("memoryBytes", memoryBytes, { min: 16 * mebibyte, max: 2 ** 40 });
  if (threads !== undefined) wholeInRange("threads", threads, { min: 1, max: 256 });
  if (wholeNumbers !== "number" && wholeNumbers !== "bigint") {
    throw new RangeError(`wholeNumbers is "number" or "bigint", not ${String(wholeNumbers)}`);
  }
  const { DuckDBInstance, version } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${Math.floor(memoryBytes / mebibyte)}MiB`,
    ...(threads === undefined ? {} : { threads: String(threads) }),
    autoinstall_known_extensions: "false", // which would come over the network
  });
  return new DuckDbEngine(instance, wholeNumbers, `DuckDB ${version()}`);
}

class DuckDbEngine implements Engine {
  private readonly kinds = new Map<string, "TABLE" | "VIEW">();
  private isClosed = false;

  constructor(
    private readonly instance: DuckDBInstance,
    private readonly wholeNumbers: WholeNumbers,
    readonly name: string,
  ) {}

  async register(table: string, source: TableSource, options: TableOptions = {}): Promise<void> {
    const files = filesOf(source);
    const told = files?.join(", ") ?? "rows";
    await this.connected(async (connection) => {
      try {
        const replace = { table, kind: files && !options.isLoaded ? "VIEW" : "TABLE" } as const;
        await this.replace(connection, replace, async () => {
          if (files === undefined) {
            await createFromRows(connection, table, { rows: source as object[], ...options });
          } else {
            const sql = `CREATE ${replace.kind} ${sqlName(table)} AS ${readFiles(files, options)}`;
            await connection.run(sql);
          }
        });
      } catch (error) {
        if (error instanceof InputError) throw error;
        throw tableError(error, table, told);
      }
    });
  }

  /** All or nothing: an earlier table of that name stays when the new one cannot be made. */
  private async replace(
    connection: DuckDBConnection,
    { table, kind }: { readonly table: string; readonly kind: "TABLE" | "VIEW" },
    create: () => Promise<void>,
  ): Promise<void> {
    await connection.run("BEGIN");
    try {
      const earlier = this.kinds.get(table);
      if (earlier !== undefined) await connection.run(`DROP ${earlier} ${sqlName(table)}`);
      await create();
      await connection.run("COMMIT");
    } catch (error) {
      await connection.run("ROLLBACK");
      throw error;
    }
    this.kinds.set(table, kind);
  }

  async sql<Row extends object = SqlRow>(
    query: string,
    parameters?: SqlParameters,
    options: QueryOptions = {},
  ): Promise<SqlAnswer<Row>> {
    const startMs = performance.now();
    const { rows, columns } = await this.read(query, parameters, options);
    return { rows: rows as Row[], columns, elapsedMs: performance.now() - startMs };
  }

  async explain(query: string, parameters?: SqlParameters): Promise<string> {
    const { rows } = await this.read(query, parameters, {}, "EXPLAIN ");
    return String(rows[0]["explain_value"]);
  }

  private read(
    query: string,
    parameters: SqlParameters | undefined,
    { signal }: QueryOptions,
    prefix = "",
  ): Promise<ReadRows> {
    return this.connected(async (connection) => {
      await checkStatement(connection, query);
      try {
        const { wholeNumbers } = this;
        return await readRows(connection, prefix + query, { parameters, signal, wholeNumbers });
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof InputError) throw error;
        throw sqlError(error, query, prefix.length);
      }
    });
  }

  /** With a connection of its own, so that calls may overlap and one can be broken off. */
  private async connected<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    if (this.isClosed) throw new InputError(`${this.name} is closed: start another with duckDb()`);
    const connection = await this.instance.connect();
    try {
      await connection.run("SET errors_as_json = true");
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    if (!this.isClosed) this.instance.closeSync();
    this.isClosed = true;
  }
}

function filesOf(source: TableSource): readonly string[] | undefined {
  if (typeof source === "string") return [source];
  return source.length > 0 && typeof source[0] === "string" ? (source as string[]) : undefined;
}

/** DuckDB would run several, and has no error of its own for none. */
async function checkStatement(connection: DuckDBConnection, query: string): Promise<void> {
  try {
    const { count } = await connection.extractStatements(query);
    if (count === 1) return;
    throw new InputError(`SQL: one statement a call, not ${count}`);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const isEmpty = (error as Error).message === "Error in native callback";
    throw isEmpty ? new InputError("SQL: there is no statement") : sqlError(error, query);
  }
}

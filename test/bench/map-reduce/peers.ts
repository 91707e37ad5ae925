/** The same work by others: DuckDB, and an ordinary loop over readline. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection, DuckDBResultReader } from "@duckdb/node-api";
import { irctcHeader } from "dabbawala/generators";

export async function openDuck(threads: number): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { threads: String(threads) });
  return instance.connect();
}

/**
 * With the schema told, so that DuckDB neither guesses types nor looks for quotes. The answer is in
 * memory then, as columns, and in no order.
 */
export async function duckGroupBy(
  duck: DuckDBConnection,
  file: string,
  key: string,
): Promise<DuckDBResultReader> {
  const types = irctcHeader
    .map((name) => `'${name}': '${name === "response_ms" ? "INTEGER" : "VARCHAR"}'`)
    .join(", ");
  return duck.runAndReadAll(
    `select "${key}", count(*), sum(response_ms), max(response_ms) from read_csv('${file}',
       header = true, auto_detect = false, delim = ',', quote = '', escape = '',
       parallel = true, columns = {${types}}) group by 1`,
  );
}

interface Totals {
  requests: number;
  total: number;
  most: number;
}

/** What one would write first: a line, its fields, a Map. */
export function readlineByTrain(file: string): Promise<Map<string, Totals>> {
  const totals = new Map<string, Totals>();
  let isHeader = true;
  return eachLine(file, (line) => {
    if (isHeader) return void (isHeader = false);
    const fields = line.split(",");
    const [train, ms] = [fields[4], Number(fields[11])];
    const found = totals.get(train);
    if (found === undefined) totals.set(train, { requests: 1, total: ms, most: ms });
    else {
      found.requests++;
      found.total += ms;
      if (ms > found.most) found.most = ms;
    }
  }).then(() => totals);
}

export function countWords(file: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  return eachLine(file, (line) => {
    for (const word of line.split(" ")) {
      if (word !== "") counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }).then(() => counts);
}

/** By the "line" event, which is faster than `for await`. */
function eachLine(file: string, listen: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const input = createReadStream(file, { highWaterMark: 2 ** 20 });
    input.on("error", reject);
    createInterface({ input, crlfDelay: Infinity }).on("line", listen).on("close", resolve);
  });
}

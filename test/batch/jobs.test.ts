import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mapReduce, readyJobs } from "dabbawala/batch";
import { writeDataSet } from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-jobs-"));
const log = join(folder, "log.csv");
beforeAll(() => writeDataSet("irctc", { rows: 60_000, seed: 12 }, { format: "csv", out: log }));
afterAll(() => rmSync(folder, { recursive: true }));

const count = (key: string, where = "true"): string =>
  `select ${key}, count(*)::int from log where ${where} group by 1`;

/** What DuckDB is asked: the key as text, then the value. */
const queries: Record<string, string> = {
  "word-count": `select word, count(*)::int from (select unnest(string_split(line, ' ')) as word
    from read_csv('${log}', header = false, delim = '\\x01', columns = {'line': 'varchar'}))
    where word <> '' group by 1`,
  "traffic-by-hour": count(`substr("time", 12, 2)`),
  "traffic-by-route": count(`"from" || '-' || "to"`, `"from" is not null`),
  "traffic-by-train": count("train", "train is not null"),
  "traffic-by-class": count("class", "class is not null"),
  "traffic-by-status": count("status"),
  "tatkal-surge": count(`substr("time", 12, 5)`, `quota = 'TQ'`),
  "response-times": `select substr("time", 12, 2), count(*)::int,
    quantile_disc(response_ms::int, 0.5), quantile_disc(response_ms::int, 0.95),
    quantile_disc(response_ms::int, 0.99), max(response_ms::int) from log group by 1`,
};

describe("ready jobs", () => {
  it("have a query each", () => {
    expect(Object.keys(queries).sort()).toEqual(Object.keys(readyJobs).sort());
  });

  it.each(Object.keys(readyJobs))("%s gives DuckDB's answer", async (name) => {
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run(
      `create table log as select * from read_csv('${log}', all_varchar = true)`,
    );
    const answer = await connection.runAndReadAll(queries[name]!);
    const expected = answer.getRows().map(([key, ...values]) => ({
      key: String(key),
      value: values.length === 1 ? values[0] : values,
    }));
    const { rows } = await mapReduce(readyJobs[name]!, [log], { workers: 2, splitBytes: 2 ** 20 });
    expect(rows).toEqual(expected.sort((a, b) => (a.key < b.key ? -1 : 1)));
  });
});

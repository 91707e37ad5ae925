import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mapReduce, readyJobs } from "dabbawala/batch";
import { writeDataSet } from "dabbawala/generators";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-jobs-"));
const log = join(folder, "log.csv");
const other = join(folder, "other.txt");
beforeAll(() => writeDataSet("irctc", { rows: 20_000, seed: 12 }, { format: "csv", out: log }));
beforeAll(() => writeFileSync(other, "Book a seat, book it now\n\nसीट बुक SEARCH\n"));
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
  "top-users": `select "user", {'requests': count(*)::int} from log group by 1
    order by count(*) desc, 1 limit 10`,
  sessions: `with steps as (select "user", epoch_ms("time"::timestamp) as ms,
      ms - lag(ms) over (partition by "user" order by ms) as gap from log),
    numbered as (select *, count(*) filter (gap is null or gap > 1800000)
      over (partition by "user" order by ms) as session from steps),
    spans as (select "user", session, count(*) as requests, max(ms) - min(ms) as span
      from numbered group by all)
    select "user", {'requests': sum(requests)::int, 'sessions': count(*)::int,
      'longestMs': max(span)::int} from spans group by 1`,
  "inverted-index": `select lower(word), list_sort(list(distinct filename)) from (
      select filename, unnest(regexp_extract_all(line, '[\\p{L}\\p{N}]+')) as word
      from read_csv(['${log}', '${other}'], header = false, delim = '\x01', filename = true,
        columns = {'line': 'varchar'})) group by 1`,
  "log-patterns": `select action || ' ' || status || ' ' || device, count(*)::int from log group by 1`,
};

/** Small texts too, where a job needs several files. */
const inputs: Record<string, string[]> = { "inverted-index": [log, other] };
/** Jobs whose rows come in an order other than that of their keys. */
const ranked = ["top-users"];

describe("ready jobs", () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run(
      `create table log as select * from read_csv('${log}', all_varchar = true)`,
    );
  });

  it("have a query each", () => {
    expect(Object.keys(queries).sort()).toEqual(Object.keys(readyJobs).sort());
  });

  it.each(Object.keys(readyJobs))("%s gives DuckDB's answer", async (name) => {
    const answer = await connection.runAndReadAll(queries[name]!);
    const expected = answer.getRowsJson().map(([key, ...values]) => ({
      key: String(key),
      value: values.length === 1 ? values[0] : values.map(Number),
    }));
    if (!ranked.includes(name)) expected.sort((a, b) => (a.key < b.key ? -1 : 1));
    const options = { workers: 2, splitBytes: 350_000 };
    const { rows } = await mapReduce(readyJobs[name]!, inputs[name] ?? [log], options);
    expect(rows.length).toBeGreaterThan(3);
    expect(rows).toEqual(expected);
  });
});

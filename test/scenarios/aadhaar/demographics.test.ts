import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { writeDataSet } from "dabbawala/generators";
import { demographics, demographicTables } from "dabbawala/scenarios/aadhaar";
import type { DemographicRow, Demographics } from "dabbawala/scenarios/aadhaar";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-demographics-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "forms.csv");
const rows = 20_000;
let made: Demographics;

beforeAll(async () => {
  const spec = { rows, seed: 9, faults: 0.1 };
  await writeDataSet("aadhaar-forms", spec, { format: "csv", out: file, workers: 1 });
  made = await demographics(file);
});

/** Groups and people by DuckDB, in no order. */
async function ask(group: string): Promise<Map<string, number>> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const reader = await connection.runAndReadAll(
    `select ${group} as g, count(*)::int from read_csv('${file}', all_varchar = true) group by g`,
  );
  return new Map(reader.getRows() as [string, number][]);
}

const asMap = (list: readonly DemographicRow[] = []): Map<string, number> =>
  new Map(list.map(({ group, people }) => [group, people]));

describe("demographics", () => {
  it.each([
    ["state", "coalesce(state, 'unknown')"],
    ["gender", "coalesce(gender, 'unknown')"],
    ["language", "coalesce(language, 'unknown')"],
    ["pinArea", "coalesce(left(pin, 3), 'unknown')"],
  ] as const)("by %s are those of DuckDB", async (table, group) => {
    expect(asMap(made.tables[table])).toEqual(await ask(group));
  });

  it("by age are those of DuckDB's calendar", async () => {
    const born = "try_cast(birth_date as date)";
    const years = `(date_diff('year', ${born}, date '2011-03-01')
      - (strftime(${born}, '%m%d') > '0301')::int)`;
    const band = `case when ${born} is null or ${years} < 0 or ${years} > 125 then 'unknown'
      when ${years} >= 80 then '80+'
      else (${years} // 10 * 10)::varchar || '-' || (${years} // 10 * 10 + 9)::varchar end`;
    expect(asMap(made.tables.age)).toEqual(await ask(band));
    expect(made.tables.age?.map(({ group }) => group).slice(0, 2)).toEqual(["0-9", "10-19"]);
  });

  it("count everybody once, most people first", () => {
    expect(made.records).toBe(rows);
    for (const table of demographicTables) {
      const list = made.tables[table] ?? [];
      expect(list.reduce((sum, { people }) => sum + people, 0)).toBe(rows);
      expect(list.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    }
    const people = made.tables.state?.map((row) => row.people) ?? [];
    expect(people).toEqual([...people].sort((a, b) => b - a));
  });

  it("make only the tables that are asked for, tell progress, and refuse nonsense", async () => {
    const told: number[] = [];
    const one = await demographics([file], {
      ...{ tables: ["age"], ageOn: "2026-01-01", bandYears: 25, workers: 1 },
      onProgress: (done) => told.push(done),
    });
    expect(Object.keys(one.tables)).toEqual(["age"]);
    expect(one.tables.age?.map(({ group }) => group)).toContain("25-49");
    expect(told).toEqual([0, 1]);
    await expect(demographics(file, { ageOn: "yesterday" })).rejects.toThrow('not "yesterday"');
    await expect(demographics(file, { bandYears: 0 })).rejects.toThrow("bandYears must be from 1");
  });
});

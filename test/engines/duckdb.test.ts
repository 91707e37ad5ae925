import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { count, groupBy, mapReduce, max } from "dabbawala/batch";
import { duckDb } from "dabbawala/engines";
import type { Engine } from "dabbawala/engines";

const folder = mkdtempSync(join(tmpdir(), "engine-"));
const log = join(__dirname, "..", "..", "data", "samples", "irctc.csv");
let engine: Engine;

beforeAll(async () => {
  engine = await duckDb({ threads: 1 });
});
afterAll(() => engine.close());

/** A file in the test's folder. */
function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function only(expression: string, from: Engine = engine): Promise<unknown> {
  const { rows } = await from.sql<{ x: unknown }>(`select ${expression} as x`);
  return rows[0]?.x;
}

describe("values of an answer", () => {
  it.each([
    ["null", null],
    ["true", true],
    ["'a''b'", "a'b"],
    ["1::utinyint", 1],
    ["9007199254740991", 9007199254740991],
    ["(select sum(y) from (select 3::bigint as y))", 3],
    ["1e300::double", 1e300],
    ["'nan'::double", NaN],
    ["1.250", 1.25],
    ["-0.1", -0.1],
    ["123456789012.345", 123456789012.345],
    ["100000000000000000000.00::decimal(38, 2)", 1e20],
    ["date '2026-01-15'", "2026-01-15"],
    ["date '0044-03-15 (BC)'", "0044-03-15 (BC)"],
    ["date 'infinity'", "infinity"],
    ["timestamp '-infinity'", "-infinity"],
    ["timestamp_s '2026-01-15 10:00:00'", "2026-01-15T10:00:00.000"],
    ["timestamp_ns '2026-01-15 10:00:00.123456789'", "2026-01-15T10:00:00.123456789"],
    ["timestamp '2026-01-15 10:00:00'", "2026-01-15T10:00:00.000"],
    ["timestamp '2026-01-15 10:00:00.25'", "2026-01-15T10:00:00.250"],
    ["timestamp '2026-01-15 10:00:00.123456'", "2026-01-15T10:00:00.123456"],
    ["timestamptz '2026-01-15 10:00:00+05:30'", "2026-01-15T04:30:00.000Z"],
    ["time '10:20:30'", "10:20:30"],
    ["'UP'::enum('UP', 'MH')", "UP"],
    ["[1::bigint, null]", [1, null]],
    ["[date '2026-01-15']", ["2026-01-15"]],
    ["{'n': 2::hugeint, 'at': date '2026-01-15'}", { n: 2, at: "2026-01-15" }],
    ["map {'a': 1::bigint}", [["a", 1]]],
    ["array_value(1, 2)", [1, 2]],
    ["'\\x00\\xFF'::blob", Uint8Array.of(0, 255)],
  ])("%s is %j", async (expression, value) => {
    expect(await only(expression)).toEqual(value);
  });

  it("that a number cannot hold exactly are told, or are bigints where asked for", async () => {
    await expect(only("9007199254740993")).rejects.toThrow(
      'column "x" holds 9007199254740993, beyond what a number holds exactly: ask for',
    );
    await expect(only("1.2345678901234567")).rejects.toThrow("of more digits than a number holds");
    const exact = await duckDb({ wholeNumbers: "bigint" });
    expect(await only("9007199254740993", exact)).toBe(9007199254740993n);
    expect(await only("1::integer", exact)).toBe(1);
    await exact.close();
  });

  it("come with their columns, two of one name kept apart", async () => {
    const { rows, columns } = await engine.sql("select 1.5 as a, 2::bigint as a, [1] as b");
    expect(rows).toEqual([{ a: 1.5, "a:1": 2, b: [1] }]);
    expect(columns).toEqual([
      { name: "a", kind: "number", engineType: "DECIMAL(2,1)" },
      { name: "a:1", kind: "integer", engineType: "BIGINT" },
      { name: "b", kind: "list", engineType: "INTEGER[]" },
    ]);
  });
});

describe("tables of files", () => {
  it("CSV: declared kinds; nothing is NULL and two quotes are a text", async () => {
    const file = write("pins.csv", 'pin,day,note\n012345,2026-01-15,""\n560001,,"a,""b"\n');
    await engine.register("pins", file, { columns: { pin: "text", day: { kind: "date" } } });
    const { rows, columns } = await engine.sql("select * from pins");
    expect(rows).toEqual([
      { pin: "012345", day: "2026-01-15", note: "" },
      { pin: "560001", day: null, note: 'a,"b' },
    ]);
    expect(columns.map(({ kind }) => kind)).toEqual(["text", "date", "text"]);
  });

  it("JSON lines with structs, and several files in one table", async () => {
    const a = write("a.jsonl", '{"k":"x","v":{"n":1,"tags":["p"]}}\n');
    const b = write("b.jsonl", '{"k":"y","v":{"n":2,"tags":[]}}\n');
    await engine.register("pairs", [a, b], { isLoaded: true });
    const { rows } = await engine.sql("select k, v, v.n * 2 as m from pairs order by k");
    expect(rows).toEqual([
      { k: "x", v: { n: 1, tags: ["p"] }, m: 2 },
      { k: "y", v: { n: 2, tags: [] }, m: 4 },
    ]);
  });

  it.each([
    ["csv", "class, n, worst"],
    ["jsonl", "key as class, value.n as n, value.worst as worst"],
    ["parquet", "class, n, worst"],
  ])("what MapReduce wrote as %s", async (end, columns) => {
    const out = join(folder, `it's classes.${end}`);
    const where = { action: "book" };
    const job = groupBy({
      key: "class",
      where,
      aggregates: { n: count(), worst: max("response_ms") },
    });
    await mapReduce(job, [log], { out, workers: 1 });
    await engine.register("classes", out);
    await engine.register("log", log, { columns: { class: "text", response_ms: "integer" } });
    const wrote = await engine.sql(`select ${columns} from classes order by class`);
    const counted = await engine.sql(`select class, count(*) as n, max(response_ms) as worst
      from log where action = 'book' group by class order by class`);
    expect(counted.rows.length).toBe(6);
    expect(wrote.rows).toEqual(counted.rows);
  });

  it("in place of an earlier table, which stays when the new one cannot be", async () => {
    await engine.register("t", [{ a: 1 }]);
    const bad = write("bad.csv", "a,b\n1,2\n3,x\n");
    const declared = { columns: { a: "integer", b: "integer" }, isLoaded: true } as const;
    await expect(engine.register("t", bad, declared)).rejects.toThrow(
      `table "t" from ${bad}, line 3: converting column "b". Could not convert string "x"`,
    );
    expect((await engine.sql("from t")).rows).toEqual([{ a: 1 }]);
    await engine.register("t", write("good.csv", "b\n7\n"));
    expect((await engine.sql("from t")).rows).toEqual([{ b: 7 }]);
    await engine.register("t", [{ c: true }]);
    expect((await engine.sql("from t")).rows).toEqual([{ c: true }]);
  });

  it("that cannot be are told in a sentence", async () => {
    const csv = write("x.csv", "a\n1\n");
    await expect(engine.register("no", "/none.csv")).rejects.toThrow("/none.csv: there is no such");
    await expect(engine.register("no", folder)).rejects.toThrow("it is a folder: name its files");
    await expect(engine.register("no", write("x.txt", ""))).rejects.toThrow(
      "ends in one of .csv, .jsonl, .parquet",
    );
    await expect(engine.register("no", [csv, write("x.jsonl", "{}")])).rejects.toThrow(
      "of one format, not of csv and jsonl",
    );
    await expect(engine.register("no", write("x.parquet", "text"))).rejects.toThrow(
      `table "no" from ${join(folder, "x.parquet")}: `,
    );
    const kind = { columns: { a: "int" as "integer" } };
    await expect(engine.register("no", csv, kind)).rejects.toThrow(
      'column "a": the kind is one of text, integer, number, boolean, date, timestamp, not int',
    );
  });
});

describe("tables of rows", () => {
  it("take kinds from the values, or as declared", async () => {
    const rows = [
      { name: "Asha", n: 1, share: 1, ok: true, born: "1990-02-01", tags: ["a", null], at: null },
      { name: null, n: -2, share: 0.5, ok: null, born: null, tags: null, at: { x: 1.5 } },
    ];
    await engine.register("people", rows, { columns: { born: "date" } });
    const { rows: back, columns } = await engine.sql("from people order by n desc");
    expect(back).toEqual(rows);
    expect(Object.fromEntries(columns.map(({ name, kind }) => [name, kind]))).toEqual({
      ...{ name: "text", n: "integer", share: "number", ok: "boolean", born: "date" },
      ...{ tags: "list", at: "struct" },
    });
  });

  it("come back as they were, whatever they are", async () => {
    const row = fc.record({
      text: fc.option(fc.string({ unit: "grapheme" })),
      whole: fc.option(fc.maxSafeInteger()),
      number: fc.option(fc.double({ noNaN: true })),
      truth: fc.option(fc.boolean()),
      list: fc.array(fc.integer(), { minLength: 1 }),
    });
    const columns = { text: "text", whole: "integer", number: "number", truth: "boolean" } as const;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const numbered = rows.map((r, i) => ({ i, ...r }));
        await engine.register("values of all kinds", numbered, { columns });
        const { rows: back } = await engine.sql('from "values of all kinds" order by i');
        expect(back).toEqual(numbered);
      }),
      { numRuns: 60 },
    );
  });

  it("of more than a chunk", async () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => ({ i, text: `row ${i}` }));
    await engine.register("many", rows);
    expect((await engine.sql("from many order by i")).rows).toEqual(rows);
  });

  it("that do not fit are told with row and column", async () => {
    const register = (rows: object[], options = {}) => engine.register("odd", rows, options);
    await expect(register([{ a: 1 }, { a: "x" }])).rejects.toThrow(
      'row 1, column "a": "x" is text, not integer as before it',
    );
    await expect(register([{ a: { b: [1, true] } }])).rejects.toThrow('row 0, column "a.b[]"');
    await expect(register([{ a: new Date(0) }])).rejects.toThrow("is no text, number or truth");
    await expect(register([])).rejects.toThrow('table "odd": no row tells its columns');
    await expect(register([{ a: 2n ** 63n }])).rejects.toThrow("is beyond 64 bits");
    await expect(register([{ d: "1990-02-30" }], { columns: { d: "date" } })).rejects.toThrow(
      'table "odd" from rows: date field value out of range: "1990-02-30"',
    );
    await register([], { columns: { a: "integer" } });
    expect((await engine.sql("from odd")).rows).toEqual([]);
  });
});

describe("queries", () => {
  it("take parameters by place and by name", async () => {
    const { rows } = await engine.sql("select $1 + 1 as a, $2 as b, $3 as c", [1, "x'y", null]);
    expect(rows).toEqual([{ a: 2, b: "x'y", c: null }]);
    const named = await engine.sql<{ a: string }>("select $who as a", { who: "Asha" });
    expect(named.rows[0]?.a).toBe("Asha");
  });

  it.each([
    ["selec 1", 'SQL, line 1, column 1: syntax error at or near "selec"'],
    ["select 1,\n  from", "SQL, line 2, column 7: syntax error at end of input"],
    [
      "select 'é', *\nfrom nowhere",
      "SQL, line 2, column 6: Table with name nowhere does not exist",
    ],
    ["select 'é', b from (select 1 as a)", 'column 13: Referenced column "b" not found in FROM'],
    ["select x from (select 1 as y)", '(Candidate bindings: "y")'],
    ["select 'a'::integer", "column 11: Could not convert string 'a' to INT32"],
    ["", "SQL: there is no statement"],
    ["-- a remark", "SQL: there is no statement"],
    ["select 1; select 2", "SQL: one statement a call, not 2"],
    [
      "select $1",
      "SQL: Values were not provided for the following prepared statement parameters: 1",
    ],
    ["from '/none/x.csv'", 'No files found that match the pattern "/none/x.csv"'],
  ])("%j is refused in a sentence", async (query, sentence) => {
    const error: unknown = await engine.sql(query).catch((thrown: unknown) => thrown);
    expect((error as Error).name).toBe("InputError");
    expect((error as Error).message).toContain(sentence);
    expect((error as Error).message).not.toContain("\n");
  });

  it("tell their plan, and where it cannot be", async () => {
    expect(await engine.explain("select count(*) from range(10) where $1", [true])).toContain(
      "RANGE",
    );
    await expect(engine.explain("select nothing")).rejects.toThrow("line 1, column 8");
  });

  it("are broken off while they are looked at, before they run", async () => {
    for (let turns = 0; turns < 20; turns++) {
      const abort = new AbortController();
      const answer = engine.sql("select sum(range) from range(1e10::bigint)", [], {
        signal: abort.signal,
      });
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      abort.abort();
      await expect(answer).rejects.toThrow("abort");
    }
  });

  it("are broken off by a signal at any moment, also before they run", async () => {
    for (const afterMs of [0, 0, 1, 2, 5, 10, 20]) {
      const abort = new AbortController();
      const endless =
        "select count(*) from range(1000000) a, range(1000000) b where a.range % 7 = 1";
      const answer = engine.sql(endless, [], { signal: abort.signal });
      if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
      else await Promise.resolve();
      abort.abort();
      await expect(answer).rejects.toThrow("abort");
    }
  });

  it("overlap, and are broken off by a signal", async () => {
    const abort = new AbortController();
    const long = engine.sql(
      "select count(*) from range(1000000) a, range(1000000) b where a.range % 7 = b.range % 5",
      [],
      {
        signal: abort.signal,
      },
    );
    const short = await engine.sql("select 1 as a");
    expect(short.rows).toEqual([{ a: 1 }]);
    const startMs = performance.now();
    abort.abort();
    await expect(long).rejects.toThrow("abort");
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });
});

describe("the engine", () => {
  it("has a name, refuses options out of range, and is done when it is closed", async () => {
    await expect(duckDb({ threads: 0 })).rejects.toThrow(RangeError);
    await expect(duckDb({ memoryBytes: 1 })).rejects.toThrow(RangeError);
    const other = await duckDb();
    expect(other.name).toMatch(/^DuckDB v?\d/);
    await other.close();
    await other.close();
    await expect(other.sql("select 1")).rejects.toThrow("is closed: start another");
  });
});

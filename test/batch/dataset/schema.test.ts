import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, expectTypeOf, it } from "vitest";
import { column, DatasetSession, defineSchema, readRows, validateRows } from "dabbawala/batch";
import type { Dataset, RowOf } from "dabbawala/batch";
import { readSplit } from "dabbawala/dist/batch/dataset/schema/read-rows";
import { BadRowCounter } from "dabbawala/dist/batch/dataset/schema/bad-rows";
import { RowSink } from "dabbawala/dist/batch/dataset/schema/row-sink";

const folder = mkdtempSync(join(tmpdir(), "schema-"));
const samples = join(__dirname, "..", "..", "..", "data", "samples");

function write(name: string, text: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const events = defineSchema({
  aadhaar: column.text({ pattern: /^\d{12}$/ }),
  modality: column.oneOf(["fingerprint", "iris", "otp"]),
  score: column.optional(column.integer({ min: 0, max: 100 })),
  distance: column.optional(column.number({ min: 0, max: 1 })),
  isMatch: column.boolean({ truths: ["y", "n"] }),
  day: column.date({ from: "2009-01-01" }),
  time: column.optional(column.timestamp()),
});

const header = "aadhaar,modality,score,distance,isMatch,day,time\n";
const good = "012345678901,iris,,0.25,y,2024-02-29,2026-01-15T10:00:00.123\n";

describe("a schema", () => {
  it("tells TypeScript what a row holds", () => {
    expectTypeOf<RowOf<typeof events>>().toEqualTypeOf<{
      aadhaar: string;
      modality: "fingerprint" | "iris" | "otp";
      score: number | null;
      distance: number | null;
      isMatch: boolean;
      day: string;
      time: string | null;
    }>();
    expectTypeOf(readRows(events, [], { onBad: "null" })).resolves.toHaveProperty("rows");
    expectTypeOf<
      Awaited<ReturnType<typeof readRows<typeof events, "null">>>["rows"][0]["day"]
    >().toEqualTypeOf<string | null>();
  });

  it("is plain data, and refuses columns that cannot be", () => {
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
    expect(() => defineSchema({})).toThrow("a schema needs a column at least");
    expect(() => column.integer({ min: 2, max: 1 })).toThrow("the least value of a column, 2");
    expect(() => column.text({ pattern: /a/g })).toThrow("remembers its last match");
    expect(() => column.oneOf([])).toThrow("holds nothing");
  });
});

describe("rows of CSV", () => {
  it("are typed: nothing is null, two quotes are a text, other columns do not matter", async () => {
    const schema = defineSchema({
      n: column.integer(),
      note: column.optional(column.text()),
      share: column.number(),
    });
    const text = 'note,share,other,n\r\n"a, ""b""",1e-3,x,-7\r\n"",.5,,+8\r\n\r\nझ,-0,,9';
    const { rows, report } = await readRows(schema, [write("typed.csv", text)]);
    expect(rows).toEqual([
      { n: -7, note: 'a, "b"', share: 0.001 },
      { n: 8, note: "", share: 0.5 },
      { n: 9, note: "झ", share: -0 },
    ]);
    expect(report).toEqual({
      ...{ rows: 3, badRows: 0, badValues: 0, byReason: {}, counts: [], listed: [] },
    });
  });

  const cases: [line: string, column: string, value: string, reason: string][] = [
    [",iris,,,y,2024-01-01,", "aadhaar", "", "missing"],
    ["12345,iris,,,y,2024-01-01,", "aadhaar", "12345", "no match"],
    ["012345678901,palm,,,y,2024-01-01,", "modality", "palm", "not one of the values"],
    ["012345678901,iris,7.5,,y,2024-01-01,", "score", "7.5", "not an integer"],
    ["012345678901,iris,0x10,,y,2024-01-01,", "score", "0x10", "not an integer"],
    ["012345678901,iris, 7,,y,2024-01-01,", "score", " 7", "not an integer"],
    [
      "012345678901,iris,9007199254740993,,y,2024-01-01,",
      "score",
      "9007199254740993",
      "not an integer",
    ],
    ["012345678901,iris,-1,,y,2024-01-01,", "score", "-1", "below the least"],
    ["012345678901,iris,101,,y,2024-01-01,", "score", "101", "above the most"],
    ["012345678901,iris,,inf,y,2024-01-01,", "distance", "inf", "not a number"],
    ["012345678901,iris,,1e999,y,2024-01-01,", "distance", "1e999", "not a number"],
    ["012345678901,iris,,,yes,2024-01-01,", "isMatch", "yes", "not a boolean"],
    ["012345678901,iris,,,y,2023-02-29,", "day", "2023-02-29", "no such day"],
    ["012345678901,iris,,,y,2100-02-29,", "day", "2100-02-29", "no such day"],
    ["012345678901,iris,,,y,2024-13-01,", "day", "2024-13-01", "no such day"],
    ["012345678901,iris,,,y,2024-1-01,", "day", "2024-1-01", "not a date"],
    ["012345678901,iris,,,y,1999-12-31,", "day", "1999-12-31", "below the least"],
    [
      "012345678901,iris,,,y,2024-01-01,2024-01-01T24:00:00",
      "time",
      "2024-01-01T24:00:00",
      "not a timestamp",
    ],
    [
      "012345678901,iris,,,y,2024-01-01,2024-02-30T10:00:00",
      "time",
      "2024-02-30T10:00:00",
      "no such day",
    ],
    ["012345678901,iris,,,y,2024-01-01", "", "", "too few fields"],
    ["012345678901,iris,,,y,2024-01-01,,", "", "", "too many fields"],
  ];
  it.each(cases)("%s: %s %s is %s", async (line, name, value, reason) => {
    const file = write("bad.csv", header + good + line + "\n" + good);
    const told = { file, line: 3, column: name, value, reason };
    const { rows, report } = await readRows(events, [file], { onBad: "drop" });
    expect([rows.length, report.badRows, report.rows]).toEqual([2, 1, 3]);
    expect(report.listed).toEqual([told]);
    expect(report.counts).toEqual([{ column: name, reason, values: 1 }]);
    expect(await validateRows(events, [file])).toEqual(report);
    const failed = readRows(events, [file]);
    await expect(failed).rejects.toThrow(`${file}, line 3`);
    await expect(failed).rejects.toThrow(reason === "missing" ? "is empty" : reason);
    const gaps = await readRows(events, [file], { onBad: "null" });
    expect(gaps.rows.length).toBe(3);
    if (name !== "") expect(gaps.rows[1]?.[name as "day"]).toBeNull();
    else expect(gaps.rows[1]?.aadhaar).toBe("012345678901");
  });

  it("count all bad values, and list the first ones", async () => {
    const bad = "x,palm,y,2,z,w,v\n";
    const file = write("many.csv", header + bad.repeat(50));
    const { report } = await readRows(events, [file], { onBad: "drop", maxListed: 9 });
    expect([report.rows, report.badRows, report.badValues]).toEqual([50, 50, 350]);
    expect(report.byReason["above the most"]).toBe(50);
    expect(report.listed.map(({ line }) => line)).toEqual([2, 2, 2, 2, 2, 2, 2, 3, 3]);
  });

  it("that are not there, or are bad, are told in a sentence", async () => {
    const named = write("named.csv", header + "x,iris,,,y,2024-01-01,\n");
    await expect(readRows(events, [named])).rejects.toThrow(
      `${named}, line 2, column "aadhaar": "x" is no match of the pattern`,
    );
    await expect(readRows(events, ["/no/such.csv"])).rejects.toThrow("there is no such file");
    await expect(readRows(events, [write("x.txt", "")])).rejects.toThrow("are read from .csv and");
    await expect(readRows(events, [write("y.csv", "a,b\n")])).rejects.toThrow(
      'has no column "aadhaar": its columns are a, b',
    );
    await expect(readRows(events, [named], { onBad: "skip" as "drop" })).rejects.toThrow(
      "onBad is one of fail, drop, null, not skip",
    );
    await expect(readRows(events, [named], { maxListed: -1 })).rejects.toThrow(RangeError);
    const signal = AbortSignal.abort();
    await expect(readRows(events, [named], { signal })).rejects.toThrow("abort");
  });
});

describe("rows of JSON lines", () => {
  it("are typed by their values, and a line that is no object is told", async () => {
    const lines = [
      { aadhaar: "012345678901", modality: "otp", score: 7, isMatch: false, day: "2024-01-01" },
      { aadhaar: 12345678901, modality: "otp", score: 7.5, isMatch: "y", day: null },
    ].map((line) => JSON.stringify(line));
    const file = write("e.jsonl", [...lines, "[1]", "", '{"aadhaar":'].join("\n"));
    const { rows, report } = await readRows(events, [file], { onBad: "null" });
    const gaps = { distance: null, time: null };
    expect(rows).toEqual([
      { ...JSON.parse(lines[0] ?? ""), ...gaps },
      { ...gaps, aadhaar: null, modality: "otp", score: null, isMatch: null, day: null },
    ]);
    expect(
      report.listed.map(({ line, column: c, value, reason }) => [line, c, value, reason]),
    ).toEqual([
      [2, "aadhaar", "12345678901", "not a text"],
      [2, "score", "7.5", "not an integer"],
      [2, "isMatch", "y", "not a boolean"],
      [2, "day", "", "missing"],
      [3, "", "[1]", "not JSON"],
      [5, "", '{"aadhaar":', "not JSON"],
    ]);
  });
});

describe("files of any shape", () => {
  const schema = defineSchema({ n: column.integer(), text: column.optional(column.text()) });
  const row = fc.record({
    n: fc.oneof(fc.maxSafeInteger().map(String), fc.constantFrom("", "x", "1.5")),
    text: fc.option(fc.stringMatching(/^[a-zé", ]*$/), { nil: null }),
  });
  const quoted = (text: string | null): string =>
    text === null ? "" : `"${text.replaceAll('"', '""')}"`;

  it("give what a plain reading gives, whole or in splits, packed or not", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), fc.nat(200), async (lines, cut) => {
        const text = "n,text\n" + lines.map((l) => `${l.n},${quoted(l.text)}\n`).join("");
        const file = write("any.csv", text);
        const isGood = ({ n }: { n: string }): boolean => /^-?\d+$/.test(n);
        const expected = lines.filter(isGood).map((l) => ({ n: Number(l.n), text: l.text }));
        const badLines = lines.flatMap((l, i) => (isGood(l) ? [] : [i + 2]));
        const { rows, report } = await readRows(schema, [file], { onBad: "drop" });
        expect(rows).toEqual(expected);
        expect(report.listed.map(({ line }) => line)).toEqual(badLines);
        const packed = write("any.csv.gz", gzipSync(text));
        expect((await readRows(schema, [packed], { onBad: "drop" })).rows).toEqual(expected);
        const counter = new BadRowCounter(100);
        const kept: unknown[] = [];
        const endByte = Buffer.byteLength(text);
        const middle = Math.min(cut, endByte);
        for (const [startByte, end] of [
          [0, middle],
          [middle, endByte],
        ] as const) {
          const part = new BadRowCounter(100);
          const sink = new RowSink(part, "drop", (r) => kept.push(r));
          await readSplit(schema, { file, startByte, endByte: end }, sink);
          counter.add(part.found());
        }
        expect(kept).toEqual(expected);
        expect([counter.rows, counter.badRows]).toEqual([lines.length, badLines.length]);
      }),
      { numRuns: 100 },
    );
  });

  it("find the planted faults of the register's sample and no other", async () => {
    const people = defineSchema({
      aadhaar: column.text({ pattern: /^[01]\d{11}$/ }),
      gender: column.oneOf(["M", "F", "T"]),
      birth_date: column.date({ from: "1900-01-01", to: "2020-12-31" }),
      iris: column.text({ pattern: /^[0-9a-f]{512}$/ }),
    });
    const file = join(samples, "aadhaar.csv");
    const report = await validateRows(people, [file]);
    const truth = readFileSync(`${file}.truth.jsonl`, "utf8").trim().split("\n");
    const faults = truth.map((line) => JSON.parse(line) as Record<string, string | number>);
    const dates = faults.filter(({ fault }) => fault === "impossible-date");
    const planted = new Set(dates.map((fault) => Number(fault["row"]) + 2));
    expect(report.rows).toBe(1_500);
    expect(report.badRows).toBeGreaterThan(5);
    expect(
      report.listed.every(({ line, column: c }) => c === "birth_date" && planted.has(line)),
    ).toBe(true);
    // The others are births after the enrolment: days that there are.
    const days = readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.split(",")[3] ?? "");
    const isDay = (day: string): boolean =>
      !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
    const isPossible = (day: string): boolean => isDay(day) && day >= "1900" && day < "2021";
    const impossible = [...planted].filter((line) => !isPossible(days[line - 1] ?? ""));
    expect(report.listed.map(({ line }) => line)).toEqual(impossible);
  });

  it("of a million fields take seconds, and progress is told", async () => {
    const file = join(samples, "irctc.csv");
    const log = defineSchema({
      time: column.timestamp(),
      user: column.text(),
      status: column.integer({ min: 100, max: 599 }),
      response_ms: column.integer({ min: 0 }),
      device: column.oneOf(["android", "ios", "web", "agent"]),
    });
    const seen: number[] = [];
    const files = new Array<string>(20).fill(file);
    const startMs = performance.now();
    const report = await validateRows(log, files, { onProgress: (done) => seen.push(done) });
    expect(performance.now() - startMs).toBeLessThan(10_000);
    expect([report.rows, report.badRows]).toEqual([200_000, 0]);
    expect(seen.at(-1)).toBe(20 * readFileSync(file).length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});

describe("on a data set", () => {
  const log = defineSchema({
    user: column.text(),
    status: column.integer({ max: 500 }),
    class: column.optional(column.text()),
  });
  const file = join(samples, "irctc.csv");
  const session = new DatasetSession({ workers: 2 });
  afterAll(() => session.close());

  it("rows and reports are those of one thread", async () => {
    const typed = session.typed(log, file, { onBad: "drop", partitions: 5 });
    expectTypeOf(typed).toEqualTypeOf<Dataset<RowOf<typeof log>>>();
    const { rows, report } = await readRows(log, [file], { onBad: "drop" });
    expect(report.badRows).toBeGreaterThan(100);
    expect(await typed.collect()).toEqual(rows);
    expect(await typed.take(3)).toEqual(rows.slice(0, 3));
    expect(await session.validate(log, [file, file], { partitions: 5 })).toEqual(
      await validateRows(log, [file, file]),
    );
  });

  it("bad rows fail with file and line, and what cannot be is told", async () => {
    const { report } = await readRows(log, [file], { onBad: "drop", maxListed: 1 });
    const failed = session.typed(log, file, { partitions: 1 }).count();
    await expect(failed).rejects.toThrow(
      `${file}, line ${report.listed[0]?.line}, column "status"`,
    );
    expect(() => session.typed(log, "x.txt")).toThrow("are read from .csv and .jsonl");
    expect(() => session.typed(log, file, { onBad: "skip" as "drop" })).toThrow("onBad is one of");
    await expect(session.validate(log, file, { maxListed: -1 })).rejects.toThrow(RangeError);
  });
});

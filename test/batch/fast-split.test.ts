import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { defineJob, mapReduce } from "dabbawala/batch";
import { fastSplit } from "dabbawala/dist/batch/map-reduce/fast-split";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-split-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Few units, so that separators, halves of pairs among them, often occur. */
const unit = fc.constantFrom("a", " ", ",", "\r", "\u00e9", "\u0915", "\u{1f35b}", "\ud83c");
const text = fc.oneof(fc.string({ unit, maxLength: 60 }), fc.string({ maxLength: 60 }));

describe("the fast split", () => {
  it("gives what the language's own gives, for any text and separator", () => {
    const separator = fc.oneof(unit, fc.string({ unit, maxLength: 3 }));
    const limit = fc.option(fc.integer({ min: -2, max: 6 }), { nil: undefined });
    fc.assert(
      fc.property(text, separator, limit, (line, by, most) => {
        expect(fastSplit.call(line, by, most)).toEqual(line.split(by, most));
      }),
      { numRuns: 1_000 },
    );
  });

  it("leaves every other call to the language's own", () => {
    expect(fastSplit.call("a1b22c", /\d+/)).toEqual(["a", "b", "c"]);
    expect(fastSplit.call("a b", undefined)).toEqual(["a b"]);
    expect(fastSplit.call(new String("a b"), " ")).toEqual(["a", "b"]);
    expect(fastSplit.call(120_340, "0")).toEqual(["12", "34", ""]);
    expect(fastSplit.call("a-b", { [Symbol.split]: () => ["mine"] })).toEqual(["mine"]);
    expect(() => fastSplit.call(null, " ")).toThrow(TypeError);
  });

  it("is in the threads of jobs alone, where all lines are cut as they were", async () => {
    const job = defineJob({
      name: "pieces",
      map(record, emit) {
        if (String(String.prototype.split).includes("[native code]")) throw new Error("not there");
        for (const name in Object("")) throw new Error(`${name} is enumerable`);
        emit(record.line.split(" ").join("|"), 1);
      },
      reduce: (_key, values) => values.length,
    });
    const lines = ["", " ", "a  b ", "\u0915 \u{1f35b} \u00e9", "x ".repeat(200_000), "end\r"];
    const file = join(folder, "lines.txt");
    writeFileSync(file, lines.join("\n"));
    const { rows } = await mapReduce(job, [file], { workers: 2, splitBytes: 4_096 });
    const cut = lines.map((line) => line.replace(/\r$/, "").split(" ").join("|"));
    expect(rows).toEqual(cut.sort().map((key) => ({ key, value: 1 })));
    expect(String(String.prototype.split)).toContain("[native code]");
  });
});

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hitRatio, Lru, recordedTrace } from "dabbawala/caching";

const file = join(mkdtempSync(join(tmpdir(), "trace-")), "trace.csv");

describe("a recorded trace", () => {
  it("numbers keys in the order in which they first appear", () => {
    writeFileSync(file, "# time, key\n0, a42, 7\n0, b7, 7\r\n1, a42, 7\n2, c, 7\n");
    const trace = recordedTrace(file, { column: 1 });
    expect([...trace]).toEqual([0, 1, 0, 2]);
    expect(hitRatio(new Lru({ capacity: 2, keys: "integers" }), trace)).toBe(1 / 4);
  });

  it("passes over a header, and takes a file of keys alone", () => {
    writeFileSync(file, "block\n9\n8\n9\n");
    expect([...recordedTrace(file, { headerLines: 1 })]).toEqual([0, 1, 0]);
  });

  it("says which line is wrong, and which file is not there", () => {
    writeFileSync(file, "1,2\n3\n");
    expect(() => recordedTrace(file, { column: 1 })).toThrow(`${file}:2: there is no column 1`);
    const typo = { columns: 1 } as object;
    expect(() => recordedTrace(file, typo)).toThrow('recordedTrace has no option "columns"');
    expect(() => recordedTrace("/nowhere")).toThrow(/^\/nowhere: cannot be read/);
    expect(() => recordedTrace(file, { column: -1 })).toThrow(/column must be from 0/);
  });
});

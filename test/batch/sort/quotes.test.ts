import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { sortFiles } from "dabbawala/batch";
import type { LineShape, SortFilesOptions } from "dabbawala/batch";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-quotes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const input = join(folder, "input.csv");
const out = join(folder, "out.csv");

async function sorted(
  text: string,
  shape: Partial<LineShape>,
  more: Partial<SortFilesOptions> = {},
): Promise<string> {
  writeFileSync(input, text);
  const whole = { kind: "lines", quote: '"', ...shape } as const;
  await sortFiles([input], { out, shape: whole, workers: 1, ...more });
  return readFileSync(out, "utf8");
}

describe("columns in quotes, RFC 4180 section 2", () => {
  it("rule 5: a column may be in quotes or not: the value counts", async () => {
    const keys = [{ column: 1 }];
    expect(await sorted('"b",1\na,2\n"a",3\nc,4\n', { keys })).toBe('a,2\n"a",3\n"b",1\nc,4\n');
  });

  it("rule 6: it may hold separators; those do not end it", async () => {
    const keys = [{ column: 2, kind: "number" }] as const;
    expect(await sorted('"Pune, MH",20\nGoa,3\n"Agra, UP","1"\n', { keys })).toBe(
      '"Agra, UP","1"\nGoa,3\n"Pune, MH",20\n',
    );
  });

  it("rule 7: a quote in it is doubled, and counts once", async () => {
    const keys = [{ column: 1 }];
    const text = '"x ""b""",1\n"x ""a""",2\n"x !",3\n"""",4\n';
    expect(await sorted(text, { keys })).toBe('"""",4\n"x !",3\n"x ""a""",2\n"x ""b""",1\n');
  });

  it("the last column ends before CR LF, in quotes or not", async () => {
    const keys = [{ column: 2 }];
    const text = 'a,"b"\r\nb,b\r\nc,a\r\n';
    expect(await sorted(text, { keys })).toBe('c,a\r\na,"b"\r\nb,b\r\n');
  });

  it("a quote within a column, another quote and none at all are letters", async () => {
    const keys = [{ column: 2 }];
    expect(await sorted('a,5" b\nb,5" a\n', { keys })).toBe('b,5" a\na,5" b\n');
    expect(
      await sorted("'b;c';2\n'b;a';1\n", { keys: [{ column: 1 }], separator: ";", quote: "'" }),
    ).toBe("'b;a';1\n'b;c';2\n");
    const none = await sorted('"b,a",2\n"a,b",1\n', { keys, quote: undefined });
    expect(none).toBe('"b,a",2\n"a,b",1\n');
  });

  const cell = fc.string({
    unit: fc.constantFrom("a", "b", ",", '"', " ", "1", "é"),
    maxLength: 9,
  });
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const isPlain = (text: string): boolean => !/[",]/.test(text);

  it("random cells, as a sort of the parsed rows has them, whatever the splits", async () => {
    const row = fc.record({
      cells: fc.array(cell, { minLength: 3, maxLength: 3 }),
      isBare: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 200 }),
        async (rows, column, splitBytes) => {
          const lines = rows.map(({ cells, isBare }) => {
            const texts = cells.map((text) => (isBare && isPlain(text) ? text : quoted(text)));
            return { key: Buffer.from(cells[column - 1] as string), line: texts.join(",") };
          });
          const text = lines.map(({ line }) => line + "\n").join("");
          const expected = [...lines].sort((left, right) => left.key.compare(right.key));
          const options = { splitBytes, ranges: 3, openFiles: 10 };
          expect(await sorted(text, { keys: [{ column }] }, options)).toBe(
            expected.map(({ line }) => line + "\n").join(""),
          );
        },
      ),
      { numRuns: 20, seed: 8 },
    );
  });
});

describe("quotes that lines cannot have", () => {
  const shape = { kind: "lines", quote: '"', keys: [{ column: 1 }] } as const;
  const sort = (text: string, more: Partial<SortFilesOptions> = {}) => {
    writeFileSync(input, text);
    return sortFiles([input], { out, shape, ...more });
  };

  it("a line end in quotes is refused with file and line, wherever it is cut", async () => {
    const text = "a,1\n".repeat(500) + 'b,"two\nlines"\n' + "c,3\n".repeat(500);
    const told = `${input}, line 501: a field in quotes goes on in the next line`;
    await expect(sort(text)).rejects.toThrow(told);
    for (const splitBytes of [1_999, 2_000, 2_001, 2_006, 2_009, 100]) {
      await expect(sort(text, { splitBytes, workers: 2 })).rejects.toThrow(told);
    }
  });

  it("so are text after a closing quote, and a header of two lines", async () => {
    await expect(sort('a,1\n"a"b,2\n')).rejects.toThrow(
      `${input}, line 2: a field goes on after its closing quote`,
    );
    await expect(sort('"a\nb",c\n1,2\n', { hasHeader: true })).rejects.toThrow(
      `${input}, line 1: a`,
    );
    await expect(sort("", { shape: { ...shape, quote: "," } })).rejects.toThrow(
      "the quote is one byte",
    );
    await expect(sort("", { shape: { ...shape, quote: "“" } })).rejects.toThrow(
      "the quote is one byte",
    );
  });
});

describe("dabbawala sort", () => {
  const command = join(__dirname, "..", "..", "..", "lib", "bin", "dabbawala.cjs");
  const run = (...args: string[]) => {
    const all = [command, "sort", input, "--out", out, ...args];
    return spawnSync(process.execPath, all, { encoding: "utf8" });
  };

  it("knows quotes around columns, unless told otherwise", () => {
    writeFileSync(input, 'city,people\n"Pune, MH",20\n"Agra, UP",3\nGoa,1\n');
    const key = ["--key", "2:number", "--header"];
    expect(run(...key).status).toBe(0);
    expect(readFileSync(out, "utf8")).toBe('city,people\nGoa,1\n"Agra, UP",3\n"Pune, MH",20\n');
    expect(run(...key, "--quote", "none").status).toBe(0);
    expect(readFileSync(out, "utf8")).toBe('city,people\n"Pune, MH",20\n"Agra, UP",3\nGoa,1\n');
  });

  it("refuses a field of two lines in one sentence; whole lines are sorted as they stand", () => {
    writeFileSync(input, 'b,"x\ny"\na,1\n');
    const { status, stderr } = run("--key", "1");
    const why = "a field in quotes goes on in the next line, but lines are sorted";
    expect(stderr).toBe(`dabbawala: ${input}, line 1: ${why}\n`);
    expect(status).toBe(2);
    expect(run().status).toBe(0);
    expect(readFileSync(out, "utf8")).toBe('a,1\nb,"x\ny"\n');
    expect(run("--quote", "'").stderr).toMatch("--quote is for columns: name one with --key");
  });
});

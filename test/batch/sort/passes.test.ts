import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sortFiles } from "dabbawala/batch";
import type { SortFilesOptions } from "dabbawala/batch";
import { fanIn, leastArenaBytes, planMerge } from "dabbawala/dist/batch/sort/data-plane/arena-plan";
import { runsOpenAtOnce } from "dabbawala/dist/batch/sort/open-files";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-passes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const input = join(folder, "input.txt");
const out = join(folder, "out.txt");
const mebibyte = 2 ** 20;
/** Of which an arena gets about 5 MiB when books of 700 runs are kept: room for 300 runs. */
const memoryBytes = 38 * mebibyte;
const keys = [{ column: 2, kind: "number" }, { column: 1 }] as const;
const order = { kind: "lines", keys } as const;
let expected: Buffer;

beforeAll(() => {
  const lines = Array.from({ length: 80_000 }, (_, i) => {
    const mixed = Math.imul(i + 1, 0x9e3779b1) >>> 0;
    return `user-${mixed % 900},${(mixed >>> 8) % 50},${"x".repeat(mixed % 30)},${i}`;
  });
  writeFileSync(input, lines.join("\n") + "\n");
  const args = ["-s", "-t,", "-k", "2,2n", "-k", "1,1", input];
  const env = { ...process.env, LC_ALL: "C" };
  expected = execFileSync("sort", args, { env, maxBuffer: 2 ** 28 });
});

async function sortAsGnu(more: Partial<SortFilesOptions>) {
  const result = await sortFiles([input], { out, shape: order, ...more });
  expect(readFileSync(out).equals(expected)).toBe(true);
  return result;
}

describe("more runs than can be merged at once", () => {
  it("hundreds in little memory are merged in two passes, as by GNU sort", async () => {
    const splitBytes = Math.ceil(expected.length / 700);
    const result = await sortAsGnu({ memoryBytes, splitBytes, workers: 1 });
    expect(result.runs).toBeGreaterThanOrEqual(700);
    expect([result.ranges > 1, result.passes]).toEqual([true, 2]);
  });

  it.each([
    { openFiles: 6, runs: 2, passes: 8 },
    { openFiles: 10, runs: 4, passes: 4 },
    { openFiles: 34, runs: 16, passes: 2 },
    { openFiles: 512, runs: 255, passes: 1 },
  ])("so are 200 with $openFiles open files, in $passes passes", async (given) => {
    const { openFiles, runs, passes } = given;
    expect(runsOpenAtOnce(openFiles, 1)).toBe(runs);
    const splitBytes = Math.ceil(expected.length / 200);
    const result = await sortAsGnu({ openFiles, splitBytes, workers: 1, ranges: 3 });
    expect(result.runs).toBeGreaterThanOrEqual(200);
    expect(result.passes).toBe(passes);
  });

  it("two workers share the files, and leave none behind", async () => {
    const before = readdirSync(tmpdir()).length;
    const splitBytes = Math.ceil(expected.length / 100);
    const { passes } = await sortAsGnu({ openFiles: 20, splitBytes, workers: 2 });
    expect(passes).toBe(4);
    expect(readdirSync(tmpdir()).length).toBe(before);
  });

  it("records stay in the order of the input too", async () => {
    const bytes = Buffer.alloc(40_000 * 20);
    for (let i = 0; i < 40_000; i++) {
      bytes.writeUInt16BE((Math.imul(i, 0x9e3779b1) >>> 0) % 300, 20 * i);
      bytes.writeUInt32BE(i, 20 * i + 10);
    }
    const records = join(folder, "records.bin");
    writeFileSync(records, bytes);
    const shape = { kind: "records", recordBytes: 20, keyBytes: 2 } as const;
    const options = { out, shape, workers: 1, openFiles: 10, splitBytes: 4_000, ranges: 2 };
    const { passes, runs } = await sortFiles([records], options);
    expect([passes, runs]).toEqual([4, 200]);
    const sorted = readFileSync(out);
    for (let at = 20; at < sorted.length; at += 20) {
      // Key and number of the record together ascend.
      const key = (place: number) => sorted.readUInt16BE(place) * 2 ** 32;
      const whole = (place: number) => key(place) + sorted.readUInt32BE(place + 10);
      expect(whole(at)).toBeGreaterThan(whole(at - 20));
    }
    expect(sorted.length).toBe(bytes.length);
  });

  it("hold no more memory than they may", () => {
    const code = `
      const { sortFiles } = require("dabbawala/batch");
      const [input, out] = process.argv.slice(1);
      const before = process.memoryUsage.rss();
      const shape = ${JSON.stringify(order)};
      sortFiles([input], { out, shape, memoryBytes: ${memoryBytes}, workers: 1, splitBytes: 4000 })
        .then(({ runs, passes }) => {
          const peak = process.resourceUsage().maxRSS * 1024 - before;
          console.log(JSON.stringify({ runs, passes, peak }));
        });`;
    const cwd = join(__dirname, "..", "..", "..");
    const node = [process.execPath, ["-e", code, input, out], { cwd, encoding: "utf8" }] as const;
    const { runs, passes, peak } = JSON.parse(spawnSync(...node).stdout);
    expect(runs).toBeGreaterThan(600);
    expect(passes).toBe(2);
    expect(peak).toBeLessThan(memoryBytes);
    expect(readFileSync(out).equals(expected)).toBe(true);
  });

  it("too few files for two runs a worker are refused in one sentence", async () => {
    await expect(sortFiles([input], { out, workers: 2, openFiles: 11 })).rejects.toThrow(
      "openFiles must be from 12 to",
    );
  });
});

describe("the fan-in", () => {
  it("is what fits the memory, at least two, at most the runs that may be open", () => {
    const longest = leastArenaBytes / 16;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: longest }), { minLength: 2, maxLength: 400 }),
        fc.integer({ min: 2, max: 500 }),
        (lengths, openRuns) => {
          const runs = lengths.map((longestBytes) => ({ longestBytes }));
          const count = fanIn(runs, { arenaBytes: leastArenaBytes, openRuns });
          expect(count).toBeGreaterThanOrEqual(2);
          expect(count).toBeLessThanOrEqual(Math.min(runs.length, openRuns));
          const { output, index, readers } = planMerge(leastArenaBytes, runs.slice(0, count));
          let free = 0;
          const stretches = [output, index, ...readers.flatMap((r) => [r.index, r.data])];
          for (const { from, bytes } of stretches) {
            expect(from).toBeGreaterThanOrEqual(free);
            free = from + bytes;
          }
          expect(free).toBeLessThanOrEqual(leastArenaBytes);
        },
      ),
      { numRuns: 300, seed: 5 },
    );
  });

  it("leaves each thread two runs where the system lets the process open little more", () => {
    expect(runsOpenAtOnce(undefined, 1)).toBeGreaterThanOrEqual(2);
    expect(runsOpenAtOnce(12, 2)).toBe(2);
  });
});

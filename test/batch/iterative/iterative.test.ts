import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  DatasetSession,
  kMeansByMapReduce,
  kMeansOnDataset,
  startingCentres,
} from "dabbawala/batch";
import { logisticByMapReduce, logisticOnDataset } from "dabbawala/batch";
import type { KMeansResult } from "dabbawala/batch";
import { descend, lloyd } from "./oracle";
import { blobs, columnsOf, writeBlobs } from "./points";

const folder = mkdtempSync(join(tmpdir(), "iterative-"));
const file = join(folder, "points.csv");
const spec = { rows: 20_000, dimensions: 3, clusters: 6, seed: 7 };
const columns = columnsOf(spec.dimensions);
const drawn = [...blobs(spec)];
const coordinates = drawn.map((point) => point.slice(0, spec.dimensions));
const points = { files: [file], columns };
const centres = startingCentres(coordinates.slice(0, 1_000), { clusters: 5, seed: 3 });
const session = new DatasetSession({ workers: 2 });

beforeAll(() => writeBlobs(file, spec));
afterAll(() => session.close());

const passes = 6;
const kMeansWays: [string, () => Promise<KMeansResult>][] = [
  ["MapReduce", () => kMeansByMapReduce(points, { centres, passes, workers: 2 })],
  ["a data set", () => kMeansOnDataset(session, points, { centres, passes, isCached: false })],
  ["a cached data set", () => kMeansOnDataset(session, points, { centres, passes })],
];

describe("k-means", () => {
  it.each(kMeansWays)("on %s: the oracle's centres, to a billionth", async (_way, run) => {
    const expected = lloyd(coordinates, centres as number[][], passes);
    const { centres: found, sizes, reports } = await run();
    found.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i] ?? NaN, 9));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(spec.rows);
    expect(reports.length).toBe(passes);
    const costs = reports.map(({ cost }) => cost);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
  });

  it("counts the bytes of each pass: all of the file each time, or once", async () => {
    const bytes = statSync(file).size;
    const shares: number[][] = [];
    for (const [, run] of kMeansWays) {
      shares.push((await run()).reports.map(({ readBytes = NaN }) => readBytes / bytes));
    }
    const [disk, uncached, cached] = shares;
    for (const share of [...(disk ?? []), ...(uncached ?? [])]) expect(share).toBeGreaterThan(1);
    expect(cached?.[0]).toBeGreaterThan(1);
    for (const share of (cached ?? []).slice(1)) expect(share).toBeLessThan(0.2);
  });

  it("leaves the centres of each MapReduce pass in a folder", async () => {
    const kept = join(folder, "passes");
    const { centres: last } = await kMeansByMapReduce(points, { centres, passes: 2, folder: kept });
    expect(readdirSync(kept).sort()).toEqual(["centres-0.jsonl", "centres-1.jsonl"]);
    const lines = readFileSync(join(kept, "centres-1.jsonl"), "utf8").trim().split("\n");
    const sums = lines.map((line) => JSON.parse(line) as { key: string; value: number[] });
    for (const { key, value } of sums) {
      expect((value[0] ?? 0) / (value[3] ?? 0)).toBe(last[Number(key)]?.[0]);
    }
  });

  it("ends when nothing moves, and keeps a centre without points", async () => {
    const small = join(folder, "small.csv");
    writeFileSync(small, "x0\n1\n2\n10\n11\n");
    const two = { files: [small], columns: ["x0"] };
    const start = [[0], [12], [500]];
    for (const run of [
      kMeansByMapReduce(two, { centres: start, passes: 50 }),
      kMeansOnDataset(session, two, { centres: start, passes: 50 }),
    ]) {
      const { centres: found, sizes, reports } = await run;
      expect([found, sizes, reports.length]).toEqual([[[1.5], [10.5], [500]], [2, 2, 0], 2]);
    }
  });

  it("refuses what cannot be in a sentence, and stops at a signal", async () => {
    const wide = { centres: [[1, 2]] };
    await expect(kMeansByMapReduce(points, wide)).rejects.toThrow("a centre has 2 numbers, but");
    await expect(kMeansByMapReduce(points, { centres: [] })).rejects.toThrow("a centre at least");
    await expect(kMeansOnDataset(session, points, { centres, passes: 0 })).rejects.toThrow(
      RangeError,
    );
    const unknown = { files: [file], columns: ["x0", "x1", "x9"] };
    await expect(kMeansByMapReduce(unknown, { centres })).rejects.toThrow('"x9"');
    await expect(kMeansOnDataset(session, unknown, { centres })).rejects.toThrow('"x9"');
    const broken = join(folder, "broken.csv");
    writeFileSync(broken, "x0,x1,x2\n1,2,3\n1,two,3\n");
    const bad = { files: [broken], columns };
    await expect(kMeansByMapReduce(bad, { centres })).rejects.toThrow('the column x1 holds "two"');
    await expect(kMeansOnDataset(session, bad, { centres })).rejects.toThrow('holds "two"');
    // Nothing, and less than a line: both ways are strict, no row is left out of a pass.
    for (const [line, why] of [
      ["1,,3", 'holds "", which is no number'],
      ["1,2", "the line ends before the column x2"],
    ] as const) {
      writeFileSync(broken, `x0,x1,x2\n1,2,3\n${line}\n`);
      await expect(kMeansByMapReduce(bad, { centres })).rejects.toThrow(why);
      await expect(kMeansOnDataset(session, bad, { centres })).rejects.toThrow(why);
    }
    const signal = AbortSignal.abort();
    await expect(kMeansByMapReduce(points, { centres, signal })).rejects.toThrow("abort");
  });
});

describe("starting centres", () => {
  const cloud = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
    minLength: 1,
    maxLength: 60,
  });

  it("are different points, the same for the same seed", () => {
    fc.assert(
      fc.property(cloud, fc.integer(), (all, seed) => {
        const clusters = new Set(all.map(String)).size;
        const drawnCentres = startingCentres(all, { clusters, seed });
        expect(new Set(drawnCentres.map(String)).size).toBe(clusters);
        expect(startingCentres(all, { clusters, seed })).toEqual(drawnCentres);
        expect(() => startingCentres(all, { clusters: clusters + 1, seed })).toThrow(
          `there are ${clusters} different points for ${clusters + 1} clusters`,
        );
      }),
    );
  });

  it("cost less than centres drawn evenly, as in the paper's table 1", () => {
    const cost = (start: readonly (readonly number[])[]): number =>
      coordinates.reduce((sum, p) => {
        const squares = start.map((c) => c.reduce((s, v, i) => s + (v - (p[i] ?? 0)) ** 2, 0));
        return sum + Math.min(...squares);
      }, 0);
    const seeds = Array.from({ length: 20 }, (_, i) => i);
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    const careful = seeds.map((seed) =>
      cost(startingCentres(coordinates.slice(0, 500), { clusters: 6, seed })),
    );
    const even = seeds.map((seed) => cost(coordinates.slice(seed * 6, seed * 6 + 6)));
    expect(mean(careful)).toBeLessThan(0.7 * mean(even));
  });
});

describe("logistic regression", () => {
  const scales = columns.map(() => [50, 30] as const);
  const options = { label: "label", scales, passes: 8, learningRate: 0.5 };
  const rows = drawn.map((point) => ({
    features: point.slice(0, 3).map((value) => (value - 50) / 30),
    label: (point[3] ?? 0) % 2,
  }));

  it.each([
    ["MapReduce", () => logisticByMapReduce(points, { ...options, workers: 2 })],
    ["a data set", () => logisticOnDataset(session, points, { ...options, isCached: false })],
    ["a cached data set", () => logisticOnDataset(session, points, options)],
  ])("on %s: the oracle's weights, to a billionth", async (_way, run) => {
    const expected = descend(rows, options.passes, options.learningRate);
    const { weights, reports } = await run();
    weights.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 9));
    const costs = reports.map(({ cost }) => cost);
    expect(costs[0]).toBeCloseTo(Math.log(2), 9);
    expect(costs).toEqual([...costs].sort((a, b) => b - a));
  });

  it("refuses what cannot be in a sentence", async () => {
    const bad = { ...options, scales: [[0, 1] as const] };
    await expect(logisticByMapReduce(points, bad)).rejects.toThrow("there are 1 scales, but 3 col");
    const flat = { ...options, scales: columns.map(() => [0, 0] as const) };
    await expect(logisticOnDataset(session, points, flat)).rejects.toThrow('of "x0" must be above');
    const empty = join(folder, "empty.csv");
    writeFileSync(empty, "x0,label\n");
    const none = { files: [empty], columns: ["x0"] };
    const plain = { label: "label", passes: 1 };
    await expect(logisticByMapReduce(none, plain)).rejects.toThrow("no rows to learn from");
    await expect(logisticOnDataset(session, none, plain)).rejects.toThrow("no rows to learn from");
    expect(existsSync(empty)).toBe(true);
    writeFileSync(empty, "x0,label\n1,0\nx,1\n");
    await expect(logisticByMapReduce(none, plain)).rejects.toThrow('the column x0 holds "x"');
    await expect(logisticOnDataset(session, none, plain)).rejects.toThrow('holds "x"');
  });
});

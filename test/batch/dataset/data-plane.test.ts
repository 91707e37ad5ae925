/** The parts of a worker's data plane, each against something simpler. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { PartitionCache } from "dabbawala/dist/batch/dataset/data-plane/cache";
import { KeyTable, hashKey } from "dabbawala/dist/batch/dataset/data-plane/key-table";
import { rowsBytes } from "dabbawala/dist/batch/dataset/data-plane/row-bytes";
import { decodeRows, encodeRows } from "dabbawala/dist/batch/dataset/data-plane/row-codec";
import { rangeOf } from "dabbawala/dist/batch/dataset/data-plane/sort-order";

const folder = mkdtempSync(join(tmpdir(), "dataset-plane-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("rows as bytes", () => {
  it("come back as they were, whatever they are", () => {
    fc.assert(
      fc.property(fc.array(fc.anything({ withBigInt: true, withDate: true })), (rows) => {
        expect(decodeRows(encodeRows(rows))).toEqual(structuredClone(rows));
      }),
    );
  });

  it("come back as they were, where they are alike, and where one of them is not", () => {
    const value = fc.oneof(fc.double(), fc.string(), fc.record({ x: fc.double(), y: fc.string() }));
    const alike = fc.record({ a: fc.double(), b: fc.string(), ["__proto__"]: value, d: value });
    const odd = fc.record({ b: fc.string(), a: fc.double() }, { requiredKeys: ["b"] });
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 20, arbitrary: alike }, odd)), (rows) => {
        const copies = decodeRows(encodeRows(rows)) as object[];
        expect(copies).toEqual(rows);
        expect(copies.map((row) => Object.keys(row))).toEqual(rows.map((row) => Object.keys(row)));
      }),
    );
    expect(decodeRows(encodeRows([new Float64Array([1, -0, NaN])]))).toEqual([
      new Float64Array([1, -0, NaN]),
    ]);
  });
});

describe("keys", () => {
  const key = fc.oneof(fc.string(), fc.double(), fc.integer(), fc.boolean());
  it("are numbered as a Map numbers them", () => {
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        const [table, map] = [new KeyTable(), new Map<unknown, number>()];
        for (const one of keys) {
          if (!map.has(one)) map.set(one, map.size);
          expect(table.numberOf(one)).toBe(map.get(one));
        }
        expect(table.keys).toEqual([...map.keys()]);
      }),
    );
  });

  it("spread over the partitions, and 0 is -0", () => {
    expect(hashKey(0)).toBe(hashKey(-0));
    for (const make of [(i: number) => i, (i: number) => `train ${i}`, (i: number) => i / 7]) {
      const counts = new Array<number>(8).fill(0);
      for (let i = 0; i < 8_000; i++) counts[hashKey(make(i)) % 8]!++;
      // Seven standard deviations of the binomial: sqrt(8,000 / 8 x 7 / 8) = 30.
      for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(7 * 30);
    }
  });

  it("fall into the range that a walk along the bounds finds", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.uniqueArray(fc.integer()),
        fc.boolean(),
        (one, list, isDescending) => {
          const bounds = [...list].sort((left, right) =>
            isDescending ? right - left : left - right,
          );
          const before = bounds.filter((bound) => (isDescending ? bound >= one : bound <= one));
          expect(rangeOf(one, bounds, { isDescending })).toBe(before.length);
        },
      ),
    );
  });
});

describe("a partition cache", () => {
  const rows = Array.from({ length: 100 }, (_, i) => ({ i, text: `row ${i}` }));
  const held = { rows, additions: [] };
  const bytes = rowsBytes(rows);

  it("gives up what was used least recently: spilt, it is read back; dropped, it is told", () => {
    const cache = new PartitionCache(folder, 2.5 * bytes);
    cache.put({ step: 1, partition: 0 }, held, "spill");
    cache.put({ step: 1, partition: 1 }, held, "drop");
    expect(cache.get(1, 0)?.rows).toBe(rows);
    cache.put({ step: 1, partition: 2 }, held, "spill");
    expect(cache.takeDropped()).toEqual([{ step: 1, partition: 1 }]);
    expect(cache.get(1, 1)).toBeUndefined();
    cache.put({ step: 1, partition: 3 }, held, "spill");
    expect(cache.spills).toBe(1);
    expect(cache.get(1, 0)?.rows).toEqual(rows);
    expect(cache.get(1, 0)?.rows).not.toBe(rows);
    expect(cache.heldBytes).toBe(2 * bytes);
    expect(readdirSync(folder)).toEqual(["cache-1-0"]);
    cache.forget({ step: 1, partition: 0 });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("never holds more than its bound, whatever is asked of it", () => {
    const ask = fc.tuple(fc.nat(5), fc.constantFrom("put", "get", "forget"), fc.boolean());
    fc.assert(
      fc.property(fc.array(ask), fc.double({ min: 0, max: 4, noNaN: true }), (asks, room) => {
        const cache = new PartitionCache(folder, room * bytes);
        const dropped = new Set<number>();
        for (const [partition, what, isSpilt] of asks) {
          const ref = { step: 2, partition };
          if (what === "put") cache.put(ref, held, isSpilt ? "spill" : "drop");
          if (what === "put") dropped.delete(partition);
          if (what === "forget") cache.forget(ref);
          if (what === "get" && cache.has(2, partition)) {
            expect(cache.get(2, partition)?.rows).toEqual(rows);
          }
          for (const given of cache.takeDropped()) dropped.add(given.partition);
          expect(cache.heldBytes).toBeLessThanOrEqual(room * bytes);
          for (const partition of dropped) expect(cache.has(2, partition)).toBe(false);
        }
        for (let partition = 0; partition < 6; partition++) cache.forget({ step: 2, partition });
        expect(cache.heldBytes).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});

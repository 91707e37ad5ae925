import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  orderOfBytes,
  orderOfLongWords,
  orderOfWords,
  parallelRadixSort,
  radixSort,
} from "dabbawala/batch";
import { Random } from "dabbawala/basics";

function randomKeys(length: number, most: number): Uint32Array {
  const random = new Random(length);
  return Uint32Array.from({ length }, () => random.next() * most);
}

/** Byte by byte, since `toEqual` compares a million numbers for seconds. */
function areEqual(left: Uint32Array, right: Uint32Array): boolean {
  return Buffer.compare(Buffer.from(left.buffer), Buffer.from(right.buffer)) === 0;
}

describe("radixSort", () => {
  it.each([0, 1, 2, 4_095, 4_096, 5_000, 300_000])("sorts %i keys as the engine does", (length) => {
    for (const most of [1, 200, 70_000, 2 ** 25, 2 ** 32]) {
      const keys = randomKeys(length, most);
      expect(areEqual(radixSort(keys.slice()), keys.slice().sort())).toBe(true);
    }
  });

  it("sorts keys of which most are equal, and keys in reverse", () => {
    const keys = Uint32Array.from({ length: 50_000 }, (_, i) => (i % 10 === 0 ? i * 80_000 : 7));
    expect(areEqual(radixSort(keys.slice()), keys.slice().sort())).toBe(true);
    const reverse = randomKeys(50_000, 2 ** 32)
      .sort()
      .reverse();
    expect(areEqual(radixSort(reverse.slice()), reverse.slice().sort())).toBe(true);
  });
});

describe("parallelRadixSort", () => {
  it.each([200, 2 ** 20, 2 ** 32])("gives what one thread gives, keys below %i", async (most) => {
    const keys = randomKeys(1_000_003, most);
    const expected = keys.slice().sort();
    for (const workers of [1, 2, 3]) {
      const sorted = await parallelRadixSort(keys.slice(), { workers });
      expect(areEqual(sorted, expected)).toBe(true);
    }
  });

  it("sorts shared memory in place", async () => {
    const keys = randomKeys(1_100_000, 2 ** 32);
    const shared = new Uint32Array(new SharedArrayBuffer(keys.byteLength));
    shared.set(keys);
    expect(await parallelRadixSort(shared, { workers: 2 })).toBe(shared);
    expect(shared.slice(0, 1_000)).toEqual(keys.sort().slice(0, 1_000));
  });

  it("refuses a number of workers that cannot be", async () => {
    await expect(parallelRadixSort(new Uint32Array(9), { workers: 0 })).rejects.toThrow(RangeError);
  });
});

describe("the order of fixed keys", () => {
  const sortedIndices = <Key>(keys: readonly Key[], compare: (a: Key, b: Key) => number) =>
    Uint32Array.from(keys.map((_, i) => i).sort((a, b) => compare(keys[a] as Key, keys[b] as Key)));
  const byValue = <Key>(a: Key, b: Key): number => (a < b ? -1 : a > b ? 1 : 0);

  it("agrees with a stable sort by comparison, 32 bits", () => {
    const word = fc.oneof(
      fc.nat({ max: 3 }),
      fc.nat({ max: 2 ** 31 - 1 }).map((n) => n * 2),
    );
    fc.assert(
      fc.property(fc.array(word), (keys) => {
        expect(orderOfWords(Uint32Array.from(keys))).toEqual(sortedIndices(keys, byValue));
      }),
    );
  });

  it("agrees with a stable sort by comparison, 64 bits", () => {
    const word = fc.oneof(
      fc.bigInt({ min: 0n, max: 3n }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    );
    fc.assert(
      fc.property(fc.array(word), (keys) => {
        expect(orderOfLongWords(BigUint64Array.from(keys))).toEqual(sortedIndices(keys, byValue));
      }),
    );
  });

  it("agrees with a stable sort by comparison, keys of bytes with a payload", () => {
    const sizes = fc.record({
      keyBytes: fc.integer({ min: 1, max: 5 }),
      payload: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(sizes, fc.array(fc.nat({ max: 3 })), ({ keyBytes, payload }, pattern) => {
        const strideBytes = keyBytes + payload;
        const count = Math.floor(pattern.length / strideBytes);
        const bytes = Uint8Array.from(pattern.slice(0, count * strideBytes));
        const keys = Array.from({ length: count }, (_, i) =>
          Buffer.from(bytes.subarray(i * strideBytes, i * strideBytes + keyBytes)),
        );
        const order = orderOfBytes(bytes, { keyBytes, strideBytes });
        expect(order).toEqual(sortedIndices(keys, (a, b) => a.compare(b)));
      }),
    );
    expect(() => orderOfBytes(new Uint8Array(7), { keyBytes: 2 })).toThrow(RangeError);
  });
});

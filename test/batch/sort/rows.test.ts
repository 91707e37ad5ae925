import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderBy, sortRows, topK, topKOfShards } from "dabbawala/batch";

interface Offer {
  readonly price: number;
  readonly seller: string;
  readonly id: number;
}

const offers = fc
  .array(fc.record({ price: fc.nat({ max: 4 }), seller: fc.constantFrom("a", "b", "c") }))
  .map((rows): Offer[] => rows.map((row, id) => ({ ...row, id })));
const byPrice = orderBy<Offer>(
  { key: ({ price }) => price, order: "descending" },
  { key: ({ seller }) => seller },
);

describe("sortRows", () => {
  it("is stable, by several keys, and leaves its input as it was", () => {
    fc.assert(
      fc.property(offers, (rows) => {
        const sorted = sortRows(rows, byPrice);
        expect(rows.map(({ id }) => id)).toEqual(rows.map((_, i) => i));
        for (let i = 1; i < sorted.length; i++) {
          const [left, right] = [sorted[i - 1] as Offer, sorted[i] as Offer];
          const isApart = left.price > right.price;
          const isBySeller = left.price === right.price && left.seller < right.seller;
          const isTied = left.price === right.price && left.seller === right.seller;
          expect(isApart || isBySeller || (isTied && left.id < right.id)).toBe(true);
        }
        expect(new Set(sorted).size).toBe(rows.length);
      }),
    );
  });

  it("puts what is no number last in either order", () => {
    const rows = [3, NaN, 1, NaN, 2];
    expect(sortRows(rows, orderBy({ key: (n) => n }))).toEqual([1, 2, 3, NaN, NaN]);
    const down = orderBy<number>({ key: (n) => n, order: "descending" });
    expect(sortRows(rows, down)).toEqual([3, 2, 1, NaN, NaN]);
  });
});

describe("topK", () => {
  it("is the head of the whole sort, across any shards", () => {
    const cuts = fc.array(fc.nat({ max: 12 }), { maxLength: 4 });
    fc.assert(
      fc.property(offers, fc.nat({ max: 12 }), cuts, (rows, count, sizes) => {
        const shards: Offer[][] = [];
        let from = 0;
        for (const size of sizes) shards.push(rows.slice(from, (from += size)));
        shards.push(rows.slice(from));
        const head = sortRows(rows, byPrice).slice(0, count);
        expect(topKOfShards(shards, count, byPrice)).toEqual(head);
        expect(topK(rows.values(), count, byPrice)).toEqual(head);
      }),
    );
  });

  it("refuses a count that cannot be", () => {
    expect(() => topK([1], -1, (a, b) => a - b)).toThrow("count must be from 0");
  });
});

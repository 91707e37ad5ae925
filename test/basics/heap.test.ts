import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Heap } from "dabbawala/basics";

describe("Heap", () => {
  it("agrees with a stable sort for every list of keys", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (keys) => {
        const heap = new Heap<number>();
        keys.forEach((key, index) => heap.push(key, index));
        const expected = keys.map((_, index) => index).sort((a, b) => keys[a]! - keys[b]!);
        expect(keys.map(() => heap.pop())).toEqual(expected);
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });

  it("peeks at the smallest key, and at Infinity when empty", () => {
    const heap = new Heap<string>();
    expect(heap.peekKey()).toBe(Infinity);
    heap.push(3, "c");
    heap.push(1, "a");
    expect(heap.peekKey()).toBe(1);
    expect(heap.size).toBe(2);
  });
});

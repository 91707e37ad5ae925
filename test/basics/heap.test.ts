import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Heap } from "dabbawala/basics";

describe("Heap", () => {
  it("agrees with a sort for every list", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (keys) => {
        const heap = new Heap<number>((left, right) => left - right);
        for (const key of keys) heap.push(key);
        expect(heap.size).toBe(keys.length);
        expect(keys.map(() => heap.pop())).toEqual([...keys].sort((a, b) => a - b));
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });

  it("replaces the first item, or takes the only one", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (keys, item) => {
        const heap = new Heap<number>((left, right) => left - right);
        for (const key of keys) heap.push(key);
        heap.replaceTop(item);
        const rest = [...keys].sort((a, b) => a - b).slice(1);
        const expected = [...rest, item].sort((a, b) => a - b);
        expect(expected.map(() => heap.pop())).toEqual(expected);
      }),
    );
  });

  it("agrees with a sorted list under any mix of pushes and pops", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { freq: 3 })), (steps) => {
        const heap = new Heap<number>((left, right) => left - right);
        const list: number[] = [];
        for (const step of steps) {
          if (step === null) expect(heap.pop()).toBe(list.shift());
          else {
            heap.push(step);
            list.push(step);
            list.sort((a, b) => a - b);
          }
          expect(heap.peek()).toBe(list[0]);
        }
      }),
    );
  });
});

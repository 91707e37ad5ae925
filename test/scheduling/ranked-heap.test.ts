/** The heap of places against a sorted array, with things taken out of its midst. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { place, ranked, remove } from "dabbawala/dist/scheduling/order/ranked-heap";
import type { RankedHeap } from "dabbawala/dist/scheduling/order/ranked-heap";

const step = fc.record({
  what: fc.constantFrom("in", "in", "out", "move", "first"),
  rank: fc.integer({ min: 0, max: 5 }),
  which: fc.nat(20),
});

it("comes out in the order of ranks, whatever is moved or taken out before", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const heap: RankedHeap<number> = [];
      const inside: (typeof heap)[number][] = [];
      let count = 0;
      for (const { what, rank, which } of steps) {
        const entry = inside[which % Math.max(1, inside.length)];
        if (what === "in") {
          inside.push({ ...ranked(count, count), first: rank });
          count++;
          place(heap, inside[inside.length - 1]);
        } else if (entry === undefined) continue;
        else if (what === "move") {
          entry.first = rank;
          place(heap, entry);
        } else {
          const gone = what === "first" ? heap[0] : entry;
          remove(heap, gone);
          inside.splice(inside.indexOf(gone), 1);
          expect(gone.place).toBe(-1);
        }
        const sorted = [...inside].sort((l, r) => l.first - r.first || l.number - r.number);
        expect(heap[0]).toBe(sorted[0]);
        expect(heap.every((each, at) => each.place === at)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

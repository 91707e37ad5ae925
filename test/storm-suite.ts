/**
 * What every storm of `dabbawala storm NAME` has to show: nothing breaks, everything happens that
 * should happen now and then, each planted bug is caught, and a storm can be played again.
 */
import { describe, expect, it } from "vitest";
import type { StormDefinition } from "dabbawala/hosts";

export interface StormSuite {
  /** Storms of the protocol itself. */
  readonly seeds: number;
  /** A planted bug is caught by the storms of so many seeds, from 1. */
  readonly catchWithin: number;
}

export function stormSuite(storm: StormDefinition, { seeds, catchWithin }: StormSuite): void {
  const { name } = storm;
  describe(name, () => {
    const counts = new Map<string, number>();

    it(`nothing breaks in ${seeds} storms`, { timeout: 1e6 }, () => {
      const failures = upTo(seeds).flatMap((seed) => {
        const { failure, ...result } = storm.build(seed).run();
        for (const [label, n] of result.counts) counts.set(label, (counts.get(label) ?? 0) + n);
        if (failure === undefined) return [];
        return [`dabbawala storm ${name} --seed ${seed}: ${failure.property}: ${failure.detail}`];
      });
      expect(failures).toEqual([]);
    });

    it.each([...(storm.sometimes ?? [])])("%s happened, again and again", (label) => {
      expect(counts.get(label) ?? 0).toBeGreaterThan(seeds / 2);
    });

    it.each([...storm.variants])(
      `%s is caught within ${catchWithin} seeds`,
      { timeout: 120_000 },
      (variant) => {
        const found = upTo(catchWithin).find((seed) => {
          const { failure } = storm.build(seed, variant).run();
          return failure !== undefined && failure.property !== "exception";
        });
        expect(found).toBeDefined();
      },
    );

    it("a storm that is given its actions is the same storm again", { timeout: 60_000 }, () => {
      const variant = storm.variants[0] as string;
      const first = storm.build(1, variant).run({ isTraced: true });
      const again = storm.build(1, variant).run({ actions: first.actions, isTraced: true });
      expect(again).toEqual(first);
    });
  });
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

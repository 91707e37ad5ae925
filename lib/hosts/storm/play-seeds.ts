import type { StormDefinition, StormFailure } from "./definition";

/** Seeds `first`, `first + 1`..., `count` of them. */
export interface SeedRange {
  readonly first: number;
  readonly count: number;
}

export interface SeedFailure extends StormFailure {
  readonly seed: number;
}

/** What some seeds gave. */
export interface SeedResults {
  readonly failures: readonly SeedFailure[];
  readonly events: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** Plays the seeds one after the other; what a storm throws is its failure, "exception". */
export function playSeeds(
  definition: StormDefinition,
  { first, count }: SeedRange,
  variant: string | undefined,
): SeedResults {
  const failures: SeedFailure[] = [];
  const counts = new Map<string, number>();
  let events = 0;
  for (let seed = first; seed < first + count; seed++) {
    try {
      const verdict = definition.build(seed, variant).run();
      events += verdict.events;
      addCounts(counts, verdict.counts);
      if (verdict.failure !== undefined) failures.push({ seed, ...verdict.failure });
    } catch (error) {
      failures.push({ seed, property: "exception", detail: (error as Error).message });
    }
  }
  return { failures, events, counts };
}

export function addCounts(into: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [label, count] of more) into.set(label, (into.get(label) ?? 0) + count);
}

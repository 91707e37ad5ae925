/**
 * A parallel computation as a graph of strands: runs of steps without a fork or a join. A strand
 * starts when all that lead to it have ended; one that forks leads to two.
 *
 * Source: R. D. Blumofe, C. E. Leiserson, "Scheduling multithreaded computations by work stealing",
 * JACM 46(5), 1999, section 2; strands as in Cilk. Fully strict: joins go to the parent.
 */
import { inRange, onlyKnown, wholeInRange } from "../../basics";
import type { Random } from "../../basics";

export interface Strand {
  /** Steps that it takes, from 1. */
  readonly steps: number;
  /** Strands that may start when this one and all others that lead to them have ended: 0 to 2. */
  readonly next: readonly number[];
}

/** Strand 0 is the first; numbers are places in the list. */
export type Computation = readonly Strand[];

/** Work and span: the time of one worker (T1), and of as many as one likes (T infinity). */
export function workAndSpan(computation: Computation): { work: number; span: number } {
  const missing = joinsOf(computation);
  const ends = new Float64Array(computation.length);
  let [work, span] = [0, 0];
  const open = [0];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { steps, next } = computation[at];
    const end = ends[at] + steps; // Until here the latest end of those before it.
    work += steps;
    span = Math.max(span, end);
    for (const other of next) {
      ends[other] = Math.max(ends[other], end);
      if (--missing[other] === 0) open.push(other);
    }
  }
  return { work, span };
}

/** How many strands lead to each. */
export function joinsOf(computation: Computation): Int32Array {
  const joins = new Int32Array(computation.length);
  for (const { next } of computation) for (const other of next) joins[other]++;
  return joins;
}

/** The naive fib(n): one call forks, the other goes on; `n` from 0 to 25. */
export function fibComputation(n: number): Computation {
  wholeInRange("n", n, { min: 0, max: 25 });
  return forked(
    (size) => (size < 2 ? undefined : [size - 1, size - 2]),
    n,
    () => 1,
  );
}

export interface UnevenOptions {
  /** Steps of all leaves together, 1 to 1,000,000. */
  readonly total: number;
  /** A part of at most so many steps is a leaf, from 1; default 20. */
  readonly leaf?: number;
  /** The smaller part of a fork gets up to this share of it, above 0 to 0.5; default 0.5. */
  readonly evenness?: number;
}

/** Divide and conquer of which nobody knows beforehand where the work lies. */
export function unevenComputation(options: UnevenOptions, random: Random): Computation {
  onlyKnown("unevenComputation", options, ["total", "leaf", "evenness"]);
  const { leaf = 20, evenness = 0.5 } = options;
  const total = wholeInRange("total", options.total, { min: 1, max: 1_000_000 });
  wholeInRange("leaf", leaf, { min: 1, max: total });
  inRange("evenness", evenness, { min: 1e-3, max: 0.5 });
  const split = (size: number): [number, number] | undefined => {
    if (size <= leaf) return undefined;
    const smaller = Math.max(1, Math.round(random.next() * evenness * size));
    return random.chance(0.5) ? [smaller, size - smaller] : [size - smaller, smaller];
  };
  return forked(split, total, (size) => size);
}

/** A leaf is one strand; a fork is one that splits, its two parts, and one that joins them. */
function forked(
  split: (size: number) => readonly [number, number] | undefined,
  size: number,
  leafSteps: (size: number) => number,
): Computation {
  const strands: { steps: number; next: number[] }[] = [];
  const add = (steps: number): number => strands.push({ steps, next: [] }) - 1;
  /** The last strand of the part that begins with `first`. */
  const open: { first: number; size: number; join: number }[] = [];
  const grow = ({ first, size: own, join }: (typeof open)[number]): void => {
    const parts = split(own);
    if (parts === undefined) {
      strands[first] = { steps: Math.max(1, leafSteps(own)), next: join < 0 ? [] : [join] };
      return;
    }
    const end = add(1);
    if (join >= 0) strands[end].next.push(join);
    for (const part of parts) {
      const child = add(1);
      strands[first].next.push(child);
      open.push({ first: child, size: part, join: end });
    }
  };
  open.push({ first: add(1), size, join: -1 });
  for (let part = open.pop(); part !== undefined; part = open.pop()) grow(part);
  return strands;
}

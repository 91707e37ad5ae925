/**
 * Draws from a discrete distribution in constant time: one random number, two reads.
 *
 * Source: A. J. Walker, "An efficient method for generating discrete random variables with general
 * distributions" (1977), with the set-up of M. D. Vose (1991).
 * Guarantees: index i with probability weight i / sum, to the 32 bits of the random number.
 * Cost: set-up n steps and 12 n bytes; a draw about 10 ns.
 */
import type { Random } from "../basics";

export class AliasTable {
  /** Of the cell's width, the part that is the cell's own. */
  private readonly own: Float64Array;
  private readonly alias: Uint32Array;

  /** `weights`: not negative, any sum above 0. */
  constructor(weights: readonly number[]) {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.own = Float64Array.from(weights, (weight) => (weight / total) * weights.length);
    this.alias = Uint32Array.from(weights, (_, index) => index);
    const small: number[] = [];
    const large: number[] = [];
    this.own.forEach((share, index) => (share < 1 ? small : large).push(index));
    while (small.length > 0 && large.length > 0) {
      const poor = small.pop() as number;
      const rich = large.pop() as number;
      this.alias[poor] = rich;
      this.own[rich] += this.own[poor] - 1;
      (this.own[rich] < 1 ? small : large).push(rich);
    }
    // What is left differs from 1 by rounding only.
    for (const index of [...small, ...large]) this.own[index] = 1;
  }

  draw(random: Random): number {
    return this.at(random.next());
  }

  /** The index at `uniform`, a number in [0, 1). */
  at(uniform: number): number {
    const scaled = uniform * this.own.length;
    const cell = Math.floor(scaled);
    return scaled - cell < this.own[cell] ? cell : this.alias[cell];
  }
}

/** Weights of Zipf's law over ranks 0 to count - 1. */
export function zipfWeights(count: number, exponent: number): number[] {
  return Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent);
}

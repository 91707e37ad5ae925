/**
 * A pseudo-random order of 0..size-1 that is computed place by place, without a list: numbers that
 * look random and never repeat, for data sets of any length.
 *
 * Source: J. Black and P. Rogaway, "Ciphers with arbitrary finite domains" (CT-RSA 2002): a
 * generalised Feistel network over two halves, and cycle walking for what lies beyond the size.
 * Ours mixes with a 32-bit hash, not a cipher: it spreads, it does not keep secrets.
 * Guarantees: a bijection on 0..size-1 for every seed.
 * Cost: 4 rounds a place; walking is rare because the halves are about sqrt(size) each.
 */
const rounds = 4;

export class Permutation {
  private readonly low: number;
  private readonly high: number;
  private readonly keys: readonly number[];

  /** `size`: 1 to 2^52. `seed`: any whole number. */
  constructor(
    readonly size: number,
    seed: number,
  ) {
    const folded = mix(seed, Math.floor(seed / 0x1_0000_0000));
    this.keys = Array.from({ length: rounds }, (_, round) => mix(folded, round));
    this.low = Math.ceil(Math.sqrt(size));
    this.high = Math.ceil(size / this.low);
  }

  /** The value at place `index`, 0 to size - 1. */
  at(index: number): number {
    let value = index;
    do value = this.shuffle(value);
    while (value >= this.size);
    return value;
  }

  private shuffle(value: number): number {
    let high = Math.floor(value / this.low);
    let low = value - high * this.low;
    for (let round = 0; round < rounds; round += 2) {
      high += Math.floor((mix(low, this.keys[round]) / 0x1_0000_0000) * this.high);
      if (high >= this.high) high -= this.high;
      low += Math.floor((mix(high, this.keys[round + 1]) / 0x1_0000_0000) * this.low);
      if (low >= this.low) low -= this.low;
    }
    return high * this.low + low;
  }
}

/** 32 well mixed bits of a value and a key (the finaliser of MurmurHash3, A. Appleby, 2011). */
export function mix(value: number, key: number): number {
  let z = Math.imul(value ^ Math.imul(key + 1, 0x9e3779b9), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

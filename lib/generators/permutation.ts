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
const golden = 0x9e3779b9;

export class Permutation {
  private readonly low: number;
  private readonly high: number;
  /** One a round, multiplied already as `mix` does. */
  private readonly keys: Int32Array;

  /** `size`: 1 to 2^52. `seed`: any whole number. */
  constructor(
    readonly size: number,
    seed: number,
  ) {
    const folded = mix(seed, Math.floor(seed / 0x1_0000_0000));
    this.keys = Int32Array.from({ length: rounds }, (_, round) =>
      Math.imul(mix(folded, round) + 1, golden),
    );
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

  /** Both halves are below 2^26 + 1, so that whole numbers of 32 bits do. */
  private shuffle(value: number): number {
    const { keys } = this;
    const [lows, highs] = [this.low | 0, this.high | 0];
    let high = (value / lows) | 0;
    let low = (value - high * lows) | 0;
    for (let round = 0; round < rounds; round += 2) {
      high = (high + shareOf(highs, stir(low ^ keys[round]))) | 0;
      if (high >= highs) high = (high - highs) | 0;
      low = (low + shareOf(lows, stir(high ^ keys[round + 1]))) | 0;
      if (low >= lows) low = (low - lows) | 0;
    }
    return high * lows + low;
  }
}

/** A number from 0 to `size` - 1 by 32 random bits. */
function shareOf(size: number, bits: number): number {
  return (bits * (size / 0x1_0000_0000)) | 0;
}

/** 32 well mixed bits of a value and a key (the finaliser of MurmurHash3, A. Appleby, 2011). */
export function mix(value: number, key: number): number {
  return stir(value ^ Math.imul(key + 1, golden));
}

function stir(value: number): number {
  let z = Math.imul(value, 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

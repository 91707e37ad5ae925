/**
 * About how often each key was seen lately, in a fixed memory: counters up to 15 behind a
 * doorkeeper, a Bloom filter that lets few keys seen once take a counter.
 *
 * Source: G. Einziger, R. Friedman, B. Manes, "TinyLFU: a highly efficient cache admission policy",
 * ACM TOS 13(4), 2017, sections 3.2 to 3.4; G. Cormode, S. Muthukrishnan, "An improved data stream
 * summary: the count-min sketch", 2005. A count is a whole byte of memory here, for speed.
 * Guarantees: between two ageings never less than the true count, up to 16.
 * Cost: 4 rows, and 2 bits of the doorkeeper, a step; 20 to 40 bytes an entry;
 * after 10 times `entries` additions every count is halved and the doorkeeper emptied.
 */
import { avalanche32, wholeInRange } from "../basics";

const rows = 4;
const highest = 15;
const additionsAnEntry = 10;
/** In a row: with fewer, keys that share counters look more popular than they are. */
const countersAnEntry = 4;

export class FrequencySketch {
  private readonly mask: number;
  private readonly counts: Uint8Array;
  private readonly door: Uint32Array;
  private readonly period: number;
  private additions = 0;

  /** `entries`: how many keys the cache holds, 1 to 2^26. */
  constructor(entries: number) {
    wholeInRange("entries", entries, { min: 1, max: 2 ** 26 });
    const width = 2 ** Math.max(4, Math.ceil(Math.log2(countersAnEntry * entries)));
    this.mask = width - 1;
    this.counts = new Uint8Array(rows * width);
    this.door = new Uint32Array((8 * width) / 32);
    this.period = additionsAnEntry * entries;
  }

  /** One more of a key; `hash`: 32 bits of it. */
  add(hash: number): void {
    if (this.enter(hash)) this.increase(hash);
    if (++this.additions >= this.period) this.age();
  }

  /** About how often the key was added: 0 to 16. */
  estimate(hash: number): number {
    let least = highest;
    const step = avalanche32(hash ^ 0x5bd1e995) | 1;
    for (let row = 0, at = hash; row < rows; row++, at += step) {
      const count = this.counts[row * (this.mask + 1) + (at & this.mask)];
      if (count < least) least = count;
    }
    return least + (this.isIn(hash) ? 1 : 0);
  }

  private increase(hash: number): void {
    const step = avalanche32(hash ^ 0x5bd1e995) | 1;
    for (let row = 0, at = hash; row < rows; row++, at += step) {
      const place = row * (this.mask + 1) + (at & this.mask);
      if (this.counts[place] < highest) this.counts[place]++;
    }
  }

  /** True where the doorkeeper knew the key already. */
  private enter(hash: number): boolean {
    const wasIn = this.isIn(hash);
    if (!wasIn) {
      const [first, second] = this.doorBits(hash);
      this.door[first >>> 5] |= 1 << first;
      this.door[second >>> 5] |= 1 << second;
    }
    return wasIn;
  }

  private isIn(hash: number): boolean {
    const [first, second] = this.doorBits(hash);
    return ((this.door[first >>> 5] >>> first) & (this.door[second >>> 5] >>> second) & 1) === 1;
  }

  private doorBits(hash: number): [number, number] {
    const bits = this.door.length * 32 - 1;
    const other = avalanche32(hash ^ 0x9747b28c);
    return [(other >>> 3) & bits, Math.imul(other, 0x9e3779b1) & bits];
  }

  private age(): void {
    for (let i = 0; i < this.counts.length; i++) this.counts[i] >>>= 1;
    this.door.fill(0);
    this.additions >>>= 1;
  }
}

/** From a key to its slot: a Map for any keys, a typed table for whole numbers. Slot 0 is none. */

export interface KeyIndex<K> {
  /** The slot of a key, or 0. */
  find(key: K): number;
  put(key: K, slot: number): void;
  remove(key: K): void;
}

/**
 * Whole numbers of 32 bits in one typed array, key beside slot, so that a lookup reads one line of
 * memory.
 *
 * Source: D. Knuth, "The Art of Computer Programming", vol. 3, 1973, section 6.4: linear probing
 * (algorithm L), removal without marks (algorithm R), multiplicative hashing.
 * Cost: at most half full, so 1.5 probes a hit and 2.5 a miss, expected; 16 to 32 bytes a key.
 */
export class IntegerKeys implements KeyIndex<number> {
  private bits: number;
  private table: Int32Array;
  private count = 0;

  constructor(expected: number) {
    this.bits = Math.max(4, Math.ceil(Math.log2(2 * expected + 2)));
    this.table = new Int32Array(2 << this.bits);
  }

  find(key: number): number {
    const { table } = this;
    const mask = (1 << this.bits) - 1;
    let at = this.home(key);
    for (;;) {
      const slot = table[2 * at + 1];
      if (slot === 0 || table[2 * at] === key) return slot;
      at = (at + 1) & mask;
    }
  }

  put(key: number, slot: number): void {
    if ((key | 0) !== key) {
      throw new RangeError(`a key must be a whole number of 32 bits with a sign, but was ${key}`);
    }
    if (2 * (this.count + 1) > 1 << this.bits) this.grow();
    const at = this.place(key);
    if (this.table[2 * at + 1] === 0) this.count++;
    this.table[2 * at] = key;
    this.table[2 * at + 1] = slot;
  }

  remove(key: number): void {
    const { table } = this;
    const mask = (1 << this.bits) - 1;
    let hole = this.place(key);
    if (table[2 * hole + 1] === 0) return;
    this.count--;
    for (let at = (hole + 1) & mask; table[2 * at + 1] !== 0; at = (at + 1) & mask) {
      // A key may move back into the hole unless that lies before its home.
      if (((at - this.home(table[2 * at])) & mask) < ((at - hole) & mask)) continue;
      table[2 * hole] = table[2 * at];
      table[2 * hole + 1] = table[2 * at + 1];
      hole = at;
    }
    table[2 * hole + 1] = 0;
  }

  private home(key: number): number {
    return Math.imul(key, 0x9e3779b1) >>> (32 - this.bits);
  }

  /** Where the key is, or where it would be. */
  private place(key: number): number {
    const mask = (1 << this.bits) - 1;
    let at = this.home(key);
    while (this.table[2 * at + 1] !== 0 && this.table[2 * at] !== key) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const old = this.table;
    this.bits++;
    this.table = new Int32Array(2 << this.bits);
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue;
      const at = this.place(old[i]);
      this.table[2 * at] = old[i];
      this.table[2 * at + 1] = old[i + 1];
    }
  }
}

/** Any keys: whole numbers of 32 bits in a typed table, which is faster; others in a Map. */
export class AnyKeys<K> implements KeyIndex<K> {
  private readonly numbers = new IntegerKeys(0);
  private readonly others = new Map<K, number>();

  find(key: K): number {
    if (isInteger(key)) return this.numbers.find(key);
    const slot = this.others.get(key);
    return slot === undefined ? 0 : slot;
  }

  put(key: K, slot: number): void {
    if (isInteger(key)) this.numbers.put(key, slot);
    else this.others.set(key, slot);
  }

  remove(key: K): void {
    if (isInteger(key)) this.numbers.remove(key);
    else this.others.delete(key);
  }
}

function isInteger(key: unknown): key is number {
  return typeof key === "number" && (key | 0) === key;
}

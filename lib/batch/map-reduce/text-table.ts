/**
 * Numbers texts in the order in which they are first seen. JavaScript's Map does that too, but has
 * to hash a text that was just cut out of a line in a slow way; this is twice as fast.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 6.4, open addressing with linear
 * probing; the hash is kept beside the number, so that a wrong text is rarely compared.
 * Cost: 8 bytes a slot, at most half of them filled.
 */
const firstSlots = 4_096;
const fullShare = 0.5;

export class TextTable {
  /** Text number i. */
  readonly texts: string[] = [];
  /** A hash and a number, plus one, for each slot. */
  private slots = new Int32Array(firstSlots * 2);
  private mask = firstSlots - 1;

  /** The number of the text: `texts.length`, as it was before the call, when it is new. */
  numberOf(text: string): number {
    const { slots, mask, texts } = this;
    const hash = hashText(text);
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = (slots[slot * 2 + 1] as number) - 1;
      if (number < 0) return this.insert(slot, text, hash);
      if (slots[slot * 2] === hash && texts[number] === text) return number;
    }
  }

  private insert(slot: number, text: string, hash: number): number {
    const number = this.texts.push(text) - 1;
    this.slots[slot * 2] = hash;
    this.slots[slot * 2 + 1] = number + 1;
    if (number + 1 > (this.mask + 1) * fullShare) this.grow();
    return number;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    this.mask = this.mask * 2 + 1;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from + 1] === 0) continue;
      let slot = (old[from] as number) & this.mask;
      while (this.slots[slot * 2 + 1] !== 0) slot = (slot + 1) & this.mask;
      this.slots[slot * 2] = old[from] as number;
      this.slots[slot * 2 + 1] = old[from + 1] as number;
    }
  }
}

/** A polynomial over UTF-16 code units, as Java's, with a mix since tables use the lower bits. */
export function hashText(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

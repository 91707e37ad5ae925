import { Random } from "../../basics";

/**
 * A set of small numbers, kept so that an almost complete beginning costs nothing to compare or
 * store: `low` is its first word that is not full, `high` its last that is not empty.
 */
export class OperationSet {
  readonly words: Int32Array;
  low = 0;
  high = -1;
  /** Changes with each member (Zobrist hashing); equal for equal sets. */
  hash = 0;
  private readonly marks: Int32Array;

  constructor(size: number) {
    this.words = new Int32Array((size >> 5) + 1);
    const random = new Random(size);
    this.marks = Int32Array.from({ length: size }, () => random.uint32() | 0);
  }

  has(member: number): boolean {
    return ((this.words[member >> 5] >>> (member & 31)) & 1) === 1;
  }

  /** Adds a number that is not in it. */
  add(member: number): void {
    const word = member >> 5;
    this.words[word] |= 1 << (member & 31);
    this.hash ^= this.marks[member];
    if (word > this.high) this.high = word;
    while (this.words[this.low] === -1) this.low++;
  }

  /** Removes a number that is in it. */
  remove(member: number): void {
    const word = member >> 5;
    this.words[word] &= ~(1 << (member & 31));
    this.hash ^= this.marks[member];
    if (word < this.low) this.low = word;
    while (this.high >= 0 && this.words[this.high] === 0) this.high--;
  }
}

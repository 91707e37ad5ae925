/**
 * A hash table from keys that are bytes to cells that are numbers, in typed arrays: no object a
 * group, nothing for the garbage collector.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 6.4, open addressing with linear
 * probing. Ours keeps the hash beside the place, so that a wrong key is rarely looked at.
 * Cost: 8 bytes a slot, at most half of them filled; 8 bytes, its key and 8 bytes a cell for a
 * group; one or two cache misses a look-up when the table is larger than the cache.
 */
import type { Cell } from "./group-by";

const firstGroups = 1_024;
/** Slots: twice to four times as many as groups. */
const firstSlotBits = 11;
const fullShare = 0.5;

/**
 * FNV-1a (Fowler, Noll, Vo 1991), with the last mix of MurmurHash3 (A. Appleby 2011), since tables
 * go by the upper bits and partitions by the lower.
 */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

export class GroupTable {
  size = 0;
  /** Group g has the cells from g * stride on. NaN: no number yet. */
  cells: Float64Array;
  /** The bytes of all keys; group g's end at keyEnds[g + 1], where the next one's begin. */
  keys = new Uint8Array(firstGroups * 8);
  keyEnds = new Uint32Array(firstGroups + 1);
  hashes = new Int32Array(firstGroups);
  /** A hash and a group, plus one, for each slot. */
  private slots: Int32Array;
  private slotBits = firstSlotBits;
  private readonly empty: readonly number[];
  readonly stride: number;

  /**
   * `groups`: room for so many slots from the start, which groups that come in the order of their
   * hashes need, since they would crowd a table that grows.
   */
  constructor(kinds: readonly Cell["kind"][], groups = 0) {
    while (groups > 2 ** this.slotBits * fullShare) this.slotBits++;
    this.slots = new Int32Array(2 ** this.slotBits * 2);
    this.stride = kinds.length;
    this.cells = new Float64Array(firstGroups * this.stride);
    this.empty = kinds.map((kind) => (kind === "rows" || kind === "values" ? 0 : NaN));
  }

  get bytes(): number {
    const { cells, keys, keyEnds, hashes, slots } = this;
    return [cells, keys, keyEnds, hashes, slots].reduce((sum, part) => sum + part.byteLength, 0);
  }

  /** The group of the key, a new one if need be. */
  find(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const { slots } = this;
    const mask = (slots.length >> 1) - 1;
    for (let slot = hash >>> (32 - this.slotBits); ; slot = (slot + 1) & mask) {
      const group = (slots[slot * 2 + 1] as number) - 1;
      if (group < 0) return this.insert(slot, { bytes, from, to }, hash);
      if (slots[slot * 2] === hash && this.hasKey(group, bytes, from, to)) return group;
    }
  }

  keyText(group: number): string {
    const { buffer, byteOffset } = this.keys;
    const bytes = Buffer.from(buffer, byteOffset, this.keys.length);
    return bytes.toString("utf8", this.keyEnds[group], this.keyEnds[group + 1]);
  }

  private hasKey(group: number, bytes: Uint8Array, from: number, to: number): boolean {
    const { keys, keyEnds } = this;
    const start = keyEnds[group] as number;
    if ((keyEnds[group + 1] as number) - start !== to - from) return false;
    for (let i = to - from - 1; i >= 0; i--) {
      if (keys[start + i] !== bytes[from + i]) return false;
    }
    return true;
  }

  private insert(
    slot: number,
    { bytes, from, to }: { bytes: Uint8Array; from: number; to: number },
    hash: number,
  ): number {
    const group = this.size++;
    this.slots[slot * 2] = hash;
    this.slots[slot * 2 + 1] = group + 1;
    const start = this.keyEnds[group] as number;
    const end = start + to - from;
    if (end > this.keys.length) this.keys = grown(this.keys, to - from);
    const { keys, cells, empty, stride } = this;
    for (let at = start; at < end; at++) keys[at] = bytes[from + at - start] as number;
    for (let i = 0; i < stride; i++) cells[group * stride + i] = empty[i] as number;
    this.keyEnds[group + 1] = end;
    this.hashes[group] = hash;
    if (this.size === this.hashes.length) this.growGroups();
    if (this.size > 2 ** this.slotBits * fullShare) this.growSlots();
    return group;
  }

  private growGroups(): void {
    this.cells = grown(this.cells);
    this.keyEnds = grown(this.keyEnds);
    this.hashes = grown(this.hashes);
  }

  private growSlots(): void {
    this.slotBits++;
    const mask = 2 ** this.slotBits - 1;
    const slots = new Int32Array((mask + 1) * 2);
    for (let group = 0; group < this.size; group++) {
      const hash = this.hashes[group] as number;
      let slot = hash >>> (32 - this.slotBits);
      while (slots[slot * 2 + 1] !== 0) slot = (slot + 1) & mask;
      slots[slot * 2] = hash;
      slots[slot * 2 + 1] = group + 1;
    }
    this.slots = slots;
  }
}

type Typed = Uint8Array | Uint32Array | Int32Array | Float64Array;

/** Twice as long, or more if `atLeast` more are needed, with the same beginning. */
function grown<T extends Typed>(array: T, atLeast = 0): T {
  const length = Math.max(array.length * 2, array.length + atLeast);
  const next = new (array.constructor as new (length: number) => T)(length);
  next.set(array);
  return next;
}

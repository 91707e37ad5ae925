import type { OperationSet } from "./operation-set";

const headerInts = 5;

/**
 * The configurations that the search has met: the operations that took effect, those optional ones
 * that no longer can, and the state. One is not worth visiting when another with the same
 * operations and state was met that had all its optional operations left and perhaps more.
 *
 * A record is [next of its chain, hash, state, low, words, ...the words of `done` from `low` to
 * `high`, ...the words of `spent`]: memory goes with the concurrency, not with the length.
 */
export class Visited {
  private heads = new Int32Array(1 << 10).fill(-1);
  private records = new Int32Array(1 << 14);
  private used = 0;
  size = 0;

  constructor(
    private readonly done: OperationSet,
    private readonly spent: OperationSet,
  ) {}

  /** Notes the present configuration; false when it is not worth visiting. */
  add(state: number): boolean {
    const { done, spent } = this;
    const count = Math.max(0, done.high - done.low + 1);
    const hash = mix(done.hash ^ Math.imul(state + 1, 0x9e3779b1));
    const slot = hash & (this.heads.length - 1);
    for (let at = this.heads[slot]; at >= 0; at = this.records[at]) {
      if (this.records[at + 1] !== hash || this.records[at + 2] !== state) continue;
      if (!this.hasSameDone(at, count)) continue;
      const from = at + headerInts + count;
      if (this.isSpentWithin(from)) return false;
      // The one met before had spent more, so this one stands for both from now on.
      if (this.isSpentOver(from)) {
        this.records.set(spent.words, from);
        return true;
      }
    }
    this.append(slot, { hash, state, count });
    return true;
  }

  private hasSameDone(at: number, count: number): boolean {
    const { words, low } = this.done;
    if (this.records[at + 3] !== low || this.records[at + 4] !== count) return false;
    const shift = at + headerInts - low;
    for (let i = low; i < low + count; i++) {
      if (this.records[shift + i] !== words[i]) return false;
    }
    return true;
  }

  /** Whether the record has spent no operation that the present configuration has left. */
  private isSpentWithin(from: number): boolean {
    const { words } = this.spent;
    for (let i = 0; i < words.length; i++) {
      if ((this.records[from + i] & ~words[i]) !== 0) return false;
    }
    return true;
  }

  private isSpentOver(from: number): boolean {
    const { words } = this.spent;
    for (let i = 0; i < words.length; i++) {
      if ((words[i] & ~this.records[from + i]) !== 0) return false;
    }
    return true;
  }

  private append(slot: number, record: { hash: number; state: number; count: number }): void {
    const { done, spent } = this;
    const length = headerInts + record.count + spent.words.length;
    if (this.used + length > this.records.length) this.growRecords(length);
    const at = this.used;
    const header = [this.heads[slot], record.hash, record.state, done.low, record.count];
    this.records.set(header, at);
    for (let i = 0; i < record.count; i++) {
      this.records[at + headerInts + i] = done.words[done.low + i];
    }
    this.records.set(spent.words, at + headerInts + record.count);
    this.heads[slot] = at;
    this.used += length;
    this.size++;
    if (this.size > this.heads.length) this.growHeads();
  }

  private growRecords(least: number): void {
    const larger = new Int32Array(Math.max(this.records.length * 2, this.used + least));
    larger.set(this.records);
    this.records = larger;
  }

  private growHeads(): void {
    const heads = new Int32Array(this.heads.length * 4).fill(-1);
    const spentInts = this.spent.words.length;
    for (let at = 0; at < this.used; at += headerInts + this.records[at + 4] + spentInts) {
      const slot = this.records[at + 1] & (heads.length - 1);
      this.records[at] = heads[slot];
      heads[slot] = at;
    }
    this.heads = heads;
  }

  /** Bytes held. */
  get bytes(): number {
    return 4 * (this.heads.length + this.records.length);
  }
}

/** The finalizer of MurmurHash3 (A. Appleby, 2011). */
function mix(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

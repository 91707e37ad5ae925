/**
 * A Merkle tree over a list that only grows: the totals of machines in the order in which they
 * stood. One hash of 32 bytes, the root, promises all of them; a path of log2 n hashes shows that
 * an entry is among them, and another that an evening's list begins with the noon's.
 *
 * Source: RFC 6962, sections 2.1, 2.1.1 (audit paths) and 2.1.2 (consistency proofs).
 * Cost: 2 hashes an entry, amortised; 64 bytes of memory an entry; a proof looks up log2 n hashes
 * and makes at most as many.
 */
import { wholeInRange } from "../../../basics";
import { HashList } from "./hash-list";
import { emptyRoot, leafHash, nodeHash } from "./hashing";

/** What a citizen is given: where the entry is, and the hashes of the other halves on the way. */
export interface InclusionProof {
  /** Place of the entry, from 0. */
  readonly index: number;
  /** Entries of the tree whose root it leads to. */
  readonly size: number;
  /** From the leaf upwards, each as 64 hexadecimal digits. */
  readonly path: readonly string[];
}

/** Shows that the first `from` entries of a tree of `to` are those of the tree of `from`. */
export interface ConsistencyProof {
  readonly from: number;
  readonly to: number;
  /** As in RFC 6962, section 2.1.2. */
  readonly path: readonly string[];
}

export class MerkleLog {
  /** Level k: the hashes of whole subtrees of 2^k leaves, from the left. */
  private readonly levels: HashList[] = [new HashList()];

  static of(entries: Iterable<string | Uint8Array>): MerkleLog {
    const log = new MerkleLog();
    for (const entry of entries) log.append(entry);
    return log;
  }

  get size(): number {
    return this.level(0).length;
  }

  /** Returns the place of the entry, from 0. */
  append(entry: string | Uint8Array): number {
    const index = this.size;
    let hash = leafHash(entry);
    for (let k = 0; ; k++) {
      const level = this.level(k);
      level.push(hash);
      if (level.length % 2 === 1) return index;
      hash = nodeHash(level.at(level.length - 2), hash);
    }
  }

  /** The root of the first `size` entries as hexadecimal digits; default: of all. */
  root(size = this.size): string {
    wholeInRange("size", size, { min: 0, max: this.size });
    return hex(size === 0 ? emptyRoot() : this.hashOf(0, size));
  }

  /** Throws a RangeError for an index that is not in the first `size` entries. */
  inclusionProof(index: number, size = this.size): InclusionProof {
    wholeInRange("size", size, { min: 1, max: this.size });
    wholeInRange("index", index, { min: 0, max: size - 1 });
    return { index, size, path: this.pathOf(index, [0, size]).map(hex) };
  }

  /** Throws a RangeError unless 1 <= `from` <= `to` <= the size. */
  consistencyProof(from: number, to = this.size): ConsistencyProof {
    wholeInRange("to", to, { min: 1, max: this.size });
    wholeInRange("from", from, { min: 1, max: to });
    return { from, to, path: this.subProof(from, [0, to], true).map(hex) };
  }

  private level(k: number): HashList {
    return (this.levels[k] ??= new HashList());
  }

  /** MTH of the leaves from `start` to before `end`; `start` is where such a subtree begins. */
  private hashOf(start: number, end: number): Uint8Array {
    const count = end - start;
    const height = Math.ceil(Math.log2(count));
    if (2 ** height === count) return this.level(height).at(start / count);
    const middle = start + splitOf(count);
    return nodeHash(this.hashOf(start, middle), this.hashOf(middle, end));
  }

  /** PATH(m, D[n]), from the leaf upwards. */
  private pathOf(index: number, [start, end]: Range): Uint8Array[] {
    if (end - start === 1) return [];
    const middle = start + splitOf(end - start);
    return index < middle
      ? [...this.pathOf(index, [start, middle]), this.hashOf(middle, end)]
      : [...this.pathOf(index, [middle, end]), this.hashOf(start, middle)];
  }

  /** SUBPROOF(m, D[n], b): `isKnown` while the subtree is one whose root the reader has. */
  private subProof(from: number, [start, end]: Range, isKnown: boolean): Uint8Array[] {
    if (from === end) return isKnown ? [] : [this.hashOf(start, end)];
    const middle = start + splitOf(end - start);
    return from <= middle
      ? [...this.subProof(from, [start, middle], isKnown), this.hashOf(middle, end)]
      : [...this.subProof(from, [middle, end], false), this.hashOf(start, middle)];
  }
}

type Range = readonly [start: number, end: number];

/** The largest power of two below `count`, which is at least 2. */
function splitOf(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString("hex");
}

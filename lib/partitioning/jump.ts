/**
 * Jump consistent hash: buckets numbered from 0, no table at all, and near perfect balance. For
 * shards that are only added and removed at the end.
 *
 * Source: J. Lamping, E. Veach, "A fast, minimal memory, consistent hash algorithm", 2014, fig. 1.
 * Guarantees: from n to n + 1 buckets 1/(n+1) of the keys move, all into the new one. A node that
 * leaves from the middle is replaced by the last one, which moves twice as many keys as need be.
 * Cost: ln(n) steps; memory for the names of nodes alone. Whole weights: so many buckets.
 */
import { avalanche32, murmur32, wholeInRange } from "../basics";
import { checkCount, checkNodes, weightOf } from "./placement";
import type { Placement, PlacementNode } from "./placement";

/** The bucket of a key, from 0 to `buckets` - 1; a key is 64 bits in two halves. */
export function jumpHash(high: number, low: number, buckets: number): number {
  wholeInRange("buckets", buckets, { min: 1, max: 2 ** 31 - 1 });
  return jump(high | 0, low | 0, buckets);
}

/**
 * The generator is x -> 0x27bb2ee687b0b0fd x + 1 modulo 2^64, of which the upper 31 bits count. Its
 * halves are whole numbers of 32 bits and its products are made of pieces of 16: a lookup makes no
 * object and, but for one quotient a step, no fraction.
 */
function jump(keyHigh: number, keyLow: number, buckets: number): number {
  let high = keyHigh;
  let low = keyLow;
  let bucket = 0;
  for (;;) {
    const lower = low & 0xffff;
    const upper = low >>> 16;
    const across = Math.imul(lower, 0x87b0);
    const other = Math.imul(upper, 0xb0fd);
    const carry = (Math.imul(lower, 0xb0fd) >>> 16) + (across & 0xffff) + (other & 0xffff);
    const product = Math.imul(upper, 0x87b0) + (across >>> 16) + (other >>> 16) + (carry >>> 16);
    const wrapped = (Math.imul(high, 0x87b0b0fd) + Math.imul(low, 0x27bb2ee6)) | 0;
    low = (Math.imul(low, 0x87b0b0fd) + 1) | 0;
    high = (product + wrapped + (low === 0 ? 1 : 0)) | 0;
    const next = (bucket + 1) * (0x80000000 / ((high >>> 1) + 1));
    if (next >= buckets) return bucket;
    bucket = next | 0;
  }
}

export class JumpHash implements Placement {
  readonly nodes: readonly PlacementNode[];
  readonly tableBytes = 0;
  private readonly buckets: readonly string[];

  /**
   * `buckets`: whose each one is; default: as many a node as its weight, rounded, 1 at least.
   * Throws a RangeError for nodes that are wrong, and for buckets of others or of not all of them.
   */
  constructor(nodes: readonly PlacementNode[], buckets?: readonly string[]) {
    checkNodes(nodes);
    this.nodes = nodes;
    this.buckets = buckets ?? nodes.flatMap((node) => bucketsOf(node));
    const owners = new Set(this.buckets);
    if (owners.size !== nodes.length || !nodes.every(({ id }) => owners.has(id))) {
      throw new RangeError("each of the nodes, and nobody else, must have a bucket");
    }
  }

  owner(key: string): string {
    return this.bucket(key, 0);
  }

  /** The next ones by further hashes of the key; the last of them may be slow to find. */
  owners(key: string, count: number): string[] {
    checkCount(count);
    const found: string[] = [];
    const wanted = Math.min(count, this.nodes.length);
    for (let turn = 0; turn < 8 * this.buckets.length && found.length < wanted; turn++) {
      const id = this.bucket(key, turn);
      if (!found.includes(id)) found.push(id);
    }
    const rest = this.nodes.map(({ id }) => id).filter((id) => !found.includes(id));
    return [...found, ...rest].slice(0, wanted);
  }

  /** The buckets of those who left are the last ones' then; those who come get new ones. */
  withNodes(nodes: readonly PlacementNode[]): JumpHash {
    const missing = nodes.flatMap((node) => bucketsOf(node));
    const kept = this.buckets.map((id) => {
      const at = missing.indexOf(id);
      if (at >= 0) missing.splice(at, 1);
      return at >= 0 ? id : undefined;
    });
    const buckets: (string | undefined)[] = [...kept];
    for (const id of missing) {
      const free = buckets.indexOf(undefined);
      if (free >= 0) buckets[free] = id;
      else buckets.push(id);
    }
    return new JumpHash(nodes, filledFromTheEnd(buckets));
  }

  private bucket(key: string, turn: number): string {
    const hash = murmur32(key, turn);
    return this.buckets[jump(hash | 0, avalanche32(hash) | 0, this.buckets.length)];
  }
}

function bucketsOf(node: PlacementNode): string[] {
  return Array<string>(Math.max(1, Math.round(weightOf(node)))).fill(node.id);
}

function filledFromTheEnd(buckets: (string | undefined)[]): string[] {
  const filled = [...buckets];
  for (let at = filled.indexOf(undefined); at >= 0; at = filled.indexOf(undefined)) {
    const last = filled.pop();
    if (at < filled.length) filled[at] = last;
  }
  return filled as string[];
}

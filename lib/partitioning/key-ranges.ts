/**
 * Placement by ranges of keys, which keeps neighbours together, so that a scan asks few nodes. A
 * range that grows is split; ranges move whole.
 *
 * Source: F. Chang et al., "Bigtable: a distributed storage system for structured data", OSDI 2006,
 * section 5.1 (tablets), cut down to placement: the first split points come from a sample of keys.
 * Guarantees: a join, leave or reweight moves whole ranges, to and from those concerned only, as
 * many as bring all within one range of their share.
 * Cost: a lookup is a binary search; a range is its first key and two numbers.
 */
import { inRange, wholeInRange } from "../basics";
import { checkCount, checkNodes, weightOf } from "./placement";
import type { Placement, PlacementNode } from "./placement";

export interface KeyRange {
  /** The first key that may be in it; the range goes on to the next one's. */
  readonly from: string;
  readonly node: string;
  /** Its part of all keys, 0 to 1, as far as is known. */
  readonly share: number;
}

export class KeyRanges implements Placement {
  private readonly starts: readonly string[];

  /** Ranges in the order of their first keys, the first one "". Throws a RangeError otherwise. */
  constructor(
    readonly nodes: readonly PlacementNode[],
    readonly ranges: readonly KeyRange[],
  ) {
    checkNodes(nodes);
    this.starts = ranges.map(({ from }) => from);
    for (const { from, share } of ranges) inRange(`share of "${from}"`, share, { min: 0, max: 1 });
    const isSorted = this.starts.every((from, i) => i === 0 || this.starts[i - 1] < from);
    if (this.starts[0] !== "" || !isSorted) {
      throw new RangeError('ranges must begin with "" and be in the order of their first keys');
    }
    const stranger = ranges.find(({ node }) => !nodes.some(({ id }) => id === node));
    if (stranger !== undefined) throw new RangeError(`there is no node "${stranger.node}"`);
  }

  /** Even ranges by a sample of the keys, shared out by weight; so many a node, default 16. */
  static fromSample(
    nodes: readonly PlacementNode[],
    sample: readonly string[],
    rangesPerNode = 16,
  ): KeyRanges {
    checkNodes(nodes);
    wholeInRange("rangesPerNode", rangesPerNode, { min: 1, max: 10_000 });
    const sorted = [...new Set(sample)].sort();
    const count = Math.max(1, Math.min(nodes.length * rangesPerNode, sorted.length));
    const starts = Array.from({ length: count }, (_, i) =>
      i === 0 ? "" : sorted[Math.floor((i * sorted.length) / count)],
    );
    const ranges = starts.map((from) => ({ from, node: "", share: 1 / count }));
    return new KeyRanges(nodes, sharedOut(ranges, nodes));
  }

  /** The characters of the split points in two bytes each, and 12 bytes a range. */
  get tableBytes(): number {
    return this.starts.reduce((sum, start) => sum + 2 * start.length + 12, 0);
  }

  owner(key: string): string {
    return this.ranges[this.find(key)].node;
  }

  owners(key: string, count: number): string[] {
    checkCount(count);
    const found: string[] = [];
    const start = this.find(key);
    for (let i = 0; i < this.ranges.length && found.length < count; i++) {
      const { node } = this.ranges[(start + i) % this.ranges.length];
      if (!found.includes(node)) found.push(node);
    }
    return found;
  }

  withNodes(nodes: readonly PlacementNode[]): KeyRanges {
    return new KeyRanges(nodes, sharedOut(this.ranges, nodes));
  }

  /** A range in two; `leftShare` of its keys (0 to 1, default half) stay before the new start. */
  split(at: string, leftShare = 0.5): KeyRanges {
    inRange("leftShare", leftShare, { min: 0, max: 1 });
    const index = this.find(at);
    const { from, node, share } = this.ranges[index];
    if (from === at) throw new RangeError(`a range begins at "${at}" already`);
    const halves = [
      { from, node, share: share * leftShare },
      { from: at, node, share: share * (1 - leftShare) },
    ];
    const [before, after] = [this.ranges.slice(0, index), this.ranges.slice(index + 1)];
    return new KeyRanges(this.nodes, [...before, ...halves, ...after]);
  }

  /** The range that the key is in. */
  private find(key: string): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Ranges of nodes that are gone go to those furthest below their share; then the fullest give. */
function sharedOut(ranges: readonly KeyRange[], nodes: readonly PlacementNode[]): KeyRange[] {
  const result = ranges.map((range) => ({ ...range }));
  const total = nodes.reduce((sum, node) => sum + weightOf(node), 0);
  /** Above 0: has more than its share. */
  const excess = new Map(nodes.map((node) => [node.id, -weightOf(node) / total]));
  const count = (id: string, share: number): unknown =>
    excess.set(id, (excess.get(id) as number) + share);
  for (const { node, share } of result) if (excess.has(node)) count(node, share);
  const extreme = (sign: number): [string, number] =>
    [...excess].reduce((best, next) => (sign * next[1] > sign * best[1] ? next : best));
  for (const range of result.filter(({ node }) => !excess.has(node))) {
    range.node = extreme(-1)[0];
    count(range.node, range.share);
  }
  for (let moves = 0; moves < result.length; moves++) {
    const [[fullest, over], [emptiest, under]] = [extreme(1), extreme(-1)];
    // A move must leave both nearer their shares than they were.
    const movable = result.filter(({ node, share }) => node === fullest && share < over - under);
    const range = movable.sort((left, right) => right.share - left.share)[0];
    if (range === undefined || over - under - range.share < 1e-9) break;
    range.node = emptiest;
    count(fullest, -range.share);
    count(emptiest, range.share);
  }
  return result;
}

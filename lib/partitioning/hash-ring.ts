/**
 * Consistent hashing: nodes stand at many points of a ring, and a key belongs to the first point at
 * or after its own; who joins takes keys from all others, and nobody else gives or gets any.
 *
 * Source: D. Karger et al., "Consistent hashing and random trees", STOC 1997, section 4; virtual
 * nodes and weights as in I. Stoica et al., "Chord", 2001, and libketama.
 * Guarantees: minimal movement in the dialect "murmur3"; "ketama" rounds shares of the sum of all
 * weights, so that a join may move keys between others. Load within about 1/sqrt(points).
 * Cost: 8 bytes a point and as much for an index that makes a lookup O(1) in the mean.
 */
import { oneOf, wholeInRange, withDefaults } from "../basics";
import { checkCount, checkNodes } from "./placement";
import type { Placement, PlacementNode } from "./placement";
import { ringHash, ringPoints } from "./ring-points";
import type { RingDialect } from "./ring-points";

export interface HashRingOptions {
  /** Points of a node of weight 1, from 1 to 10,000; default 160. Not for "ketama". */
  readonly pointsPerNode: number;
  /** "ketama" has the owners of the npm package hashring; default "murmur3". */
  readonly dialect: RingDialect;
}

const defaults: HashRingOptions = { pointsPerNode: 160, dialect: "murmur3" };

export class HashRing implements Placement {
  readonly options: HashRingOptions;
  private readonly points: Uint32Array;
  private readonly owned: Uint32Array;
  private readonly ids: readonly string[];
  /** For each slice of the ring, the first point in it or after it. */
  private readonly firsts: Uint32Array;
  private readonly shift: number;

  /** Throws a RangeError for nodes and options that are wrong. */
  constructor(
    readonly nodes: readonly PlacementNode[],
    options: Partial<HashRingOptions> = {},
  ) {
    checkNodes(nodes);
    this.options = withDefaults("a hash ring", defaults, options);
    const { pointsPerNode, dialect } = this.options;
    wholeInRange("pointsPerNode", pointsPerNode, { min: 1, max: 10_000 });
    oneOf("dialect", dialect, ["murmur3", "ketama"]);
    this.ids = nodes.map(({ id }) => id);
    const made = ringPoints(nodes, dialect, pointsPerNode);
    [this.points, this.owned] = [made.points, made.nodes];
    const bits = Math.max(1, Math.ceil(Math.log2(this.points.length)));
    this.shift = 32 - bits;
    this.firsts = firstsOf(this.points, bits);
  }

  get tableBytes(): number {
    return this.points.byteLength + this.owned.byteLength + this.firsts.byteLength;
  }

  owner(key: string): string {
    return this.ids[this.owned[this.find(ringHash(key, this.options.dialect))]];
  }

  owners(key: string, count: number): string[] {
    return this.ownersAt(ringHash(key, this.options.dialect), count);
  }

  /** The first nodes at or after a place on the ring, from 0 to 2^32 - 1. */
  ownersAt(place: number, count: number): string[] {
    wholeInRange("place", place, { min: 0, max: 2 ** 32 - 1 });
    checkCount(count);
    const found: string[] = [];
    const start = this.find(place);
    for (let i = 0; i < this.points.length && found.length < count; i++) {
      const id = this.ids[this.owned[(start + i) % this.points.length]];
      if (!found.includes(id)) found.push(id);
    }
    return found;
  }

  withNodes(nodes: readonly PlacementNode[]): HashRing {
    return new HashRing(nodes, this.options);
  }

  /** The index of the first point at or after a place. */
  private find(place: number): number {
    const { points } = this;
    let at = this.firsts[place >>> this.shift];
    while (at < points.length && points[at] < place) at++;
    return at === points.length ? 0 : at;
  }
}

function firstsOf(points: Uint32Array, bits: number): Uint32Array {
  const firsts = new Uint32Array(2 ** bits);
  let at = 0;
  for (let slice = 0; slice < firsts.length; slice++) {
    while (at < points.length && points[at] < slice * 2 ** (32 - bits)) at++;
    firsts[slice] = at;
  }
  return firsts;
}

/**
 * Rendezvous hashing: every node scores the key and the highest score has it; the second highest is
 * the natural place of a copy. Exact weights, no table, and nothing moves that need not.
 *
 * Source: D. Thaler, C. Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM
 * Transactions on Networking 6(1), 1998; the weights, -w / ln(hash), are the logarithmic method of
 * C. Schindelhauer and G. Schomaker, "Weighted distributed hash tables", SPAA 2005.
 * Guarantees: minimal movement on join, leave and reweight; shares exactly by weight.
 * Cost: a lookup looks at every node; 4 bytes a node.
 */
import { avalanche32, murmur32 } from "../basics";
import { checkCount, checkNodes, weightOf } from "./placement";
import type { Placement, PlacementNode } from "./placement";

export class Rendezvous implements Placement {
  /** In order: of equal scores the lesser name's counts, in whatever order nodes were named. */
  private readonly ids: readonly string[];
  private readonly seeds: Uint32Array;
  private readonly weights: Float64Array;
  private readonly isEven: boolean;

  /** Throws a RangeError for nodes that are wrong. */
  constructor(readonly nodes: readonly PlacementNode[]) {
    checkNodes(nodes);
    const sorted = [...nodes].sort((left, right) => (left.id < right.id ? -1 : 1));
    this.ids = sorted.map(({ id }) => id);
    this.seeds = Uint32Array.from(this.ids, (id) => murmur32(id));
    this.weights = Float64Array.from(sorted, weightOf);
    this.isEven = this.weights.every((weight) => weight === this.weights[0]);
  }

  get tableBytes(): number {
    return this.seeds.byteLength + (this.isEven ? 0 : this.weights.byteLength);
  }

  owner(key: string): string {
    const hash = murmur32(key);
    let [best, bestScore] = [0, -1];
    for (let node = 0; node < this.seeds.length; node++) {
      const score = this.score(hash, node);
      if (score <= bestScore) continue;
      [best, bestScore] = [node, score];
    }
    return this.ids[best];
  }

  owners(key: string, count: number): string[] {
    checkCount(count);
    const hash = murmur32(key);
    const scored = this.ids.map((id, node) => ({ id, score: this.score(hash, node) }));
    scored.sort((left, right) => right.score - left.score);
    return scored.slice(0, count).map(({ id }) => id);
  }

  withNodes(nodes: readonly PlacementNode[]): Rendezvous {
    return new Rendezvous(nodes);
  }

  /** Equal weights need no logarithm: it changes no order. */
  private score(hash: number, node: number): number {
    const mixed = avalanche32(Math.imul(hash ^ this.seeds[node], 0x9e3779b1) + this.seeds[node]);
    if (this.isEven) return mixed;
    return -this.weights[node] / Math.log((mixed + 0.5) / 2 ** 32);
  }
}

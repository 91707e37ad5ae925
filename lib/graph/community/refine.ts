/**
 * Splits communities into parts that hang together: each vertex begins alone and may join a part
 * of its own community only.
 *
 * Source: V. Traag, L. Waltman, N. J. van Eck, "From Louvain to Leiden: guaranteeing well-connected
 * communities", 2019, algorithm A.2; ours joins the best part rather than a random good one, as
 * S. Sahu, "GVE-Leiden", 2023, does.
 * Guarantees: every part is connected.
 */
import { everyoneAlone } from "./level";
import type { Level } from "./level";
import { shuffledVertices } from "./local-moves";
import type { MoveOptions } from "./local-moves";

/** The part of each vertex; numbers are below the level's size. */
export function refine(level: Level, communities: Uint32Array, options: MoveOptions): Uint32Array {
  const refinement = new Refinement(level, communities, options.resolution);
  for (const vertex of shuffledVertices(level.size, options.random)) refinement.visit(vertex);
  return refinement.parts;
}

class Refinement {
  readonly parts: Uint32Array;
  private readonly partStrengths: Float64Array;
  private readonly partSizes: Uint32Array;
  /** Weight between a part and the rest of its community. */
  private readonly outward: Float64Array;
  private readonly communityStrengths: Float64Array;
  private readonly links: Float64Array;
  private readonly factor: number;

  constructor(
    private readonly level: Level,
    private readonly communities: Uint32Array,
    resolution: number,
  ) {
    const { size, offsets, targets, weights } = level;
    this.parts = everyoneAlone(size);
    this.partStrengths = level.strengths.slice();
    this.partSizes = new Uint32Array(size).fill(1);
    this.outward = new Float64Array(size);
    this.communityStrengths = new Float64Array(size);
    this.links = new Float64Array(size).fill(-1);
    this.factor = resolution / level.totalStrength;
    for (let vertex = 0; vertex < size; vertex++) {
      this.communityStrengths[communities[vertex]] += level.strengths[vertex];
      for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
        const other = targets[i];
        const isInside = other !== vertex && communities[other] === communities[vertex];
        if (isInside) this.outward[vertex] += weights[i];
      }
    }
  }

  visit(vertex: number): void {
    if (this.partSizes[this.parts[vertex]] !== 1 || !this.isWellConnected(this.parts[vertex])) {
      return;
    }
    const near = this.gatherLinks(vertex);
    const strength = this.level.strengths[vertex];
    let [best, bestGain] = [-1, 0];
    for (const part of near) {
      const gain = this.links[part] - this.factor * strength * this.partStrengths[part];
      if (gain > bestGain && this.isWellConnected(part)) [best, bestGain] = [part, gain];
    }
    if (best !== -1) this.join(vertex, best);
    for (const part of near) this.links[part] = -1;
  }

  /** Linked to the rest of its community at least as much as chance would link it. */
  private isWellConnected(part: number): boolean {
    const all = this.communityStrengths[this.communities[part]];
    const strength = this.partStrengths[part];
    return this.outward[part] >= this.factor * strength * (all - strength);
  }

  private join(vertex: number, part: number): void {
    const own = this.parts[vertex];
    this.parts[vertex] = part;
    this.partSizes[own] = 0;
    this.partSizes[part]++;
    this.partStrengths[part] += this.partStrengths[own];
    // What joined the two is now inside, seen from both.
    this.outward[part] += this.outward[own] - 2 * this.links[part];
  }

  private gatherLinks(vertex: number): number[] {
    const { offsets, targets, weights } = this.level;
    const near: number[] = [];
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      const other = targets[i];
      if (other === vertex || this.communities[other] !== this.communities[vertex]) continue;
      const part = this.parts[other];
      if (this.links[part] === -1) {
        this.links[part] = 0;
        near.push(part);
      }
      this.links[part] += weights[i];
    }
    return near;
  }
}

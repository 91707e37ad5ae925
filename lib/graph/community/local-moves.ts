/**
 * Moves vertices one by one to the community of a neighbour that raises modularity most, until no
 * single move does.
 *
 * Source: V. Blondel and others, "Fast unfolding of communities in large networks", 2008, phase 1;
 * the queue of Traag, Waltman and van Eck 2019, section "Fast local move": only neighbours of what
 * moved are looked at again.
 * Cost: about linear in arcs in practice.
 */
import type { Random } from "../../basics";
import type { Level } from "./level";

export interface MoveOptions {
  readonly resolution: number;
  readonly random: Random;
}

/** Changes `communities`, whose numbers are below the level's size. */
export function moveLocally(
  level: Level,
  communities: Uint32Array,
  { resolution, random }: MoveOptions,
): void {
  const { size, offsets, targets } = level;
  const table = new CommunityTable(level, communities, resolution);
  const queue = shuffledRuns(size, random);
  const isWaiting = new Uint8Array(size).fill(1);
  let [head, waiting] = [0, size];
  while (waiting > 0) {
    const vertex = queue[head];
    head = head + 1 === size ? 0 : head + 1;
    waiting--;
    isWaiting[vertex] = 0;
    if (!table.moveToBest(vertex)) continue;
    const community = communities[vertex];
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      const other = targets[i];
      if (isWaiting[other] === 1 || communities[other] === community) continue;
      isWaiting[other] = 1;
      let tail = head + waiting++;
      if (tail >= size) tail -= size;
      queue[tail] = other;
    }
  }
}

/** Smaller gains are rounding; a share of all strength. */
const leastGain = 1e-12;

class CommunityTable {
  /**
   * Two numbers a community, side by side as they are read together: the weight from the vertex in
   * hand to it, 0 between two visits; and the strength of its members.
   */
  private readonly sums: Float64Array;
  private readonly sizes: Uint32Array;
  private readonly empty: number[] = [];
  /** Communities of the neighbours of the vertex in hand. */
  private readonly near: Uint32Array;
  private readonly factor: number;
  private readonly margin: number;

  constructor(
    private readonly level: Level,
    private readonly communities: Uint32Array,
    resolution: number,
  ) {
    this.sums = new Float64Array(2 * level.size);
    this.sizes = new Uint32Array(level.size);
    this.near = new Uint32Array(mostArcs(level) + 1);
    this.factor = resolution / level.totalStrength;
    this.margin = leastGain * level.totalStrength;
    for (let vertex = 0; vertex < level.size; vertex++) {
      this.sums[2 * communities[vertex] + 1] += level.strengths[vertex];
      this.sizes[communities[vertex]]++;
    }
    for (let community = level.size - 1; community >= 0; community--) {
      if (this.sizes[community] === 0) this.empty.push(community);
    }
  }

  /** Whether the vertex has moved. */
  moveToBest(vertex: number): boolean {
    const { communities, sums, near } = this;
    const own = communities[vertex];
    const strength = this.level.strengths[vertex];
    const found = this.gatherLinks(vertex);
    sums[2 * own + 1] -= strength;
    const scale = this.factor * strength;
    let best = own;
    let bestGain = sums[2 * own] - scale * sums[2 * own + 1] + this.margin;
    for (let i = 0; i < found; i++) {
      const community = near[i];
      const gain = sums[2 * community] - scale * sums[2 * community + 1];
      sums[2 * community] = 0;
      if (gain <= bestGain) continue;
      best = community;
      bestGain = gain;
    }
    // Alone, it gains nothing and loses nothing.
    if (bestGain < 0 && this.sizes[own] > 1) best = this.empty[this.empty.length - 1];
    sums[2 * best + 1] += strength;
    if (best === own) return false;
    this.settle(vertex, own, best);
    return true;
  }

  private settle(vertex: number, from: number, to: number): void {
    if (this.sizes[to]++ === 0) this.empty.pop();
    if (--this.sizes[from] === 0) this.empty.push(from);
    this.communities[vertex] = to;
  }

  /** How many communities are near; one of weight 0 may be there twice, which does no harm. */
  private gatherLinks(vertex: number): number {
    const { communities, sums, near } = this;
    const { offsets, targets, weights } = this.level;
    const end = offsets[vertex + 1];
    let found = 0;
    for (let i = offsets[vertex]; i < end; i++) {
      if (targets[i] === vertex) continue;
      const community = communities[targets[i]];
      // Written in any case, and counted without a branch: a processor would guess it wrong.
      near[found] = community;
      found += Number(sums[2 * community] === 0);
      sums[2 * community] += weights[i];
    }
    return found;
  }
}

function mostArcs({ size, offsets }: Level): number {
  let most = 0;
  for (let v = 0; v < size; v++) most = Math.max(most, offsets[v + 1] - offsets[v]);
  return most;
}

const smallSize = 4_096;
const runLength = 32;

/** Large graphs in runs of neighbours in memory: a list that is far away takes long to come. */
function shuffledRuns(size: number, random: Random): Uint32Array {
  if (size < smallSize) return shuffledVertices(size, random);
  const order = new Uint32Array(size);
  let place = 0;
  for (const run of shuffledVertices(Math.ceil(size / runLength), random)) {
    const end = Math.min(size, (run + 1) * runLength);
    for (let vertex = run * runLength; vertex < end; vertex++) order[place++] = vertex;
  }
  return order;
}

export function shuffledVertices(size: number, random: Random): Uint32Array {
  const order = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const j = random.below(i + 1);
    order[i] = order[j];
    order[j] = i;
  }
  return order;
}

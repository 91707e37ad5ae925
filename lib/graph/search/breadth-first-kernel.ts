/** The levels of a breadth-first search, on one thread or several; see breadth-first.ts. */
import type { Kernel } from "../team/kernel";
import type { Team } from "../team/team";

/** All arrays lie in shared memory. */
export interface BreadthFirstInput {
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
  /** Arcs into each vertex; undefined: only walk along the arcs. */
  readonly inward: { readonly offsets: Uint32Array; readonly sources: Uint32Array } | undefined;
  readonly depths: Int32Array;
  readonly parents: Int32Array;
  /** The frontier, and the next one. */
  readonly queues: readonly [Uint32Array, Uint32Array];
  /** Of vertices, for walking against the arcs. */
  readonly blocks: Uint32Array;
  readonly state: Int32Array;
}

/** Places in `state`; "next" is what is being found. */
export const place = {
  depth: 0,
  length: 1,
  arcs: 2,
  nextLength: 3,
  nextArcs: 4,
  openArcs: 5,
  isBottomUp: 6,
  bottomUpSteps: 7,
  size: 8,
} as const;

/** Beamer, Asanovic and Patterson 2012, section 5.4; 14 and 24 are theirs. */
const alpha = 14;
const beta = 24;
const queueBlock = 512;

export const run: Kernel<BreadthFirstInput>["run"] = (input, team, tell) => {
  const { state, depths } = input;
  let done = 0;
  while (state[place.length] > 0) {
    done += state[place.length];
    if (team.worker === 0) tell(done, depths.length);
    const conclude = (): void => enterNext(input);
    if (state[place.isBottomUp] === 1) {
      team.each(input.blocks.length - 1, (block) => lookBack(input, block), conclude);
    } else {
      const blocks = Math.ceil(state[place.length] / queueBlock);
      team.each(blocks, (block) => walkOn(input, block, team), conclude);
    }
  }
};

/** Top-down: from the frontier to its neighbours. */
function walkOn(input: BreadthFirstInput, block: number, team: Team): void {
  const { offsets, targets, depths, parents, state } = input;
  const depth = state[place.depth] + 1;
  const queue = input.queues[state[place.depth] % 2];
  const end = Math.min(state[place.length], (block + 1) * queueBlock);
  const found: number[] = [];
  for (let i = block * queueBlock; i < end; i++) {
    const vertex = queue[i];
    for (let j = offsets[vertex]; j < offsets[vertex + 1]; j++) {
      const target = targets[j];
      const known = depths[target];
      if (known !== -1 && known !== depth) continue;
      if (team.isAlone) {
        if (known === -1) found.push(target);
        depths[target] = depth;
        if (known === -1 || parents[target] > vertex) parents[target] = vertex;
      } else {
        if (Atomics.compareExchange(depths, target, -1, depth) === -1) found.push(target);
        lowerParent(parents, target, vertex);
      }
    }
  }
  append(input, found);
}

/** The smallest of the possible parents, whichever thread comes last. -1: none yet. */
function lowerParent(parents: Int32Array, vertex: number, parent: number): void {
  for (;;) {
    const known = Atomics.load(parents, vertex);
    if (known !== -1 && known <= parent) return;
    if (Atomics.compareExchange(parents, vertex, known, parent) === known) return;
  }
}

/** Bottom-up: from those not yet found to a neighbour in the frontier, the first one. */
function lookBack(input: BreadthFirstInput, block: number): void {
  const { depths, parents, state, blocks, inward } = input;
  if (inward === undefined) return;
  const { offsets, sources } = inward;
  const depth = state[place.depth];
  const found: number[] = [];
  for (let vertex = blocks[block]; vertex < blocks[block + 1]; vertex++) {
    if (depths[vertex] !== -1) continue;
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      if (depths[sources[i]] !== depth) continue;
      depths[vertex] = depth + 1;
      parents[vertex] = sources[i];
      found.push(vertex);
      break;
    }
  }
  append(input, found);
}

function append({ offsets, queues, state }: BreadthFirstInput, found: readonly number[]): void {
  if (found.length === 0) return;
  const next = queues[(state[place.depth] + 1) % 2];
  const first = Atomics.add(state, place.nextLength, found.length);
  let arcs = 0;
  for (let i = 0; i < found.length; i++) {
    next[first + i] = found[i];
    arcs += offsets[found[i] + 1] - offsets[found[i]];
  }
  Atomics.add(state, place.nextArcs, arcs);
}

/** Done by one thread between two levels. */
function enterNext({ state, inward, depths }: BreadthFirstInput): void {
  if (state[place.isBottomUp] === 1) state[place.bottomUpSteps]++;
  state[place.depth]++;
  state[place.length] = state[place.nextLength];
  state[place.arcs] = state[place.nextArcs];
  state[place.openArcs] -= state[place.nextArcs];
  state[place.nextLength] = state[place.nextArcs] = 0;
  if (inward === undefined) return;
  const isBottomUp = state[place.isBottomUp] === 1;
  const isWide = state[place.arcs] > state[place.openArcs] / alpha;
  const isNarrow = state[place.length] < depths.length / beta;
  state[place.isBottomUp] = !isNarrow && (isBottomUp || isWide) ? 1 : 0;
}

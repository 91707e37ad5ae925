/** The iterations of PageRank, on one thread or several; see page-rank.ts. */
import type { Kernel } from "../team/kernel";
import type { Team } from "../team/team";
import type { Slots } from "./slots";

/** All arrays lie in shared memory, and are by slot unless said. */
export interface PageRankInput {
  readonly slots: Slots;
  /** Arcs into each vertex, by vertex. */
  readonly inward: {
    readonly offsets: Uint32Array;
    readonly targets: Uint32Array;
    readonly weights?: Float64Array | undefined;
  };
  /** Arcs into each slot, from which slots, with their weights: filled in by the kernel. */
  readonly arcs: Arcs;
  /** Where a walker goes who jumps; sums to 1. Undefined: to all vertices alike. */
  readonly jumps: Float64Array | undefined;
  /** Of the core alone. */
  readonly ranks: Float64Array;
  /** Rank times share, of the core: of an iteration, the next one, and the one before. */
  readonly flows: readonly Float64Array[];
  /** The answer, by vertex. */
  readonly result: Float64Array;
  /** By block: how much ranks changed; and what they are together, in the core. */
  readonly changes: Float64Array;
  readonly sums: Float64Array;
  readonly state: Float64Array;
  readonly damping: number;
  readonly tolerance: number;
  readonly maxIterations: number;
}

interface Arcs {
  readonly sources: Uint32Array;
  readonly weights: Float64Array | undefined;
}

/**
 * Places in `state`. `jump`: what a vertex has from jumps, times its own share of them if they are
 * personal; of the last iteration, of the one before it, and of the next.
 */
export const place = {
  ...{ iterations: 0, change: 1, jump: 2, jumpBefore: 3, nextJump: 4, length: 5 },
} as const;

export const run: Kernel<PageRankInput>["run"] = (input, team, tell) => {
  const { state, tolerance, maxIterations } = input;
  const isNear = (): boolean => {
    return state[place.change] < tolerance || state[place.iterations] >= maxIterations;
  };
  fill(input, team);
  do {
    iterate(input, team);
    if (team.worker === 0) tell(state[place.iterations], maxIterations);
    if (isNear()) lookAtRest(input, team);
  } while (!isNear());
  answer(input, team);
};

/** Lists of arcs in the order of slots. */
function fill({ slots, inward, arcs }: PageRankInput, team: Team): void {
  const { order, slotOf, offsets, blocks } = slots;
  const { sources, weights } = arcs;
  team.each(blocks.length - 1, (block) => {
    let next = offsets[blocks[block]];
    for (let slot = blocks[block]; slot < blocks[block + 1]; slot++) {
      const vertex = order[slot];
      const last = inward.offsets[vertex + 1];
      for (let i = inward.offsets[vertex]; i < last; i++) {
        if (weights && inward.weights) weights[next] = inward.weights[i];
        sources[next++] = slotOf[inward.targets[i]];
      }
    }
  });
}

/** The core. Of the rest only the sum of its ranks is needed: what those of the core leave of 1. */
function iterate(input: PageRankInput, team: Team): void {
  const { state, damping, jumps, result } = input;
  const count = input.slots.coreBlocks;
  team.each(
    count,
    (block) => pull(input, block),
    () => {
      state[place.change] = sum(input.changes, 0, count);
      state[place.jumpBefore] = state[place.jump];
      state[place.jump] = state[place.nextJump];
      const jumping = 1 - damping + damping * (1 - sum(input.sums, 0, count));
      state[place.nextJump] = jumps === undefined ? jumping / result.length : jumping;
      state[place.iterations]++;
    },
  );
}

function pull(input: PageRankInput, block: number): void {
  const { slots, arcs, jumps, ranks, damping, flows, state } = input;
  const { offsets, shares, blocks } = slots;
  const iteration = state[place.iterations];
  const [from, into] = [flows[iteration % 3], flows[(iteration + 1) % 3]];
  const jump = state[place.nextJump];
  const end = blocks[block + 1];
  let change = 0;
  let together = 0;
  let next = offsets[blocks[block]];
  for (let slot = blocks[block]; slot < end; slot++) {
    const first = next;
    next = offsets[slot + 1];
    const inflow = sumOf(from, arcs, first, next);
    const rank = damping * inflow + (jumps === undefined ? jump : jump * jumps[slot]);
    change += Math.abs(rank - ranks[slot]);
    together += rank;
    ranks[slot] = rank;
    into[slot] = rank * shares[slot];
  }
  input.changes[block] = change;
  input.sums[block] = together;
}

/** Once the core is near its end: what the rest has, and how much that has changed. */
function lookAtRest(input: PageRankInput, team: Team): void {
  const { state, slots } = input;
  const [first, end] = [slots.coreBlocks, slots.blocks.length - 1];
  team.each(
    end - first,
    (block) => pullRest(input, first + block),
    () => void (state[place.change] += sum(input.changes, first, end)),
  );
}

function pullRest(input: PageRankInput, block: number): void {
  const { slots, arcs, jumps, damping, flows, state, result } = input;
  const { offsets, blocks, order } = slots;
  const iteration = state[place.iterations];
  const [from, before] = [flows[(iteration + 2) % 3], flows[(iteration + 1) % 3]];
  let change = 0;
  for (let slot = blocks[block]; slot < blocks[block + 1]; slot++) {
    const [first, last] = [offsets[slot], offsets[slot + 1]];
    const share = jumps === undefined ? 1 : jumps[slot];
    const rank = damping * sumOf(from, arcs, first, last) + share * state[place.jump];
    const old = damping * sumOf(before, arcs, first, last) + share * state[place.jumpBefore];
    change += Math.abs(rank - old);
    result[order[slot]] = rank;
  }
  input.changes[block] = change;
}

function answer({ slots, ranks, result }: PageRankInput, team: Team): void {
  const { order, blocks, coreBlocks } = slots;
  team.each(coreBlocks, (block) => {
    for (let slot = blocks[block]; slot < blocks[block + 1]; slot++) {
      result[order[slot]] = ranks[slot];
    }
  });
}

/** Four sums side by side: an addition need not wait for the one before. */
function sumOf(from: Float64Array, arcs: Arcs, first: number, last: number): number {
  const { sources, weights } = arcs;
  if (weights !== undefined) return weightedSumOf(from, { sources, weights }, first, last);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = first;
  for (; i + 3 < last; i += 4) {
    a += from[sources[i]];
    b += from[sources[i + 1]];
    c += from[sources[i + 2]];
    d += from[sources[i + 3]];
  }
  for (; i < last; i++) a += from[sources[i]];
  return a + b + (c + d);
}

function weightedSumOf(
  from: Float64Array,
  { sources, weights }: { readonly sources: Uint32Array; readonly weights: Float64Array },
  first: number,
  last: number,
): number {
  let total = 0;
  for (let i = first; i < last; i++) total += from[sources[i]] * weights[i];
  return total;
}

/** In the order of the blocks, whoever has done them. */
function sum(parts: Float64Array, first: number, end: number): number {
  let total = 0;
  for (let i = first; i < end; i++) total += parts[i];
  return total;
}

/** The iterations of PageRank, on one thread or several; see page-rank.ts. */
import type { Kernel } from "../team/kernel";
import type { Team } from "../team/team";

/** All arrays lie in shared memory. */
export interface PageRankInput {
  /** Arcs into each vertex. */
  readonly offsets: Uint32Array;
  readonly sources: Uint32Array;
  readonly weights: Float64Array | undefined;
  /** 1 over the weight of all arcs out of a vertex; 0 for a dangling one. */
  readonly shares: Float64Array;
  /** Where a walker goes who jumps; sums to 1. Undefined: to all vertices alike. */
  readonly jumps: Float64Array | undefined;
  readonly ranks: Float64Array;
  /** Rank times share of each vertex: of the last iteration, and of the next. */
  readonly flows: readonly [Float64Array, Float64Array];
  /** Vertices by the number of arcs into them, so that the loops of neighbours are as long. */
  readonly order: Uint32Array;
  /** Of `order`. */
  readonly blocks: Uint32Array;
  /** By block: how much ranks changed, and the rank of dangling vertices. */
  readonly changes: Float64Array;
  readonly dangling: Float64Array;
  readonly state: Float64Array;
  readonly damping: number;
  readonly tolerance: number;
  readonly maxIterations: number;
}

/** Places in `state`. */
export const place = { iterations: 0, change: 1, dangling: 2, length: 3 } as const;

export const run: Kernel<PageRankInput>["run"] = (input, team, tell) => {
  const { state, tolerance, maxIterations } = input;
  const blocks = input.blocks.length - 1;
  do {
    const iteration = state[place.iterations];
    step(input, team, iteration);
    if (team.worker === 0) tell(iteration + 1, maxIterations);
  } while (
    blocks > 0 &&
    state[place.change] >= tolerance &&
    state[place.iterations] < maxIterations
  );
};

function step(input: PageRankInput, team: Team, iteration: number): void {
  const { state, damping, jumps, ranks } = input;
  const jumping = 1 - damping + damping * state[place.dangling];
  const jump = jumps === undefined ? jumping / ranks.length : jumping;
  const from = input.flows[iteration % 2];
  const into = input.flows[(iteration + 1) % 2];
  team.each(
    input.blocks.length - 1,
    (block) => pull(input, block, { from, into, jump }),
    () => {
      state[place.change] = sum(input.changes);
      state[place.dangling] = sum(input.dangling);
      state[place.iterations]++;
    },
  );
}

interface Flow {
  readonly from: Float64Array;
  readonly into: Float64Array;
  /** What a vertex gets from jumps; times its own share of them if those are personal. */
  readonly jump: number;
}

function pull(input: PageRankInput, block: number, flow: Flow): void {
  const { offsets, shares, jumps, ranks, damping, sources, weights, order } = input;
  const { from, into, jump } = flow;
  const end = input.blocks[block + 1];
  let [change, dangling] = [0, 0];
  for (let i = input.blocks[block]; i < end; i++) {
    const vertex = order[i];
    const first = offsets[vertex];
    const last = offsets[vertex + 1];
    const inflow =
      weights === undefined
        ? sumOf(from, sources, first, last)
        : weightedSumOf(from, { sources, weights }, first, last);
    const rank = damping * inflow + (jumps === undefined ? jump : jump * jumps[vertex]);
    change += Math.abs(rank - ranks[vertex]);
    ranks[vertex] = rank;
    const share = shares[vertex];
    into[vertex] = rank * share;
    if (share === 0) dangling += rank;
  }
  input.changes[block] = change;
  input.dangling[block] = dangling;
}

/** Two sums side by side: an addition need not wait for the one before. */
function sumOf(from: Float64Array, sources: Uint32Array, first: number, last: number): number {
  let [even, odd, i] = [0, 0, first];
  for (; i + 1 < last; i += 2) {
    even += from[sources[i]];
    odd += from[sources[i + 1]];
  }
  return i < last ? even + odd + from[sources[i]] : even + odd;
}

function weightedSumOf(
  from: Float64Array,
  { sources, weights }: { readonly sources: Uint32Array; readonly weights: Float64Array },
  first: number,
  last: number,
): number {
  let sum = 0;
  for (let i = first; i < last; i++) sum += from[sources[i]] * weights[i];
  return sum;
}

/** In the order of the blocks, whoever has done them. */
function sum(parts: Float64Array): number {
  let total = 0;
  for (let i = 0; i < parts.length; i++) total += parts[i];
  return total;
}

/** The phases of finding components, on one thread or several; see components.ts. */
import type { Kernel } from "../team/kernel";

/** All arrays lie in shared memory. */
export interface ComponentsInput {
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
  readonly blocks: Uint32Array;
  /** A vertex of the same component, smaller or the same; in the end the smallest of all. */
  readonly labels: Int32Array;
  /** Every edge is in the lists of both its ends: then a list of the largest can be left out. */
  readonly isBothWays: boolean;
  /** The label of the largest component, as far as a sample tells; -1 before. */
  readonly largest: Int32Array;
}

/** Neighbours of each vertex that are joined before the sample: two, as in the paper. */
const firstNeighbours = 2;
const sampleSize = 1_024;

export const run: Kernel<ComponentsInput>["run"] = (input, team, tell) => {
  const blocks = input.blocks.length - 1;
  const phases = 4;
  team.each(blocks, (block) => joinFirst(input, block));
  if (team.worker === 0) tell(1, phases);
  team.each(
    blocks,
    (block) => flatten(input, block),
    () => void (input.largest[0] = input.isBothWays ? mostFrequent(input.labels) : -1),
  );
  if (team.worker === 0) tell(2, phases);
  team.each(blocks, (block) => joinRest(input, block));
  if (team.worker === 0) tell(3, phases);
  team.each(blocks, (block) => flatten(input, block));
  if (team.worker === 0) tell(phases, phases);
};

function joinFirst({ offsets, targets, blocks, labels }: ComponentsInput, block: number): void {
  for (let vertex = blocks[block]; vertex < blocks[block + 1]; vertex++) {
    const end = Math.min(offsets[vertex + 1], offsets[vertex] + firstNeighbours);
    for (let i = offsets[vertex]; i < end; i++) join(labels, vertex, targets[i]);
  }
}

/** An edge with one end outside of the largest component is in the list of that end too. */
function joinRest(input: ComponentsInput, block: number): void {
  const { offsets, targets, blocks, labels } = input;
  const largest = input.largest[0];
  for (let vertex = blocks[block]; vertex < blocks[block + 1]; vertex++) {
    if (labels[vertex] === largest) continue;
    for (let i = offsets[vertex] + firstNeighbours; i < offsets[vertex + 1]; i++) {
      join(labels, vertex, targets[i]);
    }
  }
}

/**
 * Hangs the larger of two roots below the smaller. Another thread may have hung it elsewhere in the
 * meantime: then both are followed upwards and it is tried again.
 */
function join(labels: Int32Array, left: number, right: number): void {
  let [first, second] = [labels[left], labels[right]];
  while (first !== second) {
    const [high, low] = first > second ? [first, second] : [second, first];
    const above = Atomics.load(labels, high);
    if (above === low) return;
    if (above === high && Atomics.compareExchange(labels, high, high, low) === high) return;
    first = Atomics.load(labels, Atomics.load(labels, high));
    second = Atomics.load(labels, low);
  }
}

function flatten({ blocks, labels }: ComponentsInput, block: number): void {
  for (let vertex = blocks[block]; vertex < blocks[block + 1]; vertex++) {
    let label = labels[vertex];
    while (labels[label] !== label) label = labels[label];
    labels[vertex] = label;
  }
}

function mostFrequent(labels: Int32Array): number {
  const counts = new Map<number, number>();
  const stride = Math.max(1, Math.floor(labels.length / sampleSize));
  let best = -1;
  for (let vertex = 0; vertex < labels.length; vertex += stride) {
    const label = labels[vertex];
    counts.set(label, (counts.get(label) ?? 0) + 1);
    if ((counts.get(label) ?? 0) > (counts.get(best) ?? 0)) best = label;
  }
  return best;
}

/** Counting triangles, on one thread or several; see triangles.ts. */
import type { Kernel } from "../team/kernel";

/** All arrays lie in shared memory. */
export interface TrianglesInput {
  /** Each edge once, from its end of lower rank to the other. */
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
  readonly blocks: Uint32Array;
  readonly counts: Int32Array;
}

export const run: Kernel<TrianglesInput>["run"] = (input, team, tell) => {
  const { counts } = input;
  const blocks = input.blocks.length - 1;
  const marks = new Int32Array(counts.length).fill(-1);
  const own = team.isAlone ? counts : new Int32Array(counts.length);
  team.each(blocks, (block) => {
    count(input, block, { marks, own });
    if (team.worker === 0) tell(block + 1, blocks);
  });
  if (team.isAlone) return;
  for (let vertex = 0; vertex < own.length; vertex++) {
    if (own[vertex] > 0) Atomics.add(counts, vertex, own[vertex]);
  }
};

interface Memory {
  /** The vertex whose neighbour this one was last. */
  readonly marks: Int32Array;
  readonly own: Int32Array;
}

function count(input: TrianglesInput, block: number, { marks, own }: Memory): void {
  const { offsets, targets, blocks } = input;
  for (let vertex = blocks[block]; vertex < blocks[block + 1]; vertex++) {
    const end = offsets[vertex + 1];
    for (let i = offsets[vertex]; i < end; i++) marks[targets[i]] = vertex;
    for (let i = offsets[vertex]; i < end; i++) {
      const second = targets[i];
      let found = 0;
      for (let j = offsets[second]; j < offsets[second + 1]; j++) {
        if (marks[targets[j]] !== vertex) continue;
        own[targets[j]]++;
        found++;
      }
      own[second] += found;
      own[vertex] += found;
    }
  }
}

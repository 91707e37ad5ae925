/** Turning all arcs of compressed sparse rows round, by counting. */
import { sharedFloat64, sharedUint32 } from "./thread-arrays";

export interface RangedArrays {
  readonly offsets: Uint32Array;
  readonly targets: Uint32Array;
  readonly weights?: Float64Array | undefined;
}

/**
 * The rows of the turned graph, each sorted whatever the order was before, because the old rows are
 * walked in order. Cost: linear in vertices and arcs, two passes.
 */
export function transposeArrays({ offsets, targets, weights }: RangedArrays): RangedArrays {
  const vertices = offsets.length - 1;
  const turnedOffsets = sharedUint32(vertices + 1);
  for (let i = 0; i < targets.length; i++) turnedOffsets[targets[i] + 1]++;
  sumUp(turnedOffsets);
  const next = turnedOffsets.slice();
  const turned = sharedUint32(targets.length);
  const turnedWeights = weights === undefined ? undefined : sharedFloat64(targets.length);
  for (let vertex = 0; vertex < vertices; vertex++) {
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      const place = next[targets[i]]++;
      turned[place] = vertex;
      if (weights !== undefined && turnedWeights !== undefined) turnedWeights[place] = weights[i];
    }
  }
  return { offsets: turnedOffsets, targets: turned, weights: turnedWeights };
}

/** Counts in the places 1, 2, ... become the places at which each row begins. */
export function sumUp(counts: Uint32Array): void {
  for (let i = 1; i < counts.length; i++) counts[i] += counts[i - 1];
}

/**
 * What all ways to run k-means have in common.
 *
 * Source: S. Lloyd, "Least Squares Quantization in PCM", IEEE Transactions on Information Theory
 * 28(2), 1982: points go to their nearest centre, centres to the mean of their points. Ours leaves
 * a centre without points where it is; of two nearest centres the first one counts.
 */
import { InputError } from "../../../basics";
import type { PassOptions, PassReport, PassResult } from "../passes";
import { distanceOf } from "../passes";
import type { PointFiles } from "../points";

export type Centres = readonly (readonly number[])[];

export interface KMeansOptions extends PassOptions {
  /** Where the centres begin; as many as there shall be clusters. See `startingCentres`. */
  readonly centres: Centres;
}

export interface KMeansResult {
  readonly centres: Centres;
  /** Points of each centre, in the last pass. */
  readonly sizes: readonly number[];
  readonly reports: readonly PassReport[];
}

/** Of each centre: the sums of its points' coordinates, their count, their squared distances. */
export type ClusterSums = readonly (readonly number[])[];

export interface KMeansModel {
  readonly centres: Centres;
  readonly sizes: readonly number[];
}

/** Throws InputError for centres that are no points of the columns. */
export function firstModel({ centres }: KMeansOptions, { columns }: PointFiles): KMeansModel {
  if (centres.length === 0) throw new InputError("k-means needs a centre at least");
  const misfit = centres.find(({ length }) => length !== columns.length);
  if (misfit !== undefined) {
    throw new InputError(
      `a centre has ${misfit.length} numbers, but there are ${columns.length} columns`,
    );
  }
  return { centres, sizes: centres.map(() => 0) };
}

/** Where the sums take the centres. */
export function nextModel({ centres }: KMeansModel, sums: ClusterSums): PassResult<KMeansModel> {
  const dimensions = centres[0].length;
  const sizes = sums.map((sum) => sum[dimensions]);
  const moved = sums.map((sum, i) =>
    sizes[i] === 0 ? centres[i] : sum.slice(0, dimensions).map((total) => total / sizes[i]),
  );
  return {
    model: { centres: moved, sizes },
    cost: sums.reduce((cost, sum) => cost + sum[dimensions + 1], 0),
    moved: distanceOf(centres.flat(), moved.flat()),
  };
}

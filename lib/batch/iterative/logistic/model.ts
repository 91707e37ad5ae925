/**
 * What all ways to run logistic regression have in common.
 *
 * Source: D. Cox, "The Regression Analysis of Binary Sequences", Journal of the Royal Statistical
 * Society B 20(2), 1958; fitted by batch gradient descent, as in Zaharia et al., NSDI 2012, section
 * 2.2.1. Ours scales each feature to mean 0 and deviation 1 where it is told how.
 */
import { InputError, inRange } from "../../../basics";
import type { PassOptions, PassReport, PassResult } from "../passes";
import { distanceOf } from "../passes";
import type { PointFiles } from "../points";

export interface LogisticOptions extends PassOptions {
  /** The column that is to be foretold: 0 or 1. */
  readonly label: string;
  /** How far a pass goes against the mean gradient; default 1. */
  readonly learningRate?: number;
  /** Of each column: what is taken off, and what it is divided by then. Default 0 and 1. */
  readonly scales?: readonly (readonly [centre: number, spread: number])[];
}

export interface LogisticResult {
  /** Of each column, of the scaled values; then the intercept. */
  readonly weights: readonly number[];
  readonly reports: readonly PassReport[];
}

export type Weights = readonly number[];

/** Sums over the rows: the gradient by each weight, the loss, the count. */
export type GradientSums = readonly number[];

export type Scales = readonly (readonly [centre: number, spread: number])[];

/** Throws InputError for scales that do not fit the columns. */
export function scalesOf({ scales }: LogisticOptions, { columns }: PointFiles): Scales {
  const all = scales ?? columns.map(() => [0, 1] as const);
  if (all.length !== columns.length) {
    throw new InputError(`there are ${all.length} scales, but ${columns.length} columns`);
  }
  const flat = all.findIndex(([, spread]) => !(spread > 0));
  if (flat >= 0) throw new InputError(`the spread of "${columns[flat]}" must be above 0`);
  return all;
}

/** The weights a step against the gradient. */
export function nextWeights(
  weights: Weights,
  sums: GradientSums,
  { learningRate = 1 }: LogisticOptions,
): PassResult<Weights> {
  inRange("learningRate", learningRate, { min: Number.MIN_VALUE, max: 1e6 });
  const rows = sums[weights.length + 1];
  if (rows === 0) throw new InputError("there are no rows to learn from");
  const model = weights.map((weight, i) => weight - (learningRate * sums[i]) / rows);
  const cost = sums[weights.length] / rows;
  return { model, cost, moved: distanceOf(weights, model) };
}

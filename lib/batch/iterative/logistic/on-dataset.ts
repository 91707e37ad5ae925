/**
 * Logistic regression on a data set, with the rows kept in the workers' memory where `isCached`.
 *
 * Source: Zaharia et al., NSDI 2012, section 2.2.1, the first example.
 */
import type { DatasetSession } from "../../dataset/session";
import type { DatasetPassOptions } from "../k-means/on-dataset";
import { runPasses } from "../passes";
import { checkPoints, pointBlocks } from "../points";
import type { PointFiles } from "../points";
import { nextWeights, scalesOf } from "./model";
import type { LogisticOptions, LogisticResult, Weights } from "./model";

/** Throws InputError for missing files and columns. */
export async function logisticOnDataset(
  session: DatasetSession,
  points: PointFiles,
  options: LogisticOptions & DatasetPassOptions,
): Promise<LogisticResult> {
  const { isCached = true, signal, label } = options;
  const scales = scalesOf(options, points);
  const labelled = { ...points, columns: [...points.columns, label] };
  await checkPoints(labelled);
  const parsed = pointBlocks(session, labelled);
  const blocks = isCached ? parsed.cache() : parsed;
  const pass = async (weights: Weights) => {
    const model = session.broadcast({ weights: Float64Array.from(weights), scales });
    const sums = blocks.mapPartitions(
      (parts) => {
        const partial = new Float64Array(model.value.weights.length + 2);
        for (const block of parts) addBlock(block, model.value, partial);
        return [partial];
      },
      { scope: { model, addBlock } },
    );
    const partials = await sums.collect({ signal });
    const total = Array.from({ length: weights.length + 2 }, (_, i) =>
      partials.reduce((sum, partial) => sum + partial[i], 0),
    );
    return nextWeights(weights, total, options);
  };
  const start = new Array<number>(points.columns.length + 1).fill(0);
  const { model, reports } = await runPasses<Weights>(start, pass, options);
  return { weights: model, reports };
}

/** Adds each row's gradient, loss and one. A row is its features and its label. */
function addBlock(
  block: Float64Array,
  { weights, scales }: { weights: Float64Array; scales: readonly (readonly [number, number])[] },
  partial: Float64Array,
): void {
  const features = weights.length - 1;
  const values = new Float64Array(weights.length);
  values[features] = 1;
  for (let at = 0; at < block.length; at += features + 1) {
    let score = weights[features];
    for (let i = 0; i < features; i++) {
      values[i] = (block[at + i] - scales[i][0]) / scales[i][1];
      score += weights[i] * values[i];
    }
    const sign = block[at + features] === 1 ? 1 : -1;
    const margin = sign * score;
    const slope = -sign / (1 + Math.exp(margin));
    for (let i = 0; i <= features; i++) partial[i] += slope * values[i];
    // log(1 + e^-x) without an overflow where x is far below 0.
    partial[features + 1] += Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin);
    partial[features + 2] += 1;
  }
}

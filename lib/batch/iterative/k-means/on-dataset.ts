/**
 * k-means on a data set: the points are parsed into blocks of numbers, kept in the workers' memory
 * where `isCached`, and each pass sends the centres out and the sums back.
 *
 * Source: Zaharia et al., "Resilient Distributed Datasets", NSDI 2012, sections 2.2.1 and 6.1.
 * Cost: with a cache the files are read once; a pass is points x clusters x dimensions distances.
 */
import type { DatasetSession } from "../../dataset/session";
import { runPasses } from "../passes";
import { checkPoints, pointBlocks } from "../points";
import type { PointFiles } from "../points";
import { firstModel, nextModel } from "./model";
import type { ClusterSums, KMeansOptions, KMeansResult } from "./model";

export interface DatasetPassOptions {
  /** Keep the points between passes; default true. */
  readonly isCached?: boolean;
}

/** Throws InputError for missing files and columns. */
export async function kMeansOnDataset(
  session: DatasetSession,
  points: PointFiles,
  options: KMeansOptions & DatasetPassOptions,
): Promise<KMeansResult> {
  const { isCached = true, signal } = options;
  const start = firstModel(options, points);
  await checkPoints(points);
  const parsed = pointBlocks(session, points);
  const blocks = isCached ? parsed.cache() : parsed;
  const dimensions = points.columns.length;
  const pass = async (model: typeof start) => {
    const centres = session.broadcast(Float64Array.from(model.centres.flat()));
    const scope = { centres, dimensions, addBlock };
    const sums = blocks.mapPartitions(
      (parts) => {
        const clusters = centres.value.length / dimensions;
        const partial = new Float64Array(clusters * (dimensions + 2));
        for (const block of parts) addBlock(block, centres.value, { dimensions, partial });
        return [partial];
      },
      { scope },
    );
    const partials = await sums.collect({ signal });
    return nextModel(model, gather(partials, dimensions, model.centres.length));
  };
  const { model, reports } = await runPasses(start, pass, options);
  return { ...model, reports };
}

/** Adds each point to the sums of its nearest centre: coordinates, one, squared distance. */
function addBlock(
  block: Float64Array,
  centres: Float64Array,
  { dimensions, partial }: { readonly dimensions: number; readonly partial: Float64Array },
): void {
  const width = dimensions + 2;
  for (let at = 0; at < block.length; at += dimensions) {
    let nearest = 0;
    let squared = Infinity;
    for (let start = 0, cluster = 0; start < centres.length; start += dimensions, cluster++) {
      let sum = 0;
      for (let i = 0; i < dimensions; i++) {
        const difference = block[at + i] - centres[start + i];
        sum += difference * difference;
      }
      if (sum < squared) {
        squared = sum;
        nearest = cluster;
      }
    }
    const to = nearest * width;
    for (let i = 0; i < dimensions; i++) partial[to + i] += block[at + i];
    partial[to + dimensions] += 1;
    partial[to + dimensions + 1] += squared;
  }
}

function gather(
  partials: readonly Float64Array[],
  dimensions: number,
  clusters: number,
): ClusterSums {
  const width = dimensions + 2;
  return Array.from({ length: clusters }, (_, cluster) =>
    Array.from({ length: width }, (_unused, i) =>
      partials.reduce((sum, partial) => sum + partial[cluster * width + i], 0),
    ),
  );
}

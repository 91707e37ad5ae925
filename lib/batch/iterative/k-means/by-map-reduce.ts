/**
 * k-means as a MapReduce job a pass, as Hadoop's users wrote it: each pass reads and parses the
 * input again, and leaves its centres in a file that the next one reads.
 *
 * Cost: a pass reads the input and sends one line a cluster and map task; points x clusters x
 * dimensions distances.
 */
import { readFileSync } from "fs";
import { join } from "path";
import { defineJob } from "../../map-reduce/job";
import type { Job } from "../../map-reduce/job";
import { mapReduce } from "../../map-reduce/map-reduce";
import { runPasses } from "../passes";
import { checkPoints } from "../points";
import type { PointFiles } from "../points";
import { inPassFolder } from "../pass-folder";
import type { PassFolderOptions } from "../pass-folder";
import { firstModel, nextModel } from "./model";
import type { Centres, ClusterSums, KMeansOptions, KMeansResult } from "./model";

export interface MapReducePassOptions extends PassFolderOptions {
  /** Threads; default: the cores. */
  readonly workers?: number;
}

/** A row that is no point fails the job, as on a data set: MapReduce itself would leave it out. */
export const strict = { skipAfter: 1_000_000 } as const;

/** Throws InputError for missing files and columns. */
export async function kMeansByMapReduce(
  points: PointFiles,
  options: KMeansOptions & MapReducePassOptions,
): Promise<KMeansResult> {
  const { workers, signal } = options;
  const start = firstModel(options, points);
  await checkPoints(points);
  return inPassFolder(options, async (folder) => {
    const pass = async (model: typeof start, index: number) => {
      const out = join(folder, `centres-${index}.jsonl`);
      const job = passJob(points.columns, model.centres);
      await mapReduce(job, points.files, { workers, out, signal, coordinator: strict });
      return nextModel(model, readSums(out, model.centres));
    };
    const { model, reports } = await runPasses(start, pass, options);
    return { ...model, reports };
  });
}

function passJob(columns: readonly string[], centres: Centres): Job<number[], number[]> {
  return defineJob({
    name: "k-means-pass",
    input: "csv",
    map(record, emit: (key: string, value: number[]) => void) {
      const sums = columns.map((column) => record.number(column));
      const { cluster, squared } = nearest(sums, centres);
      sums.push(1, squared);
      emit(cluster, sums);
    },
    combine: (left, right) => left.map((value, i) => value + right[i]),
    reduce: (_cluster, values) =>
      values.reduce((left, right) => left.map((value, i) => value + right[i])),
    scope: { columns, centres, nearest },
  });
}

function nearest(point: readonly number[], centres: Centres): { cluster: string; squared: number } {
  let [cluster, squared] = [0, Infinity];
  for (let c = 0; c < centres.length; c++) {
    const centre = centres[c];
    let sum = 0;
    for (let i = 0; i < centre.length; i++) sum += (point[i] - centre[i]) ** 2;
    if (sum < squared) [cluster, squared] = [c, sum];
  }
  return { cluster: String(cluster), squared };
}

function readSums(file: string, centres: Centres): ClusterSums {
  const sums = centres.map((centre) => new Array<number>(centre.length + 2).fill(0));
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line === "") continue;
    const { key, value } = JSON.parse(line) as { key: string; value: number[] };
    sums[Number(key)] = value;
  }
  return sums;
}

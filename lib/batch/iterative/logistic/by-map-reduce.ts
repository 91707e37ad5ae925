/**
 * Logistic regression as a MapReduce job a pass, each reading and parsing the input again and
 * leaving its gradient in a file.
 */
import { readFileSync } from "fs";
import { join } from "path";
import { InputError } from "../../../basics";
import { defineJob } from "../../map-reduce/job";
import type { Job } from "../../map-reduce/job";
import { mapReduce } from "../../map-reduce/map-reduce";
import { strict } from "../k-means/by-map-reduce";
import type { MapReducePassOptions } from "../k-means/by-map-reduce";
import { inPassFolder } from "../pass-folder";
import { runPasses } from "../passes";
import { checkPoints } from "../points";
import type { PointFiles } from "../points";
import { nextWeights, scalesOf } from "./model";
import type { GradientSums, LogisticOptions, LogisticResult, Scales, Weights } from "./model";

/** Throws InputError for missing files and columns. */
export async function logisticByMapReduce(
  points: PointFiles,
  options: LogisticOptions & MapReducePassOptions,
): Promise<LogisticResult> {
  const { workers, signal, label } = options;
  const scales = scalesOf(options, points);
  await checkPoints({ ...points, columns: [...points.columns, label] });
  return inPassFolder(options, async (folder) => {
    const pass = async (weights: Weights, index: number) => {
      const out = join(folder, `gradient-${index}.jsonl`);
      const job = passJob({ columns: points.columns, label, scales, weights });
      await mapReduce(job, points.files, { workers, out, signal, coordinator: strict });
      return nextWeights(weights, readGradient(out), options);
    };
    const start = new Array<number>(points.columns.length + 1).fill(0);
    const { model, reports } = await runPasses<Weights>(start, pass, options);
    return { weights: model, reports };
  });
}

function passJob(scope: {
  readonly columns: readonly string[];
  readonly label: string;
  readonly scales: Scales;
  readonly weights: Weights;
}): Job<number[], number[]> {
  const { columns, label, scales, weights } = scope;
  return defineJob({
    name: "logistic-pass",
    input: "csv",
    map(record, emit: (key: string, value: number[]) => void) {
      const sums = columns.map(
        (column, i) => (record.number(column) - scales[i][0]) / scales[i][1],
      );
      sums.push(1);
      let score = 0;
      for (let i = 0; i < sums.length; i++) score += weights[i] * sums[i];
      const sign = record.number(label) === 1 ? 1 : -1;
      const slope = -sign / (1 + Math.exp(sign * score));
      for (let i = 0; i < sums.length; i++) sums[i] *= slope;
      // log(1 + e^-x) without an overflow where x is far below 0.
      const margin = sign * score;
      sums.push(Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(0, -margin), 1);
      emit("gradient", sums);
    },
    combine: (left, right) => left.map((value, i) => value + right[i]),
    reduce: (_key, values) =>
      values.reduce((left, right) => left.map((value, i) => value + right[i])),
    scope: { columns, label, scales, weights },
  });
}

function readGradient(file: string): GradientSums {
  const [line = ""] = readFileSync(file, "utf8").split("\n");
  if (line === "") throw new InputError("there are no rows to learn from");
  return (JSON.parse(line) as { value: number[] }).value;
}

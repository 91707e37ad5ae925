/** Where rows come from: files on disk, or a function of their numbers. */
import type { Operator, Source } from "../steps";
import type { Part } from "./part";
import { guarded } from "./guarded";
import { readRows } from "./row-file";
import { readTyped, validatePart } from "./typed-sources";
import { readCsv, readCsvLines, readJsonLines, readLines } from "./text-sources";

const sources = [
  ...["typed", "validate"],
  ...["stored", "csv", "csvLines", "lines", "jsonLines", "parquet", "generate"],
];

export function isSource(operator: Operator): operator is Source {
  return sources.includes(operator.kind);
}

export async function readSource(source: Source, part: Part): Promise<void> {
  switch (source.kind) {
    case "stored":
      return readStored(source, part);
    case "csv":
      return readCsv(source, part);
    case "csvLines":
      return readCsvLines(source, part);
    case "typed":
      return readTyped(source, part);
    case "validate":
      return validatePart(source, part);
    case "lines":
      return readLines(source, part);
    case "jsonLines":
      return readJsonLines(source, part);
    case "parquet":
      return readParquetPart(source, part);
    case "generate":
      return generate(source, part);
  }
}

function readStored({ files }: Source & { kind: "stored" }, { partition, push }: Part): void {
  let isWanted = true;
  readRows(files[partition] as string, (rows) => {
    if (isWanted) isWanted = push(rows);
  });
}

async function readParquetPart(
  { parts }: Source & { kind: "parquet" },
  { partition, push }: Part,
): Promise<void> {
  const { readParquet } = require("./parquet") as typeof import("./parquet"); // DuckDB is large
  await readParquet(parts[partition] as (typeof parts)[number], push);
}

/** Rows that one call of the user's function makes. */
const blockRows = 65_536;

function generate({ rows, seed, block }: Source & { kind: "generate" }, part: Part): void {
  const { step, partition, push } = part;
  const call = part.evaluation.workshop.callOf.get(block, step.id);
  const from = Math.floor((rows * partition) / step.partitions);
  const to = Math.floor((rows * (partition + 1)) / step.partitions);
  for (let at = from; at < to; at += blockRows) {
    const end = Math.min(to, at + blockRows);
    const made = guarded(part, () => [...(call(at, end, seed) as Iterable<unknown>)]);
    part.evaluation.onProgress((end - from) / (to - from));
    if (!push(made)) return;
  }
}

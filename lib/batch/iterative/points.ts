/** The numbers of CSV files as points, for algorithms that pass over them again and again. */
import { existsSync } from "fs";
import { InputError } from "../../basics";
import { readColumns } from "../map-reduce/scan/columns";
import type { Dataset } from "../dataset/dataset";
import type { DatasetSession } from "../dataset/session";

/** Which columns of which files are the points. */
export interface PointFiles {
  /** CSV files with header lines. */
  readonly files: readonly string[];
  /** Columns of numbers; a point has a coordinate of each. */
  readonly columns: readonly string[];
}

/**
 * The points as a data set with one row a partition: its points' coordinates one after the other.
 * An array of numbers takes 8 bytes each; rows that are objects take ten times as much.
 */
export function pointBlocks(
  session: DatasetSession,
  { files, columns }: PointFiles,
): Dataset<Float64Array> {
  const types = Object.fromEntries(columns.map((name) => [name, "number"] as const));
  const rows = session.csv(files, { columns: types });
  return rows.mapPartitions((part) => [pack(part, columns)], { scope: { pack, columns } });
}

/** Throws InputError when a file is missing or has not all of the columns. */
export async function checkPoints({ files, columns }: PointFiles): Promise<void> {
  if (columns.length === 0) throw new InputError("a point needs a column at least");
  for (const file of files) {
    if (!existsSync(file)) throw new InputError(`${file}: there is no such file`);
    const header = await readColumns(file);
    const missing = columns.find((name) => !header.has(name));
    if (missing === undefined) continue;
    const known = [...header.keys()].join(", ");
    throw new InputError(`${file} has no column "${missing}": its columns are ${known}`);
  }
}

function pack(
  rows: readonly Readonly<Record<string, number>>[],
  columns: readonly string[],
): Float64Array {
  const block = new Float64Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) for (const name of columns) block[at++] = row[name];
  return block;
}

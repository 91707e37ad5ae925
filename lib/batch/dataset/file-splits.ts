import { statSync } from "fs";
import { InputError, wholeInRange } from "../../basics";
import { defaultSplitRule, makeSplits } from "../map-reduce/splits";
import type { Split } from "../map-reduce/tasks";
import type { FileOptions } from "./options";
import type { ParquetPart } from "./steps";

/** The partitions of files. Throws InputError for a file that is missing or a folder. */
export function splitsOf(
  files: string | readonly string[],
  { partitions }: FileOptions,
  workers: number,
): Split[] {
  const list = typeof files === "string" ? [files] : files;
  if (!Array.isArray(list)) throw new InputError("name the files as a text or a list of texts");
  if (partitions === undefined) return makeSplits(list, defaultSplitRule(workers));
  wholeInRange("partitions", partitions, { min: 1, max: 100_000 });
  const sizes = list.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return makeSplits(list, () => Math.max(1, Math.ceil(total / partitions)));
}

const partRows = 250_000;

/** Throws InputError for a file that is missing or is not Parquet. */
export async function parquetParts(
  files: readonly string[],
  columns: readonly string[] | undefined,
): Promise<ParquetPart[]> {
  makeSplits(files, 1e9); // is told in the same words as of other files
  const { parquetRows } = require("./data-plane/parquet") as typeof import("./data-plane/parquet");
  const rows = await parquetRows(files);
  return files.flatMap((file, i) => {
    const total = rows[i] as number;
    const parts = Math.ceil(total / partRows);
    return Array.from({ length: parts }, (_, part): ParquetPart => {
      const [from, to] = [part * partRows, Math.min(total, (part + 1) * partRows)];
      return { file, from, to, columns };
    });
  });
}

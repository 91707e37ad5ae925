import { InputError } from "../../../basics";
import { readColumns } from "../scan/columns";
import { columnsOf } from "./cells";
import type { GroupByJob } from "./group-by";

/** Throws InputError when a file has no such column as the job needs. */
export async function checkColumns(job: GroupByJob, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const columns = await readColumns(file);
    for (const column of columnsOf(job)) {
      if (columns.has(column)) continue;
      const known = [...columns.keys()].join(", ");
      throw new InputError(`${file} has no column "${column}": its columns are ${known}`);
    }
  }
}

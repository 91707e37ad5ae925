/** The map task of `groupBy`: blocks of its split into a table, and tables into files. */
import type { MapResult, MapSettings, MapTask } from "../map-settings";
import { badRecordsOf, progressOf } from "../map-settings";
import { RecordError } from "../record-error";
import { readColumns } from "../scan/columns";
import { Scanner, comma } from "../scan/scanner";
import type { Block } from "../scan/scanner";
import { BlockAggregation } from "./block-aggregation";
import type { GroupByJob } from "./group-by";
import { GroupOutput } from "./group-output";

export async function runGroupMap(
  job: GroupByJob,
  task: MapTask,
  settings: MapSettings,
): Promise<MapResult> {
  const columns = await readColumns(task.split.file);
  const skipped = new Set(task.skipRecordsAt);
  const groups = new BlockAggregation(job, columns, skipped);
  const bad = badRecordsOf(task, settings);
  /** A block with records that fail is done once more without each of them, to find the next. */
  const add = (block: Block): void => {
    for (let isDone = false; !isDone;) {
      try {
        groups.add(block);
        isDone = true;
      } catch (error) {
        if (bad === undefined || !(error instanceof RecordError)) throw error;
        bad.note(error);
        skipped.add(error.recordAt);
      }
    }
  };
  const output = new GroupOutput(task.taskId, settings);
  await new Scanner(comma).scan(task.split, (block) => {
    add(block);
    settings.onProgress?.(progressOf(task.split, block.offset + block.start));
    if (groups.table.bytes > settings.memoryBytes) output.spill(groups.takeTable());
  });
  bad?.check();
  output.spill(groups.table);
  const { recordsRead, bytesRead, badRecords } = groups.rows;
  const counters = { recordsRead, bytesRead, badRecords };
  return { outputs: output.finish(), counters: { ...counters, ...output.counters } };
}

/** The map task of `groupBy`: blocks of its split into a table, and tables into files. */
import type { MapResult, MapSettings, MapTask } from "../map-settings";
import { progressOf } from "../map-settings";
import { readColumns } from "../scan/columns";
import { Scanner, comma } from "../scan/scanner";
import { BlockAggregation } from "./block-aggregation";
import type { GroupByJob } from "./group-by";
import { GroupOutput } from "./group-output";

export async function runGroupMap(
  job: GroupByJob,
  task: MapTask,
  settings: MapSettings,
): Promise<MapResult> {
  const columns = await readColumns(task.split.file);
  const groups = new BlockAggregation(job, columns, new Set(task.skipRecordsAt));
  const output = new GroupOutput(task.taskId, settings);
  await new Scanner(comma).scan(task.split, (block) => {
    groups.add(block);
    settings.onProgress?.(progressOf(task.split, block.offset + block.start));
    if (groups.table.bytes > settings.memoryBytes) output.spill(groups.takeTable());
  });
  output.spill(groups.table);
  const { recordsRead, bytesRead, badRecords } = groups.rows;
  const counters = { recordsRead, bytesRead, badRecords };
  return { outputs: output.finish(), counters: { ...counters, ...output.counters } };
}

/**
 * One map task: its records through `map`, pairs gathered and combined in memory, spilt as sorted
 * runs a partition when the memory cap is reached, merged into one run a partition at the end.
 *
 * Source: Dean and Ghemawat 2004, sections 3.1 and 4.3; ours always sorts on the map side, and
 * merges on the reduce side, as Hadoop does.
 */
import type { BadRecords } from "./bad-records";
import type { Job } from "./job";
import { MapOutput } from "./map-output";
import { badRecordsOf, progressOf } from "./map-settings";
import type { MapResult, MapSettings, MapTask } from "./map-settings";
import { MapRecord } from "./record";
import { RecordError } from "./record-error";
import { readColumns } from "./scan/columns";
import { Scanner, comma, newline } from "./scan/scanner";
import type { Block } from "./scan/scanner";
import type { Counters } from "./tasks";
import { UserCounters } from "./user-counters";

export async function runMapTask(
  job: Job,
  task: MapTask,
  settings: MapSettings,
): Promise<MapResult> {
  const isCsv = job.input === "csv";
  const { split } = task;
  const columns = isCsv ? await readColumns(split.file) : new Map<string, number>();
  const output = new MapOutput(job, task.taskId, settings);
  const bad = badRecordsOf(task, settings);
  const records = new RecordLoop(job, task, { output, columns, bad });
  await new Scanner(isCsv ? comma : newline).scan(split, (block) => {
    records.run(block);
    settings.onProgress?.(progressOf(split, block.offset + block.start));
  });
  bad?.check();
  const outputs = output.finish();
  const { pairs, spills } = output;
  return { outputs, counters: { ...records.counters(), pairsEmitted: pairs, spills } };
}

class RecordLoop {
  private recordsRead = 0;
  private bytesRead = 0;
  private badRecords = 0;
  private readonly userCounters = new UserCounters();
  private readonly record: MapRecord;
  private readonly skipped: ReadonlySet<number>;

  constructor(
    private readonly job: Job,
    task: MapTask,
    private readonly parts: {
      readonly output: MapOutput;
      readonly columns: ReadonlyMap<string, number>;
      readonly bad: BadRecords | undefined;
    },
  ) {
    this.record = new MapRecord(parts.columns, task.split.file);
    this.skipped = new Set(task.skipRecordsAt);
  }

  counters(): Counters {
    const { recordsRead, bytesRead, badRecords } = this;
    return { ...this.userCounters.values, recordsRead, bytesRead, badRecords };
  }

  run(block: Block): void {
    const { bytes, places, count } = block;
    const isCsv = this.job.input === "csv";
    this.record.enter(block);
    let start = block.start;
    for (let first = 0, last = 0; last < count; last++) {
      const place = places[last] as number;
      if (bytes[place] !== newline) continue;
      const isHeader = isCsv && block.offset + start === 0;
      const isBlank = isCsv && (place === start || (place === start + 1 && bytes[start] === 13));
      if (!isHeader && !isBlank) this.map(this.record.set(start, first, last));
      start = place + 1;
      first = last + 1;
    }
    this.bytesRead += start - block.start;
  }

  private map(record: MapRecord): void {
    const { output } = this.parts;
    this.recordsRead++;
    if (this.skipped.size > 0 && this.skipped.has(record.at)) return void this.badRecords++;
    output.begin();
    try {
      this.job.map(record, output.emit, this.userCounters.count);
    } catch (error) {
      const told = new RecordError((error as Error).message, record.at);
      if (this.parts.bad === undefined) throw told;
      this.parts.bad.note(told);
    }
  }
}

/**
 * One map task: its records through `map`, pairs gathered and combined in memory a partition, spilt
 * as sorted runs when the memory cap is reached, merged into one run a partition at the end.
 *
 * Source: Dean and Ghemawat 2004, sections 3.1 and 4.3; ours always sorts on the map side, and
 * merges on the reduce side, as Hadoop does.
 */
import { renameSync, rmSync, statSync } from "fs";
import { join } from "path";
import type { Job, Json } from "./job";
import { firstLine, forEachLine } from "./lines";
import { MapRecord } from "./record";
import { compareKeys, mergeRuns, writeRun } from "./run-file";
import type { Group } from "./run-file";
import type { Counters, OutputRef, Split } from "./tasks";

export interface MapSettings {
  readonly partitions: number;
  /** Roughly how much a task may hold before it spills. */
  readonly memoryBytes: number;
  /** The worker's own folder for runs. */
  readonly folder: string;
  readonly worker: string;
  /** Called now and then with the share of the split that is done. */
  readonly onProgress?: (fraction: number) => void;
}

/** User code failed on a record: where it begins in its file. */
export class RecordError extends Error {
  constructor(
    message: string,
    readonly recordAt: number,
  ) {
    super(message);
  }
}

/** An entry's cost besides its key: map slot, array, value. An estimate, on the safe side. */
const entryBytes = 120;
const progressEvery = 50_000;

export interface MapResult {
  readonly outputs: readonly OutputRef[];
  readonly counters: Counters;
}

export function runMapTask(
  job: Job,
  task: { taskId: number; split: Split; skipRecordsAt: readonly number[] },
  settings: MapSettings,
): MapResult {
  const output = new MapOutput(job, task.taskId, settings);
  const record = new MapRecord(columnsOf(job, task.split));
  const skipped = new Set(task.skipRecordsAt);
  const counters = { recordsRead: 0, bytesRead: 0, badRecords: 0 };
  const emit = (key: string, value: Json): void => output.add(key, value);
  forEachLine(task.split, (bytes, start, end, at) => {
    counters.bytesRead += end - start + 1;
    if (at === 0 && job.input === "csv") return;
    counters.recordsRead++;
    if (skipped.has(at)) return void counters.badRecords++;
    if (counters.recordsRead % progressEvery === 0) {
      const { startByte, endByte } = task.split;
      settings.onProgress?.(Math.min(1, (at - startByte) / (endByte - startByte)));
    }
    output.begin();
    try {
      job.map(record.set(bytes, start, end), emit);
    } catch (error) {
      throw new RecordError((error as Error).message, at);
    }
  });
  const outputs = output.finish();
  return { outputs, counters: { ...counters, pairsEmitted: output.pairs, spills: output.spills } };
}

function columnsOf(job: Job, split: Split): ReadonlyMap<string, number> {
  if (job.input !== "csv") return new Map();
  return new Map(
    firstLine(split.file)
      .split(",")
      .map((name, index) => [name, index]),
  );
}

/** The pairs of one map task, by partition. */
class MapOutput {
  pairs = 0;
  spills = 0;
  private heldBytes = 0;
  private tables: Map<string, Json[]>[];
  private readonly runs: string[][];

  constructor(
    private readonly job: Job,
    private readonly taskId: number,
    private readonly settings: MapSettings,
  ) {
    this.tables = this.emptyTables();
    this.runs = this.tables.map(() => []);
  }

  /** Called between records, the only moment at which a spill cannot tear one apart. */
  begin(): void {
    if (this.heldBytes > this.settings.memoryBytes) this.spill();
  }

  add(key: string, value: Json): void {
    this.pairs++;
    const table = this.tables[this.partitionOf(key)] as Map<string, Json[]>;
    const values = table.get(key);
    if (values === undefined) {
      table.set(key, [value]);
      this.heldBytes += key.length * 2 + entryBytes;
    } else if (this.job.combine) {
      values[0] = this.job.combine(values[0] as Json, value);
    } else {
      values.push(value);
      this.heldBytes += typeof value === "number" ? 8 : sizeOf(value);
    }
  }

  finish(): OutputRef[] {
    this.spill();
    return this.runs.map((files, partition) => {
      const target = join(this.settings.folder, runName(this.taskId, partition));
      return { ...this.ref(partition), bytes: this.mergeInto(target, files) };
    });
  }

  private ref(partition: number): Omit<OutputRef, "bytes"> {
    return { worker: this.settings.worker, mapTaskId: this.taskId, partition };
  }

  private mergeInto(target: string, files: readonly string[]): number {
    if (files.length === 1) renameSync(files[0] as string, target);
    else {
      writeRun(`${target}.partial`, this.combined(mergeRuns(files)));
      renameSync(`${target}.partial`, target);
    }
    for (const file of files) rmSync(file, { force: true });
    return statSync(target).size;
  }

  private *combined(groups: Iterable<Group>): Generator<Group> {
    const combine = this.job.combine;
    for (const group of groups) {
      if (combine === undefined || group.values.length === 1) yield group;
      else yield { key: group.key, values: [group.values.reduce((l, r) => combine(l, r))] };
    }
  }

  private spill(): void {
    this.spills++;
    this.tables.forEach((table, partition) => {
      const name = `${runName(this.taskId, partition)}.spill-${this.spills}`;
      const file = join(this.settings.folder, name);
      const keys = [...table.keys()].sort(compareKeys);
      const groups = keys.map((key) => ({ key, values: table.get(key) as Json[] }));
      writeRun(file, groups);
      (this.runs[partition] as string[]).push(file);
    });
    this.tables = this.emptyTables();
    this.heldBytes = 0;
  }

  private partitionOf(key: string): number {
    const { partitions } = this.settings;
    if (partitions === 1) return 0;
    const chosen = this.job.partition?.(key, partitions) ?? hash(key) % partitions;
    if (Number.isInteger(chosen) && chosen >= 0 && chosen < partitions) return chosen;
    const range = `a whole number from 0 to ${partitions - 1}`;
    throw new RangeError(`partition("${key}") must return ${range}, but returned ${chosen}`);
  }

  private emptyTables(): Map<string, Json[]>[] {
    return Array.from({ length: this.settings.partitions }, () => new Map<string, Json[]>());
  }
}

/** Where a map task's output for a partition lies in its worker's folder. */
export function runName(taskId: number, partition: number): string {
  return `map-${taskId}-${partition}.run`;
}

function sizeOf(value: Json): number {
  return typeof value === "string" ? value.length * 2 + 16 : JSON.stringify(value).length * 2 + 32;
}

/** FNV-1a over UTF-16 code units (Fowler, Noll, Vo 1991). */
function hash(key: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    value = Math.imul(value ^ key.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

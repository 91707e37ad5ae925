/** The pairs of one map task: gathered by key, then written as sorted runs, one a partition. */
import { renameSync, rmSync, statSync } from "fs";
import { join } from "path";
import type { Emit, Job, Json } from "./job";
import type { MapSettings } from "./map-settings";
import { mergeRuns, writeRun } from "./run-file";
import type { Group } from "./run-file";
import type { OutputRef } from "./tasks";
import { TextTable, hashText } from "./text-table";

/** An entry's cost besides its key: map slot, array, value. An estimate, on the safe side. */
const entryBytes = 120;

/** Where a map task's output for a partition lies in its worker's folder. */
export function runName(taskId: number, partition: number): string {
  return `map-${taskId}-${partition}.run`;
}

type Combining = Job & Required<Pick<Job, "combine">>;

export class MapOutput {
  pairs = 0;
  spills = 0;
  private heldBytes = 0;
  /** The values of key number i are values[i] or lists[i]. */
  private keys = new TextTable();
  /** One value a key with `combine`, a list a key without. */
  private values: Json[] = [];
  private lists: Json[][] = [];
  private readonly runs: string[][];

  constructor(
    private readonly job: Job,
    private readonly taskId: number,
    private readonly settings: MapSettings,
  ) {
    this.runs = Array.from({ length: settings.partitions }, () => []);
    this.emit = job.combine ? this.combining(job as Combining) : this.listing();
  }

  readonly emit: Emit<Json>;

  /** Called between records, the only moment at which a spill cannot tear one apart. */
  begin(): void {
    if (this.heldBytes > this.settings.memoryBytes) this.spill();
  }

  finish(): OutputRef[] {
    this.spill();
    return this.runs.map((files, partition) => {
      const target = join(this.settings.folder, runName(this.taskId, partition));
      const { worker } = this.settings;
      return { worker, mapTaskId: this.taskId, partition, bytes: this.mergeInto(target, files) };
    });
  }

  private combining(job: Combining): Emit<Json> {
    return (key, value) => {
      const { values } = this;
      const index = this.indexOf(key);
      if (index < values.length) values[index] = job.combine(values[index] as Json, value);
      else values.push(this.noteKey(key, value));
    };
  }

  private listing(): Emit<Json> {
    return (key, value) => {
      const { lists } = this;
      const index = this.indexOf(key);
      if (index < lists.length) (lists[index] as Json[]).push(value);
      else lists.push([this.noteKey(key, value)]);
      this.heldBytes += typeof value === "number" ? 8 : sizeOf(value);
    };
  }

  /** Throws when the key is no string, which cells can get wrong. */
  private indexOf(key: string): number {
    if (typeof key !== "string") throw new Error(`emit needs a text as key, but got ${typeof key}`);
    this.pairs++;
    return this.keys.numberOf(key);
  }

  private noteKey(key: string, value: Json): Json {
    this.heldBytes += key.length * 2 + entryBytes;
    return value;
  }

  private spill(): void {
    this.spills++;
    const byPartition: string[][] = this.runs.map(() => []);
    for (const key of this.keys.texts) byPartition[this.partitionOf(key)]?.push(key);
    byPartition.forEach((keys, partition) => {
      const name = `${runName(this.taskId, partition)}.spill-${this.spills}`;
      const file = join(this.settings.folder, name);
      writeRun(file, this.groups(keys.sort())); // by UTF-16 code units, as compareKeys
      (this.runs[partition] as string[]).push(file);
    });
    this.keys = new TextTable();
    this.values = [];
    this.lists = [];
    this.heldBytes = 0;
  }

  private *groups(keys: readonly string[]): Generator<Group> {
    for (const key of keys) {
      const index = this.keys.numberOf(key);
      const values = this.job.combine ? [this.values[index] as Json] : this.lists[index];
      yield { key, values: values as Json[] };
    }
  }

  private partitionOf(key: string): number {
    const { partitions } = this.settings;
    if (partitions === 1) return 0;
    const chosen = this.job.partition?.(key, partitions) ?? (hashText(key) >>> 0) % partitions;
    if (Number.isInteger(chosen) && chosen >= 0 && chosen < partitions) return chosen;
    const range = `a whole number from 0 to ${partitions - 1}`;
    throw new RangeError(`partition("${key}") must return ${range}, but returned ${chosen}`);
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
}

function sizeOf(value: Json): number {
  return typeof value === "string" ? value.length * 2 + 16 : JSON.stringify(value).length * 2 + 32;
}

/**
 * Groups of declared columns: where the parent is a CSV source, on the bytes of its lines, as
 * MapReduce's `groupBy`; else on the fields of rows. Both leave the same files.
 */
import { existsSync, mkdirSync } from "fs";
import { join } from "path";
import { cellsOf, valuesOf } from "../../map-reduce/group-by/cells";
import { checkColumns } from "../../map-reduce/group-by/check-columns";
import type { Cell, ColumnSlice, Condition, GroupByJob } from "../../map-reduce/group-by/group-by";
import { runGroupMap } from "../../map-reduce/group-by/group-map";
import { GroupOutput } from "../../map-reduce/group-by/group-output";
import { GroupTable, hashBytes } from "../../map-reduce/group-by/group-table";
import { partEnd } from "../../map-reduce/group-by/key-reader";
import { slices } from "../../map-reduce/group-by/partitioned";
import { mergeSegment } from "../../map-reduce/group-by/group-reduce";
import { listSegments, readSegment } from "../../map-reduce/group-by/segment-file";
import { updateCells } from "../../map-reduce/group-by/update-cells";
import { runName } from "../../map-reduce/map-output";
import { RecordError } from "../../map-reduce/record-error";
import type { Split } from "../../map-reduce/tasks";
import type { ShippedStep } from "../steps";
import type { Part, ShareSettings, Sharer } from "./part";
import { FunctionError } from "./functions";
import { inputFiles } from "./shuffle-input";

/** Where a worker has the groups for a shuffle. */
function groupFolder(sessionFolder: string, worker: string, shuffle: number): string {
  return join(sessionFolder, worker, `groups-${shuffle}`);
}

function mapSettings({ shuffle, reader, evaluation }: ShareSettings) {
  const { sessionFolder, worker, memoryBytes } = evaluation.workshop;
  const folder = groupFolder(sessionFolder, worker, shuffle);
  mkdirSync(folder, { recursive: true });
  const { onProgress } = evaluation;
  return { partitions: reader.partitions, memoryBytes, folder, worker, onProgress };
}

/** Files whose columns were looked at for a job. */
const checked = new WeakMap<GroupByJob, Set<string>>();

async function checkOnce(job: GroupByJob, file: string): Promise<void> {
  const files = checked.get(job) ?? new Set<string>();
  if (!files.has(file)) await checkColumns(job, [file]);
  checked.set(job, files.add(file));
}

/** A split of the CSV source, without a row being made. */
export async function shareBytes(
  job: GroupByJob,
  { operator }: ShippedStep,
  settings: ShareSettings,
): Promise<{ rows: number; bytes: number }> {
  if (operator.kind !== "csv") throw new Error("only a CSV source is read as bytes");
  const { partition } = settings;
  const split = operator.splits[partition] as Split;
  const task = { taskId: partition, split, skipRecordsAt: [] };
  await checkOnce(job, split.file);
  try {
    const { outputs, counters } = await runGroupMap(job, task, mapSettings(settings));
    const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
    return { rows: counters["pairsEmitted"] ?? 0, bytes };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw new FunctionError(`${split.file}, line at byte ${error.recordAt}: ${error.message}`);
  }
}

/** Rows as objects, of which fields are the columns. */
export class GroupSharer implements Sharer {
  private readonly output: GroupOutput;
  private readonly cells: readonly Cell[];
  private table: GroupTable;
  private scratch = Buffer.alloc(1_024);
  private rows = 0;

  constructor(
    private readonly job: GroupByJob,
    private readonly settings: ShareSettings,
  ) {
    this.output = new GroupOutput(settings.partition, mapSettings(settings));
    this.cells = cellsOf(job);
    this.table = this.emptyTable();
  }

  add(rows: readonly unknown[]): void {
    const { table, job } = this;
    const kept = (rows as readonly Fields[]).filter((row) => isWanted(row, job.where));
    const groups = Uint32Array.from(kept, (row) => this.groupOf(row));
    this.cells.forEach(({ kind, column }, index) => {
      const values = Float64Array.from(kept, (row) => numberOf(row, column));
      const { cells, stride } = table;
      const source = { values, valueStride: 1, valueIndex: 0, count: kept.length };
      updateCells[kind]({ cells, groups, stride, index }, source);
    });
    if (table.bytes > this.settings.evaluation.workshop.memoryBytes) this.spill();
  }

  finish(): { rows: number; bytes: number } {
    this.spill();
    const outputs = this.output.finish();
    return { rows: this.rows, bytes: outputs.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  abandon(): void {
    this.table = this.emptyTable();
  }

  private spill(): void {
    this.rows += this.table.size;
    this.output.spill(this.table);
    this.table = this.emptyTable();
  }

  private emptyTable(): GroupTable {
    return new GroupTable(this.cells.map(({ kind }) => kind));
  }

  private groupOf(row: Fields): number {
    let length = 0;
    for (const part of this.job.key) {
      if (length > 0 || part !== this.job.key[0]) length = this.write(Buffer.of(partEnd), length);
      length = this.write(bytesOf(row, part), length);
    }
    return this.table.find(this.scratch, 0, length, hashBytes(this.scratch, 0, length));
  }

  private write(bytes: Uint8Array, at: number): number {
    while (at + bytes.length > this.scratch.length) {
      this.scratch = Buffer.concat([this.scratch, Buffer.alloc(this.scratch.length)]);
    }
    this.scratch.set(bytes, at);
    return at + bytes.length;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** Nothing is an empty field, as in a CSV file. */
function textOf(row: Fields, column: string): string {
  const value = row[column];
  if (value === undefined) throw new Error(`a row has no column "${column}"`);
  return value === null ? "" : String(value);
}

function bytesOf(row: Fields, { column, from, to }: ColumnSlice): Uint8Array {
  return Buffer.from(textOf(row, column)).subarray(from, to);
}

/** NaN: no number. */
function numberOf(row: Fields, column: string): number {
  if (column === "") return NaN;
  const text = textOf(row, column);
  const value = text === "" ? NaN : Number(text);
  if (text === "" || Number.isFinite(value)) return value;
  throw new Error(`the column ${column} holds "${text}", which is no number`);
}

function isWanted(row: Fields, where: Readonly<Record<string, Condition>>): boolean {
  return Object.entries(where).every(([column, condition]) => {
    const text = textOf(row, column);
    if (typeof condition === "string") return text === condition;
    if ("not" in condition) return text !== condition.not;
    return condition.includes(text);
  });
}

/** Rows that are pushed at a time. */
const batchRows = 4_096;

/** The groups of a partition, as pairs: a slice of the keys at a time. */
export function readGroups(job: GroupByJob, part: Part): void {
  const parent = part.step.parents[0];
  if (parent?.kind !== "wide") throw new Error("groups of columns are read from a shuffle");
  const { sessionFolder } = part.evaluation.workshop;
  const files = inputFiles(part, parent, (worker, partition) =>
    join(groupFolder(sessionFolder, worker, parent.shuffle), runName(partition, part.partition)),
  );
  const places = files.filter((file) => existsSync(file)).flatMap(listSegments);
  const kinds = cellsOf(job).map(({ kind }) => kind);
  const valueOf = valuesOf(job);
  for (let slice = 0; slice < slices; slice++) {
    const own = places.filter(({ number }) => number === slice);
    const size = own.reduce((sum, place) => sum + place.size, 0);
    const table = new GroupTable(kinds, size);
    for (const place of own) mergeSegment(table, readSegment(place), kinds);
    for (let from = 0; from < table.size; from += batchRows) {
      const length = Math.min(batchRows, table.size - from);
      const rows = Array.from({ length }, (_, i) => {
        const group = from + i;
        const key = table.keyText(group).split("\0").join(job.separator);
        return { key, value: valueOf(table.cells, group * table.stride) };
      });
      if (!part.push(rows)) return;
    }
  }
}

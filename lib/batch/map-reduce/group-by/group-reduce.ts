/**
 * The reduce task of `groupBy`: the segments of a partition into a table, sorted by key. A
 * partition that would not fit into memory is read several times, each time for another share of
 * its keys.
 */
import { renameSync, rmSync, writeFileSync } from "fs";
import { join } from "path";
import type { MapResult } from "../map-settings";
import { answerName, inputFiles } from "../reduce-task";
import type { ReduceSettings } from "../reduce-task";
import type { OutputRef } from "../tasks";
import { cellsOf } from "./cells";
import type { Cell, GroupByJob } from "./group-by";
import { GroupTable } from "./group-table";
import { picked, slices } from "./partitioned";
import { appendSegments, listSegments, readSegment } from "./segment-file";
import type { NumberedSegment, Segment, SegmentPlace } from "./segment-file";
import { sortKeys } from "./sort-keys";
import { topOfTable } from "./top-groups";
import { mergeCells } from "./update-cells";

/** A table takes up to so many times the bytes of its segments, for slots and room to grow. */
const tableOverhead = 3;
const mostPasses = 4_096;
/** Groups that whoever reads the answer holds at a time. */
const chunkGroups = 32_768;

export function runGroupReduce(
  job: GroupByJob,
  task: { partition: number; inputs: readonly OutputRef[] },
  settings: ReduceSettings,
): MapResult {
  const places = bySlice(inputFiles(task.inputs, settings).flatMap(listSegments));
  const target = join(settings.jobFolder, settings.worker, answerName(task.partition));
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  writeFileSync(partial, "");
  const kinds = cellsOf(job).map(({ kind }) => kind);
  const mostGroups = places.reduce((sum, { size }) => sum + size, 0);
  const passes = passesFor(task.inputs, settings.memoryBytes);
  const written = { keysReduced: 0, bytes: 0 };
  for (let pass = 0; pass < passes; pass++) {
    const table = new GroupTable(kinds, mostGroups / passes);
    for (const place of places) {
      mergeSegment(table, ofPass(readSegment(place), { pass, passes }), kinds);
    }
    written.keysReduced += table.size;
    written.bytes += appendSegments(partial, sortedChunks(wanted(job, table), pass));
  }
  renameSync(partial, target);
  const { worker } = settings;
  const output = { worker, mapTaskId: -1, partition: task.partition, bytes: written.bytes };
  return { outputs: [output], counters: { keysReduced: written.keysReduced } };
}

function passesFor(inputs: readonly OutputRef[], memoryBytes: number): number {
  const inputBytes = inputs.reduce((sum, { bytes }) => sum + bytes, 0);
  return Math.min(mostPasses, Math.max(1, Math.ceil((inputBytes * tableOverhead) / memoryBytes)));
}

function mergeSegment(table: GroupTable, segment: Segment, kinds: readonly Cell["kind"][]): void {
  const { size, keys, keyEnds, hashes } = segment;
  const groups = new Uint32Array(size);
  for (let i = 0; i < size; i++) {
    const [from, to] = [keyEnds[i] as number, keyEnds[i + 1] as number];
    groups[i] = table.find(keys, from, to, hashes[i] as number);
  }
  const { cells, stride } = table;
  const values = { values: segment.cells, valueStride: stride, count: size };
  kinds.forEach((kind, index) => {
    mergeCells[kind]({ cells, groups, stride, index }, { ...values, valueIndex: index });
  });
}

/** The groups whose turn it is in this pass. */
function ofPass(segment: Segment, { pass, passes }: { pass: number; passes: number }): Segment {
  if (passes === 1) return segment;
  const indices = Uint32Array.from(segment.hashes.keys());
  const own = indices.filter((i) => passOf(segment.hashes[i] as number, passes) === pass);
  return picked({ ...segment, stride: segment.cells.length / segment.size }, own);
}

/** Other bits than partitions and slots go by. */
function passOf(hash: number, passes: number): number {
  return (Math.imul(hash, 0x9e3779b1) >>> 8) % passes;
}

/** Slice by slice; within one in the order of the map tasks, so that sums always add up alike. */
function bySlice(places: readonly SegmentPlace[]): SegmentPlace[] {
  const bySlice: SegmentPlace[][] = Array.from({ length: slices }, () => []);
  for (const place of places) bySlice[place.number]?.push(place);
  return bySlice.flat();
}

/** The table, or the part of it that can be in the answer. */
function wanted(job: GroupByJob, table: GroupTable): Segment & Pick<GroupTable, "stride"> {
  if (job.top === undefined) return table;
  return { ...picked(table, topOfTable(job, job.top, table)), stride: table.stride };
}

function* sortedChunks(
  table: Segment & Pick<GroupTable, "stride">,
  number: number,
): Generator<NumberedSegment> {
  const order = sortKeys(table);
  for (let from = 0; from < order.length; from += chunkGroups) {
    yield { number, segment: picked(table, order.subarray(from, from + chunkGroups)) };
  }
}

/**
 * The reduce task of `groupBy`: the segments of a partition into a table, sorted by key. A
 * partition that would not fit into memory is reduced a few slices of its keys at a time, each
 * time to a sorted run of its own; a slice is the least that is reduced at a time.
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
import { appendSegments, bodyBytes, listSegments, readSegment } from "./segment-file";
import type { NumberedSegment, Segment, SegmentPlace } from "./segment-file";
import { sortKeys } from "./sort-keys";
import { topOfTable } from "./top-groups";
import { mergeCells } from "./update-cells";

/** A table takes up to so many times the bytes of its segments, for slots and room to grow. */
const tableOverhead = 3;
/** Groups that whoever reads the answer holds at a time. */
const chunkGroups = 32_768;

export function runGroupReduce(
  job: GroupByJob,
  task: { partition: number; inputs: readonly OutputRef[] },
  settings: ReduceSettings,
): MapResult {
  const places = inputFiles(task.inputs, settings).flatMap(listSegments);
  const target = join(settings.jobFolder, settings.worker, answerName(task.partition));
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  writeFileSync(partial, "");
  const kinds = cellsOf(job).map(({ kind }) => kind);
  const written = { keysReduced: 0, bytes: 0 };
  for (const [number, pass] of passesOf(places, settings.memoryBytes).entries()) {
    const table = new GroupTable(kinds, countGroups(pass));
    for (const place of pass) mergeSegment(table, readSegment(place), kinds);
    written.keysReduced += table.size;
    written.bytes += appendSegments(partial, sortedChunks(wanted(job, table), number));
  }
  renameSync(partial, target);
  const { worker } = settings;
  const output = { worker, mapTaskId: -1, partition: task.partition, bytes: written.bytes };
  return { outputs: [output], counters: { keysReduced: written.keysReduced } };
}

/**
 * The segments slice by slice, as many slices together as fit into memory; within a slice in the
 * order of the map tasks, so that sums always add up alike.
 */
function passesOf(places: readonly SegmentPlace[], memoryBytes: number): SegmentPlace[][] {
  const passes: SegmentPlace[][] = [];
  let leftBytes = 0;
  for (let slice = 0; slice < slices; slice++) {
    const own = places.filter(({ number }) => number === slice);
    const bytes = own.reduce((sum, place) => sum + bodyBytes(place), 0) * tableOverhead;
    if (bytes > leftBytes) {
      passes.push([]);
      leftBytes = memoryBytes;
    }
    passes.at(-1)?.push(...own);
    leftBytes -= bytes;
  }
  return passes;
}

function countGroups(places: readonly SegmentPlace[]): number {
  return places.reduce((sum, { size }) => sum + size, 0);
}

/** Adds the groups of a segment to a table. */
export function mergeSegment(
  table: GroupTable,
  segment: Segment,
  kinds: readonly Cell["kind"][],
): void {
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

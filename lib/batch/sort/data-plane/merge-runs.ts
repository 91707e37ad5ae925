/**
 * Merges a range of all runs into its place in the output: at once, or, where these are too many
 * for the memory and the files of a thread, after passes that make fewer and longer runs of them.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, sections 5.4.1 and 5.4.9. Ours merges only
 * neighbours, so that the sort is stable; a pass merges no more of them than it must.
 * Cost: each pass but the last writes what it merges once more: the range at most.
 */
import { closeSync, openSync, rmSync } from "fs";
import type { RunRef, SortTask } from "../tasks";
import type { Arena } from "./arena";
import { fanIn, planMerge } from "./arena-plan";
import { Contest } from "./contest";
import { findCut, searchStretches } from "./find-cut";
import type { KeyOrder } from "./key-order";
import { RunReader } from "./run-reader";
import type { Cut, Slice } from "./run-reader";
import { indexBytes } from "./run-writer";
import { Sink } from "./sink";

export interface MergeSettings {
  readonly arena: Arena;
  readonly order: KeyOrder;
  /** Exists; the bytes of the range are written to their place in it. */
  readonly outputFile: string;
  /** Bytes of the output before the first record. */
  readonly outputStart: number;
  /** Runs that may be open at once, 2 at least. */
  readonly openRuns: number;
  /** Runs of passes before the last are called so, and by their numbers. */
  readonly filePrefix: string;
}

export interface MergedRange {
  readonly bytes: number;
  /** 1: all runs were merged at once. */
  readonly passes: number;
}

type MergeTask = SortTask & { readonly kind: "merge" };

export function mergeRuns(task: MergeTask, settings: MergeSettings): MergedRange {
  const { parts, before, bytes } = cutRuns(task, settings);
  const made: string[] = [];
  try {
    let [slices, passes] = [parts, 1];
    for (; fanIn(slices, roomOf(settings)) < slices.length; passes++) {
      slices = mergePass(slices, settings, made);
    }
    mergeToOutput(slices, settings, settings.outputStart + before);
    return { bytes, passes };
  } finally {
    for (const file of made) removeRun(file);
  }
}

function roomOf({ arena, openRuns }: MergeSettings): { arenaBytes: number; openRuns: number } {
  return { arenaBytes: arena.bytes.length, openRuns };
}

/** The part of each run that the range has; `before`: bytes of the output before the range. */
function cutRuns(
  { runs, low, high }: MergeTask,
  { arena, order }: MergeSettings,
): { parts: Slice[]; before: number; bytes: number } {
  const cutAt = (splitter: typeof low, run: RunRef, i: number, without: Cut): Cut => {
    if (splitter === undefined) return without;
    const search = { arena, order, ...searchStretches(run) };
    return findCut(run, i, { splitter, search });
  };
  const all = runs.map((run, i): Slice => {
    const { file, longestBytes, records, bytes } = run;
    const start = cutAt(low, run, i, { record: 0, byte: 0 });
    const end = cutAt(high, run, i, { record: records, byte: bytes });
    return { file, longestBytes, low: start, high: end };
  });
  const before = all.reduce((sum, { low: { byte } }) => sum + byte, 0);
  const bytes = all.reduce((sum, { high: { byte } }) => sum + byte, 0) - before;
  return { parts: all.filter(({ low, high }) => low.record < high.record), before, bytes };
}

/** Merges neighbours from the first on until the rest can be merged at once, or once over all. */
function mergePass(slices: readonly Slice[], settings: MergeSettings, made: string[]): Slice[] {
  const merged: Slice[] = [];
  let left = slices;
  for (;;) {
    const all = [...merged, ...left];
    const excess = all.length - fanIn(all, roomOf(settings));
    if (excess <= 0 || left.length < 2) return all;
    const count = Math.min(fanIn(left, roomOf(settings)), Math.max(2, excess + 1));
    const group = left.slice(0, count);
    left = left.slice(count);
    const file = `${settings.filePrefix}-${made.length}`;
    made.push(file);
    merged.push(mergeToRun(group, settings, file));
    for (const { file: old } of group) if (made.includes(old)) removeRun(old);
  }
}

function mergeToOutput(slices: readonly Slice[], settings: MergeSettings, position: number): void {
  const { arena, order, outputFile } = settings;
  const { output, readers } = planMerge(arena.bytes.length, slices);
  withReaders(arena, slices, readers, (open) => {
    const descriptor = openSync(outputFile, "r+");
    try {
      const sink = new Sink(arena, descriptor, { ...output, position });
      const contest = new Contest(open, order);
      while (contest.play(arena, sink)) contest.put(sink);
      sink.flush();
    } finally {
      closeSync(descriptor);
    }
  });
}

/** A run of no blocks: it is merged whole. */
function mergeToRun(slices: readonly Slice[], settings: MergeSettings, file: string): Slice {
  const { arena, order } = settings;
  const { output, index: indexPlace, readers } = planMerge(arena.bytes.length, slices);
  const end = { record: 0, byte: 0 };
  withReaders(arena, slices, readers, (open) => {
    const descriptors = [openSync(file, "w"), openSync(`${file}.index`, "w")] as const;
    try {
      const data = new Sink(arena, descriptors[0], { ...output, position: 0 });
      const index = new Sink(arena, descriptors[1], { ...indexPlace, position: 0 });
      const contest = new Contest(open, order);
      for (let next = contest.present(); next !== undefined; next = contest.present()) {
        data.put(next.start, next.length);
        index.put(next.entryAt, indexBytes);
        end.record++;
        end.byte += next.length;
        contest.advance();
      }
      data.flush();
      index.flush();
    } finally {
      for (const descriptor of descriptors) closeSync(descriptor);
    }
  });
  const longestBytes = Math.max(...slices.map((slice) => slice.longestBytes));
  return { file, longestBytes, low: { record: 0, byte: 0 }, high: end };
}

type Places = ReturnType<typeof planMerge>["readers"];

function withReaders(
  arena: Arena,
  slices: readonly Slice[],
  places: Places,
  merge: (readers: readonly RunReader[]) => void,
): void {
  const readers: RunReader[] = [];
  try {
    slices.forEach((slice, i) => {
      readers.push(new RunReader(arena, slice, places[i] as Places[0]));
    });
    merge(readers);
  } finally {
    for (const reader of readers) reader.close();
  }
}

function removeRun(file: string): void {
  rmSync(file, { force: true });
  rmSync(`${file}.index`, { force: true });
}

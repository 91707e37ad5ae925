/** The answer of `groupBy`: sorted runs of groups merged into rows, a chunk of each in memory. */
import { Heap } from "../../../basics";
import type { ResultRow } from "../job";
import { compareKeys } from "../run-file";
import { valuesOf } from "./cells";
import type { GroupByJob } from "./group-by";
import { listSegments, readSegment } from "./segment-file";
import type { Segment, SegmentPlace } from "./segment-file";

/** The segments of a sorted run in turn: from a file, or held in memory. */
export type GroupRun = Iterable<Segment>;

/** The runs of answer files; with `isHeld` in memory, so that the files may vanish. */
export function groupRuns(files: readonly string[], { isHeld }: { isHeld: boolean }): GroupRun[] {
  const runs = files.flatMap(runsOf);
  return runs.map((places) => (isHeld ? places.map(readSegment) : segmentsAt(places)));
}

function* segmentsAt(places: readonly SegmentPlace[]): Generator<Segment> {
  for (const place of places) yield readSegment(place);
}

/** All rows in the order of their keys. Parts of a key are told apart by `partEnd`. */
export function* groupAnswer(
  job: GroupByJob,
  runs: readonly GroupRun[],
): Generator<ResultRow<unknown>> {
  const valueOf = valuesOf(job);
  const heap = new Heap<RunHead>((left, right) => compareKeys(left.key, right.key));
  for (const run of runs) {
    const head = new RunHead(run);
    if (head.next()) heap.push(head);
  }
  for (let head = heap.pop(); head !== undefined; head = heap.pop()) {
    yield { key: head.key, value: valueOf(head.cells, head.cellsAt) };
    if (head.next()) heap.push(head);
  }
}

/** The segments of each run; a run's are numbered alike. */
function runsOf(file: string): SegmentPlace[][] {
  const runs = new Map<number, SegmentPlace[]>();
  for (const place of listSegments(file)) {
    const run = runs.get(place.number);
    if (run === undefined) runs.set(place.number, [place]);
    else run.push(place);
  }
  return [...runs.values()];
}

/** The group that is next in a run. */
class RunHead {
  key = "";
  cells = new Float64Array(0);
  cellsAt = 0;
  private index = -1;
  private segment: Segment | undefined;
  private keys = Buffer.alloc(0);
  private readonly segments: Iterator<Segment>;

  constructor(run: GroupRun) {
    this.segments = run[Symbol.iterator]();
  }

  /** False at the end of the run. */
  next(): boolean {
    if (++this.index >= (this.segment?.size ?? 0) && !this.nextSegment()) return false;
    const { keyEnds, cells, size } = this.segment as Segment;
    this.key = this.keys.toString("utf8", keyEnds[this.index], keyEnds[this.index + 1]);
    this.cellsAt = (cells.length / size) * this.index;
    return true;
  }

  private nextSegment(): boolean {
    const next = this.segments.next();
    if (next.done) return false;
    this.segment = next.value;
    this.index = 0;
    const { keys, cells } = next.value;
    this.keys = Buffer.from(keys.buffer, keys.byteOffset, keys.length);
    this.cells = cells;
    return true;
  }
}

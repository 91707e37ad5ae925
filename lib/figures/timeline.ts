/** The Gantt chart of a run: a line for each worker, a bar for each task, real or simulated. */
import { Drawing, Labels, cross, headerHeight, line, page, short, write } from "./drawing";
import type { Caption } from "./drawing";
import { boxSign, legend } from "./legend";
import type { LegendEntry } from "./legend";
import { ink, palette } from "./palette";
import { axisHeight, drawTimeAxis, xOf } from "./time-axis";
import type { TimeAxis } from "./time-axis";

/** One bar. `batch.taskSpans` makes them of a MapReduce run: add `lane: span.worker`. */
export interface TimelineSpan {
  /** Whose line it stands on. */
  readonly lane: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Decides the colour, and is named in the legend. */
  readonly kind: string;
  /** "done" is drawn full, others hollow; "failed" and "lost" end in a cross. Default "done". */
  readonly outcome?: string;
  /** Drawn with a thick edge. */
  readonly isBackup?: boolean;
  /** Written inside where there is room. */
  readonly label?: string;
}

export interface TimelineOptions extends Caption {
  /** Which lines, from top to bottom; default: all, in the order of their numbers. */
  readonly lanes?: readonly string[];
  /** Upright lines, as of a crash. */
  readonly marks?: readonly { readonly atMs: number; readonly label: string }[];
  /** Pixels; default 760. */
  readonly width?: number;
}

const maxLanes = 60;
const maxSpans = 3_000;

/** Throws a RangeError when there is nothing to draw, or more than can be read. */
export function timeline(spans: readonly TimelineSpan[], options: TimelineOptions): Drawing {
  const lanes = options.lanes ?? lanesOf(spans);
  const known = new Set(lanes);
  const drawn = spans.filter(({ lane }) => known.has(lane));
  check(drawn, lanes, options);
  const width = options.width ?? 760;
  const laneHeight = lanes.length > 25 ? 12 : 20;
  const left = 20 + 7.5 * Math.max(...lanes.map((lane) => lane.length));
  const toMs = Math.max(...drawn.map(({ endMs }) => endMs), 1e-3);
  const axis = { fromMs: 0, toMs, left, right: width - 20 };
  const top = headerHeight + 34;
  const bottom = top + lanes.length * laneHeight;
  const kinds = [...new Set(drawn.map(({ kind }) => kind))];
  const colorOf = (kind: string): string => palette[kinds.indexOf(kind)] ?? ink;
  const strokes = [
    ...drawTimeAxis(axis, { top, bottom }),
    ...lanes.map((lane, i) => {
      const y = top + (i + 0.5) * laneHeight;
      const name = { size: Math.min(12, laneHeight - 1), anchor: "end" } as const;
      const own = drawn.filter((span) => span.lane === lane);
      const bars = own.map((span) => bar(span, axis, { y, laneHeight, color: colorOf(span.kind) }));
      return write({ x: left - 6, y: y + 4 }, lane, name) + bars.join("");
    }),
    ...drawMarks(options.marks ?? [], axis, { top, bottom }),
    legend(entriesOf(kinds, colorOf, drawn)),
  ];
  const size = { width, height: bottom + axisHeight };
  return new Drawing(page(options, size, strokes), tell(drawn, lanes, options));
}

/** In the order of the numbers in their names: n2 before n10. */
function lanesOf(spans: readonly TimelineSpan[]): string[] {
  const byNumber = new Intl.Collator("en", { numeric: true });
  return [...new Set(spans.map(({ lane }) => lane))].sort(byNumber.compare);
}

function check(
  spans: readonly TimelineSpan[],
  lanes: readonly string[],
  { title }: TimelineOptions,
): void {
  if (spans.length === 0) throw new RangeError(`the timeline "${title}" has no bars`);
  if (lanes.length > maxLanes) {
    const advice = "choose some with lanes";
    throw new RangeError(
      `a timeline takes at most ${maxLanes} lines, not ${lanes.length}: ${advice}`,
    );
  }
  if (spans.length > maxSpans) {
    const advice = "choose fewer lanes";
    throw new RangeError(
      `a timeline takes at most ${maxSpans} bars, not ${spans.length}: ${advice}`,
    );
  }
}

function bar(
  { startMs, endMs, outcome = "done", isBackup, label }: TimelineSpan,
  axis: TimeAxis,
  { y, laneHeight, color }: { y: number; laneHeight: number; color: string },
): string {
  const [x, end] = [xOf(axis, startMs), xOf(axis, endMs)];
  const width = Math.max(1, end - x - 0.6);
  const half = laneHeight * 0.38;
  const isDone = outcome === "done";
  const place = `x="${short(x)}" y="${short(y - half)}" height="${short(2 * half)}"`;
  const look = `fill="${color}" fill-opacity="${isDone ? 0.85 : 0.15}" stroke="${color}"`;
  const edge = `stroke-width="${isBackup ? 2.5 : 0.8}"`;
  const box = `<rect ${place} width="${short(width)}" ${look} ${edge}/>`;
  const isBroken = outcome === "failed" || outcome === "lost";
  const mark = isBroken
    ? cross({ x: x + width, y }, Math.min(4, half), { color: palette[1], width: 2 })
    : "";
  const hasRoom = label !== undefined && laneHeight > 14 && width > label.length * 6.5 + 4;
  const style = { size: 10, anchor: "middle", color: isDone ? "#ffffff" : color } as const;
  const text = hasRoom ? write({ x: x + width / 2, y: y + 3.5 }, label, style) : "";
  return box + mark + text;
}

function drawMarks(
  marks: readonly { atMs: number; label: string }[],
  axis: TimeAxis,
  { top, bottom }: { top: number; bottom: number },
): string[] {
  const labels = new Labels();
  return marks.map(({ atMs, label }) => {
    const x = xOf(axis, atMs);
    const rule = line({ x, y: top - 4 }, { x, y: bottom }, { color: palette[1], dash: "3 3" });
    return rule + labels.place(label, [{ x: x + 4, y: top - 6 }], { size: 10, color: palette[1] });
  });
}

function entriesOf(
  kinds: readonly string[],
  colorOf: (kind: string) => string,
  spans: readonly TimelineSpan[],
): LegendEntry[] {
  const isHollow = spans.some(({ outcome = "done" }) => outcome !== "done");
  const hasBackup = spans.some(({ isBackup }) => isBackup);
  const hollow = { text: "result not used", sign: boxSign(ink, 'fill-opacity="0.15"') };
  const backup = { text: "backup", sign: boxSign(ink, 'fill-opacity="0" stroke-width="2.5"') };
  return [
    ...kinds.map((text) => ({ text, sign: boxSign(colorOf(text), 'fill-opacity="0.85"') })),
    ...(isHollow ? [hollow] : []),
    ...(hasBackup ? [backup] : []),
  ];
}

/** For each line: its bars, how long it was busy, and what did not end well. */
function tell(
  spans: readonly TimelineSpan[],
  lanes: readonly string[],
  { title, marks = [] }: TimelineOptions,
): string {
  const width = Math.max(...lanes.map((lane) => lane.length));
  const lines = lanes.map((lane) => {
    const own = spans.filter((span) => span.lane === lane);
    const busyMs = own.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
    const odd = own.filter(({ outcome = "done" }) => outcome !== "done");
    const outcomes = [...new Set(odd.map(({ outcome }) => outcome as string))];
    const rest = outcomes.map((outcome) => {
      return `, ${odd.filter((span) => span.outcome === outcome).length} ${outcome}`;
    });
    const tasks = `${own.length} task${own.length === 1 ? "" : "s"}`;
    return `  ${lane.padEnd(width)}  ${tasks}, busy ${Math.round(busyMs)} ms${rest.join("")}`;
  });
  const times = marks.map(({ atMs, label }) => `  ${Math.round(atMs)} ms: ${label}`);
  return [`[timeline] ${title}`, ...lines, ...times].join("\n");
}

/**
 * The space-time diagram of a trace: a horizontal line for each node, a slanted arrow for each
 * message, crosses where one is lost or a node crashes. Source of the form: L. Lamport, "Time,
 * Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978.
 */
import type { Message, NodeId, Trace } from "../protocol";
import { Drawing, Labels, arrow, cross, headerHeight, line, page, write } from "./drawing";
import type { Caption, Point, Stroke } from "./drawing";
import { arrowSign, legend } from "./legend";
import { ink, palette } from "./palette";
import { spaceTimeOf } from "./space-time";
import type { Absence, Journey, Remark, SpaceTime } from "./space-time";
import { axisHeight, drawTimeAxis, xOf } from "./time-axis";
import type { TimeAxis } from "./time-axis";

export interface TraceOptions extends Caption {
  /** Lines from top to bottom; messages of others are left out. Default: all that ever act. */
  readonly nodes?: readonly NodeId[];
  /** Only this part; default: the whole trace. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Which messages are drawn; default: all. Heartbeats are often better left out. */
  readonly isDrawn?: (message: Message, from: NodeId, to: NodeId) => boolean;
  /** What stands at an arrow; default: the message's type. */
  readonly label?: (message: Message) => string;
  /** Which notes are written; default: all. */
  readonly isNoted?: (label: string) => boolean;
  /** "time" is to scale; "order" sets all moments evenly apart, for bursts. Default "time". */
  readonly axis?: "time" | "order";
  /** Pixels; default: 760, more for many messages. */
  readonly width?: number;
}

const maxMessages = 400;
/** With more messages the legend alone tells them apart. */
const maxLabelled = 60;
const laneHeight = 58;

/** Throws a RangeError when there is nothing to draw, or more than can be read. */
export function spaceTime(trace: Trace, options: TraceOptions): Drawing {
  const scene = select(spaceTimeOf(trace), options, trace);
  const count = scene.journeys.length;
  if (count > maxMessages) {
    const advice = "give fromMs and toMs, nodes, or isDrawn";
    throw new RangeError(
      `a diagram takes at most ${maxMessages} messages, not ${count}: ${advice}`,
    );
  }
  if (scene.nodes.length === 0) throw new RangeError(`the diagram "${options.title}" has no nodes`);
  const width = options.width ?? Math.min(1_900, Math.max(760, count * 14));
  const left = 20 + 8 * Math.max(...scene.nodes.map((node) => node.length));
  const moments = options.axis === "order" ? momentsOf(scene) : undefined;
  const axis = { fromMs: scene.fromMs, toMs: scene.toMs, left, right: width - 84, moments };
  const height = headerHeight + 44 + scene.nodes.length * laneHeight + axisHeight;
  const svg = page(options, { width, height }, draw(scene, axis, options));
  return new Drawing(svg, tell(scene, options));
}

interface Scene extends SpaceTime {
  readonly nodes: readonly NodeId[];
  readonly fromMs: number;
  readonly toMs: number;
}

function select(all: SpaceTime, options: TraceOptions, trace: Trace): Scene {
  const nodes = options.nodes ?? [...new Set(trace.map(({ node }) => node))].filter(Boolean);
  const lanes = new Set(nodes);
  const fromMs = options.fromMs ?? 0;
  const lastMs = trace.at(-1)?.atMs ?? 0;
  const toMs = options.toMs ?? lastMs;
  const isIn = ({ atMs }: { atMs: number }): boolean => atMs >= fromMs && atMs <= toMs;
  return {
    nodes,
    fromMs,
    toMs: Math.max(toMs, fromMs + 1e-3),
    journeys: all.journeys.filter(({ from, to, message, sentMs }) => {
      const isBetween = lanes.has(from) && lanes.has(to) && isIn({ atMs: sentMs });
      return isBetween && (options.isDrawn?.(message, from, to) ?? true);
    }),
    absences: all.absences.filter(({ node, startMs, endMs = Infinity }) => {
      return lanes.has(node) && startMs <= toMs && endMs >= fromMs;
    }),
    notes: all.notes.filter((note) => {
      return lanes.has(note.node) && isIn(note) && (options.isNoted?.(note.label) ?? true);
    }),
    faults: all.faults.filter(isIn),
  };
}

/** Every time at which something is drawn, ascending, each once. */
function momentsOf({ journeys, absences, notes, faults, fromMs, toMs }: Scene): number[] {
  const times = [
    ...[fromMs, toMs],
    ...journeys.flatMap(({ sentMs, endMs = sentMs }) => [sentMs, endMs]),
    ...absences.flatMap(({ startMs, endMs = startMs }) => [startMs, endMs]),
    ...[...notes, ...faults].map(({ atMs }) => atMs),
  ].filter((ms) => ms >= fromMs && ms <= toMs);
  return [...new Set(times)].sort((left, right) => left - right);
}

interface Canvas {
  readonly axis: TimeAxis;
  readonly top: number;
  readonly bottom: number;
  readonly labels: Labels;
  at(node: NodeId, atMs: number): Point;
}

function draw(scene: Scene, axis: TimeAxis, options: TraceOptions): string[] {
  const top = headerHeight + 34;
  const lanes = new Map(scene.nodes.map((node, i) => [node, top + (i + 0.5) * laneHeight]));
  const bottom = top + scene.nodes.length * laneHeight;
  const at = (node: NodeId, atMs: number): Point => {
    return { x: xOf(axis, Math.min(atMs, axis.toMs)), y: lanes.get(node) ?? top };
  };
  const canvas: Canvas = { axis, top, bottom, labels: new Labels(), at };
  const label = options.label ?? (({ type }: Message) => type);
  const types = [...new Set(scene.journeys.map(({ message }) => message.type))];
  const colorOf = (type: string): string => palette[types.indexOf(type)] ?? ink;
  return [
    ...drawTimeAxis(axis, { top, bottom }),
    ...drawFaults(scene.faults, canvas),
    ...scene.nodes.map((node) => drawLane(node, scene.absences, canvas)),
    ...scene.journeys.map((journey) => drawJourney(journey, colorOf(journey.message.type), canvas)),
    ...scene.notes.map((note) => drawNote(note, canvas)),
    ...labelJourneys(scene.journeys, { label, colorOf, canvas }),
    legend(types.map((text) => ({ text, sign: arrowSign(colorOf(text)), color: colorOf(text) }))),
  ].filter((stroke) => stroke !== "");
}

/** The node's line: gone while it is down, thick and faint while it is paused. */
function drawLane(
  node: NodeId,
  absences: readonly Absence[],
  { axis, at, labels }: Canvas,
): string {
  const own = absences.filter((absence) => absence.node === node);
  const start = at(node, axis.fromMs);
  const name = write({ x: start.x - 8, y: start.y + 4 }, node, { anchor: "end", isBold: true });
  const strokes = [name];
  let from = start;
  for (const { kind, startMs, endMs = axis.toMs } of own) {
    const [stop, go] = [at(node, Math.max(startMs, axis.fromMs)), at(node, endMs)];
    strokes.push(line(from, stop, { width: 1.5 }));
    const isCrash = kind === "crash";
    const faint = isCrash ? { dash: "1 6", opacity: 0.6 } : { width: 7, opacity: 0.35 };
    strokes.push(line(stop, go, faint));
    if (isCrash) labels.reserve(stop, 7);
    if (isCrash) strokes.push(cross(stop, 6, { color: palette[1], width: 2.5 }));
    from = go;
  }
  return [...strokes, line(from, at(node, axis.toMs), { width: 1.5 })].join("");
}

/** Of a lost message, the place of its cross; of one still under way, where the picture ends. */
function endOf({ from, to, sentMs, endMs, lost }: Journey, { at, axis }: Canvas): Point {
  const start = at(from, sentMs);
  // It never left: the sender held it until it crashed.
  if (lost === "unsent") return at(from, endMs ?? sentMs);
  const whole = at(to, endMs ?? axis.toMs);
  if (lost === undefined && endMs !== undefined) return whole;
  if (lost === "down") return whole;
  const share = 0.55;
  const x = start.x + Math.max(10, (whole.x - start.x) * share);
  return { x: Math.min(x, axis.right), y: start.y + (whole.y - start.y) * share };
}

function drawJourney(journey: Journey, color: string, canvas: Canvas): string {
  const { from, sentMs, endMs, lost } = journey;
  const [start, end] = [canvas.at(from, sentMs), endOf(journey, canvas)];
  const stroke: Stroke = { color, width: 1.3 };
  if (lost !== undefined) {
    const mark = cross(end, 4, { color: palette[1], width: 2 });
    return line(start, end, { ...stroke, dash: "5 3" }) + mark;
  }
  if (endMs === undefined) return line(start, end, { ...stroke, dash: "2 3" });
  return arrow(start, end, stroke);
}

interface Lettering {
  readonly label: (message: Message) => string;
  readonly colorOf: (type: string) => string;
  readonly canvas: Canvas;
}

/** What is said to many at one moment is labelled once. */
function labelJourneys(journeys: readonly Journey[], lettering: Lettering): string[] {
  const { label, colorOf, canvas } = lettering;
  if (journeys.length > maxLabelled) return [];
  const said = new Set<string>();
  return journeys.map((journey) => {
    const { message, sentMs } = journey;
    const text = label(message);
    const moment = `${sentMs} ${text}`;
    if (said.has(moment)) return "";
    const written = labelJourney(journey, text, colorOf(message.type), canvas);
    if (written !== "") said.add(moment);
    return written;
  });
}

function labelJourney(journey: Journey, text: string, color: string, canvas: Canvas): string {
  if (journey.lost === "unsent") return "";
  const start = canvas.at(journey.from, journey.sentMs);
  const end = endOf(journey, canvas);
  // In the middle between two lines, so that no line runs through the text.
  const gaps = Math.max(1, Math.round(Math.abs(end.y - start.y) / laneHeight));
  const places = [0.5, gaps - 0.5, 0.25, 0.75].map((gap) => {
    const share = gap / gaps;
    return { x: start.x + (end.x - start.x) * share + 4, y: start.y + (end.y - start.y) * share };
  });
  return canvas.labels.place(text, places, { size: 10, color });
}

function drawNote({ node, atMs, label }: Remark, { at, labels }: Canvas): string {
  const { x, y } = at(node, atMs);
  const diamond = [
    [x, y - 4],
    [x + 4, y],
    [x, y + 4],
    [x - 4, y],
  ].map((corner) => corner.map((value) => Math.round(value * 10) / 10).join(","));
  const text = labels.place(
    label,
    [
      { x: x + 3, y: y - 7 },
      { x: x + 3, y: y + 15 },
    ],
    { size: 10, color: ink },
  );
  return `<polygon points="${diamond.join(" ")}" fill="${ink}"/>${text}`;
}

function drawFaults(faults: readonly Remark[], { axis, top, bottom, labels }: Canvas): string[] {
  return faults.map(({ atMs, label }) => {
    const x = xOf(axis, atMs);
    const rule = line({ x, y: top - 4 }, { x, y: bottom }, { color: palette[1], dash: "3 3" });
    const places = [top - 8, top - 21].map((y) => ({ x: x + 2, y }));
    return rule + labels.place(label, places, { size: 10, color: palette[1] });
  });
}

const maxLines = 60;

function tell({ journeys, absences, notes, faults }: Scene, options: TraceOptions): string {
  const label = options.label ?? (({ type }: Message) => type);
  const sent = journeys.map(({ from, to, message, sentMs, endMs, lost }) => {
    const end = endMs === undefined ? "under way" : `${lost ?? "arrives"} ${brief(endMs)}`;
    return { atMs: sentMs, text: `${from} -> ${to}  ${label(message)} (${end})` };
  });
  const events = [
    ...sent,
    ...notes.map(({ atMs, node, label: note }) => ({ atMs, text: `${node}  * ${note}` })),
    ...faults.map(({ atMs, label: fault }) => ({ atMs, text: `! ${fault}` })),
    ...absences.map(({ node, kind, startMs, endMs }) => {
      const until = endMs === undefined ? "" : ` until ${brief(endMs)}`;
      return { atMs: startMs, text: `${node}  x ${kind}${until}` };
    }),
  ].sort((left, right) => left.atMs - right.atMs);
  const lines = events.slice(0, maxLines).map(({ atMs, text }) => {
    return `${brief(atMs).padStart(12)}  ${text}`;
  });
  const rest = events.length - lines.length;
  const more = rest > 0 ? [`${" ".repeat(14)}and ${rest} more`] : [];
  return [`[trace] ${options.title}`, ...lines, ...more].join("\n");
}

function brief(ms: number): string {
  return `${Number(ms.toPrecision(6))} ms`;
}

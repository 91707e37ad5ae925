/** Boxes and arrows without cycles, for plans: layers from left to right, or from top to bottom. */
import { Drawing, arrow, headerHeight, page, short, textWidth, write } from "./drawing";
import type { Caption, Point } from "./drawing";
import { layer } from "./layers";
import type { Layering } from "./layers";
import { boxSign, legend } from "./legend";
import { ink, palette } from "./palette";

export interface DagNode {
  readonly id: string;
  /** Default: the id. */
  readonly label?: string;
  /** A second, smaller line: a size, a duration. */
  readonly detail?: string;
  /** Nodes of one kind have one colour; the legend names it. */
  readonly kind?: string;
}

export interface DagEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

export interface DagOptions extends Caption {
  /** Where arrows point. Default "right". */
  readonly direction?: "right" | "down";
}

const maxNodes = 200;
const boxHeight = 36;
const labelSize = 10;

interface Placed extends DagNode {
  readonly center: Point;
  readonly width: number;
}

/** Throws a RangeError for a cycle, an edge of an unknown node, two nodes of one id, too many. */
export function dag(
  nodes: readonly DagNode[],
  edges: readonly DagEdge[],
  options: DagOptions,
): Drawing {
  check(nodes, edges, options);
  const ids = nodes.map(({ id }) => id);
  const layering = layer(ids, edges);
  const isDown = options.direction === "down";
  const widths = new Map(nodes.map((node) => [node.id, widthOf(node)]));
  const gap = isDown ? 44 : gapFor(edges);
  const { places, width, height } = place(layering, { isDown, widths, gap });
  const placed = nodes.map((node): Placed => {
    return { ...node, center: places.get(node.id) as Point, width: widthOf(node) };
  });
  const byId = new Map(placed.map((node) => [node.id, node]));
  const kinds = [...new Set(nodes.flatMap(({ kind }) => kind ?? []))];
  const colorOf = (kind?: string): string => palette[kinds.indexOf(kind ?? "")] ?? ink;
  const strokes = [
    ...edges.map((edge, i) => {
      const path = (layering.paths[i] as readonly string[]).map(
        (name) => places.get(name) as Point,
      );
      const ends = { from: byId.get(edge.from) as Placed, to: byId.get(edge.to) as Placed };
      return drawEdge(edge, path, { ...ends, isDown, labelPlace: labelPlace(edge, edges) });
    }),
    ...placed.map((node) => drawBox(node, colorOf(node.kind))),
    legend(
      kinds.map((kind) => ({ text: kind, sign: boxSign(colorOf(kind), 'fill-opacity="0.15"') })),
    ),
  ];
  return new Drawing(
    page(options, { width, height }, strokes),
    tell(nodes, edges, layering, options),
  );
}

function check(nodes: readonly DagNode[], edges: readonly DagEdge[], { title }: DagOptions): void {
  if (nodes.length === 0) throw new RangeError(`the diagram "${title}" has no nodes`);
  if (nodes.length > maxNodes) {
    throw new RangeError(`a diagram takes at most ${maxNodes} nodes, not ${nodes.length}`);
  }
  const ids = new Set<string>();
  for (const { id } of nodes) {
    if (ids.has(id)) throw new RangeError(`the diagram "${title}" has two nodes "${id}"`);
    ids.add(id);
  }
  for (const { from, to } of edges) {
    const unknown = [from, to].find((id) => !ids.has(id));
    if (unknown === undefined) continue;
    throw new RangeError(`the edge ${from} -> ${to} names "${unknown}", which is no node`);
  }
}

/** In the middle of an arrow that has both its boxes for itself, else where fewer arrows meet. */
type LabelPlace = "middle" | "begin" | "end";

function labelPlace({ from, to }: DagEdge, edges: readonly DagEdge[]): LabelPlace {
  const leaving = edges.filter((edge) => edge.from === from).length;
  const coming = edges.filter((edge) => edge.to === to).length;
  if (leaving === 1 && coming === 1) return "middle";
  return coming <= leaving ? "end" : "begin";
}

/** From one layer to the next on its right: each label has room beside the bend of its arrow. */
function gapFor(edges: readonly DagEdge[]): number {
  const needed = edges.map((edge) => {
    const width = textWidth(edge.label ?? "", labelSize);
    return width + (labelPlace(edge, edges) === "middle" ? 16 : 40);
  });
  return Math.max(64, ...needed);
}

function widthOf({ id, label = id, detail = "" }: DagNode): number {
  return Math.max(44, textWidth(label, 12) + 18, textWidth(detail, 10) + 18);
}

/** The middle of every box and bend. */
function place(
  { layers }: Layering,
  { isDown, widths, gap }: { isDown: boolean; widths: ReadonlyMap<string, number>; gap: number },
): { places: Map<string, Point>; width: number; height: number } {
  const top = headerHeight + 26;
  const across = isDown ? Math.max(...widths.values()) + 24 : boxHeight + 18;
  const most = Math.max(...layers.map((names) => names.length));
  const places = new Map<string, Point>();
  let start = 0;
  for (const names of layers) {
    const thick = isDown ? boxHeight : Math.max(...names.map((name) => widths.get(name) ?? 0));
    const depth = start + thick / 2;
    start += thick + gap;
    names.forEach((name, i) => {
      const offset = ((most - names.length) / 2 + i + 0.5) * across;
      const down = { x: 10 + offset, y: top + depth };
      places.set(name, isDown ? down : { x: 10 + depth, y: top + offset });
    });
  }
  const [deep, wide] = [start - gap + 10, most * across];
  return isDown
    ? { places, width: 20 + wide, height: top + deep }
    : { places, width: 20 + deep, height: top + wide };
}

/** The two boxes of an arrow, and where its label is. */
interface Ends {
  readonly from: Placed;
  readonly to: Placed;
  readonly isDown: boolean;
  readonly labelPlace: LabelPlace;
}

/** Smooth through its bends, from the edge of one box to the edge of the other. */
function drawEdge(
  { label }: DagEdge,
  path: readonly Point[],
  { from, to, isDown, labelPlace }: Ends,
): string {
  const points = [...path];
  points[0] = side(from, isDown, 1);
  points[points.length - 1] = side(to, isDown, -1);
  const last = points.at(-1) as Point;
  const beforeLast = isDown ? { x: last.x, y: last.y - 8 } : { x: last.x - 8, y: last.y };
  const curve = [...points.slice(0, -1), beforeLast].map(({ x, y }, i, all) => {
    if (i === 0) return `M${short(x)},${short(y)}`;
    const previous = all[i - 1] as Point;
    const [mx, my] = [(previous.x + x) / 2, (previous.y + y) / 2];
    const [one, two] = isDown
      ? [`${short(previous.x)},${short(my)}`, `${short(x)},${short(my)}`]
      : [`${short(mx)},${short(previous.y)}`, `${short(mx)},${short(y)}`];
    return `C${one} ${two} ${short(x)},${short(y)}`;
  });
  const body = `<path d="${curve.join(" ")}" stroke="${ink}" stroke-width="1.3"/>`;
  const text = label === undefined ? "" : drawLabel(label, points, { isDown, labelPlace });
  return body + arrow(beforeLast, last, { width: 1.3 }) + text;
}

/** At a bend or in the middle; or beside one end, where the arrow does not come from. */
function drawLabel(
  label: string,
  points: readonly Point[],
  { isDown, labelPlace }: Pick<Ends, "isDown" | "labelPlace">,
): string {
  const [first, second] = points as [Point, Point];
  const isBent = points.length > 2;
  if (isBent || labelPlace === "middle") {
    const middle = { x: (first.x + second.x) / 2, y: (first.y + second.y) / 2 };
    return besides(label, isBent ? second : middle, isDown);
  }
  const [near, far] = labelPlace === "end" ? [second, first] : [first, second];
  if (isDown) {
    const isLeft = near.x < far.x;
    const at = { x: near.x + (isLeft ? -5 : 5), y: near.y + (near.y < far.y ? 13 : -12) };
    return write(at, label, { size: labelSize, anchor: isLeft ? "end" : "start" });
  }
  const isBegin = labelPlace === "begin";
  const at = { x: near.x + (isBegin ? 6 : -10), y: near.y + (near.y > far.y ? 13 : -5) };
  return write(at, label, { size: labelSize, anchor: isBegin ? "start" : "end" });
}

/** Beside an arrow that points down; above one that points right, within the gap. */
function besides(label: string, { x, y }: Point, isDown: boolean): string {
  const at = isDown ? { x: x + 3, y: y - 3 } : { x: x - 4, y: y - 5 };
  return write(at, label, { size: labelSize, anchor: isDown ? "start" : "middle" });
}

function side({ center, width }: Placed, isDown: boolean, sign: number): Point {
  if (isDown) return { x: center.x, y: center.y + (sign * boxHeight) / 2 };
  return { x: center.x + (sign * width) / 2, y: center.y };
}

function drawBox({ id, label = id, detail, center, width }: Placed, color: string): string {
  const { x, y } = center;
  const place = `x="${short(x - width / 2)}" y="${short(y - boxHeight / 2)}" rx="5"`;
  const look = `fill="${color}" fill-opacity="0.15" stroke="${color}" stroke-width="1.5"`;
  const box = `<rect ${place} width="${short(width)}" height="${boxHeight}" ${look}/>`;
  const style = { anchor: "middle" } as const;
  if (detail === undefined) return box + write({ x, y: y + 4 }, label, style);
  const small = { ...style, size: 10 };
  return box + write({ x, y: y - 2 }, label, style) + write({ x, y: y + 12 }, detail, small);
}

/** Layer by layer, each node with where its arrows go. */
function tell(
  nodes: readonly DagNode[],
  edges: readonly DagEdge[],
  { layers }: Layering,
  { title }: DagOptions,
): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const lines = layers.flatMap((names, level) =>
    names.flatMap((name) => {
      const node = byId.get(name);
      if (node === undefined) return [];
      const targets = edges.filter(({ from }) => from === name).map(({ to }) => to);
      const detail = node.detail === undefined ? "" : ` (${node.detail})`;
      const arrows = targets.length === 0 ? "" : ` -> ${targets.join(", ")}`;
      return [`  ${level + 1}. ${node.label ?? name}${detail}${arrows}`];
    }),
  );
  return [`[diagram] ${title}`, ...lines].join("\n");
}

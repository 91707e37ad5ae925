/** A picture of our own drawing: SVG in a notebook, text elsewhere; and the strokes of it. */
import type { MimeBundle, Showable } from "./display";
import { mimeBundleSymbol } from "./display";
import { ink } from "./palette";
import { escapeHtml } from "./table";

/** SVG text with a text that says the same in words. Made by `spaceTime`, `timeline` and `dag`. */
export class Drawing implements Showable {
  constructor(
    private readonly svg: string,
    private readonly text: string,
  ) {}

  /** The same bytes for the same input. */
  toSvg(): string {
    return this.svg;
  }

  /** What a terminal shows in its place. */
  toText(): string {
    return this.text;
  }

  [mimeBundleSymbol](): MimeBundle {
    return { "image/svg+xml": this.svg, "text/plain": this.text };
  }
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Stroke {
  readonly color?: string;
  readonly width?: number;
  readonly dash?: string;
  readonly opacity?: number;
}

/** At most one decimal: short files, and the same ones everywhere. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function attributes({ color = ink, width = 1, dash, opacity }: Stroke): string {
  const dashed = dash === undefined ? "" : ` stroke-dasharray="${dash}"`;
  const faint = opacity === undefined ? "" : ` opacity="${opacity}"`;
  return `stroke="${color}" stroke-width="${width}"${dashed}${faint}`;
}

export function line(from: Point, to: Point, stroke: Stroke = {}): string {
  const [x1, y1, x2, y2] = [from.x, from.y, to.x, to.y].map(short);
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${attributes(stroke)}/>`;
}

/** A line with a head at its end. */
export function arrow(from: Point, to: Point, stroke: Stroke = {}): string {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const corner = (turn: number): string => {
    const x = to.x - 7 * Math.cos(angle + turn);
    const y = to.y - 7 * Math.sin(angle + turn);
    return `${short(x)},${short(y)}`;
  };
  const tip = `${short(to.x)},${short(to.y)}`;
  const fill = `fill="${stroke.color ?? ink}"`;
  return (
    line(from, to, stroke) + `<polygon points="${tip} ${corner(0.4)} ${corner(-0.4)}" ${fill}/>`
  );
}

/** A cross: lost, crashed, failed. */
export function cross({ x, y }: Point, size: number, stroke: Stroke = {}): string {
  return (
    line({ x: x - size, y: y - size }, { x: x + size, y: y + size }, stroke) +
    line({ x: x - size, y: y + size }, { x: x + size, y: y - size }, stroke)
  );
}

export interface TextStyle {
  readonly size?: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly color?: string;
  readonly isBold?: boolean;
}

export function write({ x, y }: Point, content: string, style: TextStyle = {}): string {
  const { size = 12, anchor = "start", color = ink, isBold = false } = style;
  const weight = isBold ? ' font-weight="bold"' : "";
  const place = `x="${short(x)}" y="${short(y)}" font-size="${size}" text-anchor="${anchor}"`;
  return `<text ${place} fill="${color}"${weight}>${escapeHtml(content)}</text>`;
}

/** About how wide a text is, in pixels: sans-serif letters are about 0.56 of their size. */
export function textWidth(content: string, size: number): number {
  return content.length * size * 0.56;
}

/** What a picture is called, as a chart: a title, and one sentence that says what to see. */
export interface Caption {
  readonly title: string;
  readonly caption: string;
}

/** Pixels above a drawing that the title and caption take. */
export const headerHeight = 46;

/** The whole picture: a title and a caption above the strokes. */
export function page(
  { title, caption }: Caption,
  size: { width: number; height: number },
  strokes: readonly string[],
): string {
  if (title === "" || caption === "") throw new RangeError("a figure needs a title and a caption");
  const longest = Math.max(textWidth(title, 15), textWidth(caption, 12)) + 20;
  const width = Math.ceil(Math.max(size.width, longest));
  const height = Math.ceil(size.height);
  const box = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${box} font-family="sans-serif" fill="none">`,
    write({ x: 8, y: 18 }, title, { size: 15, isBold: true }),
    write({ x: 8, y: 36 }, caption),
    ...strokes,
    "</svg>",
  ].join("\n");
}

/** Remembers where texts stand, so that no two stand on one another. */
export class Labels {
  private readonly taken: { x: number; y: number; width: number; height: number }[] = [];

  /** Nothing is written within so many pixels of the point. */
  reserve({ x, y }: Point, radius: number): void {
    this.taken.push({ x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius });
  }

  /** The text at the first of the places where it is free, or nothing. */
  place(content: string, places: readonly Point[], style: TextStyle = {}): string {
    const { size = 12, anchor = "start" } = style;
    const width = textWidth(content, size) + 4;
    for (const point of places) {
      const shift = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
      const box = { x: point.x - shift, y: point.y - size, width, height: size + 2 };
      if (this.taken.some((other) => overlaps(box, other))) continue;
      this.taken.push(box);
      return write(point, content, style);
    }
    return "";
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlaps(left: Box, right: Box): boolean {
  return (
    left.x < right.x + right.width &&
    right.x < left.x + left.width &&
    left.y < right.y + right.height &&
    right.y < left.y + left.height
  );
}

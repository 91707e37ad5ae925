/** The line under a drawing's caption that says what its colours mean. */
import { arrow, headerHeight, write } from "./drawing";
import type { Point } from "./drawing";

export interface LegendEntry {
  readonly text: string;
  /** Draws the sign, from its left end at the height of the text's middle. */
  readonly sign: (left: Point) => string;
  /** Of the text; default: ink. */
  readonly color?: string;
}

export function legend(entries: readonly LegendEntry[]): string {
  const y = headerHeight + 6;
  let x = 10;
  return entries
    .map(({ text, sign, color }) => {
      const words = write({ x: x + 22, y }, text, { size: 11, color });
      const entry = sign({ x, y: y - 4 }) + words;
      x += 38 + text.length * 6.5;
      return entry;
    })
    .join("");
}

/** A little box, as the bars and boxes of the drawing look. */
export function boxSign(color: string, look: string): LegendEntry["sign"] {
  return ({ x, y }) =>
    `<rect x="${x}" y="${y - 5}" width="16" height="10" fill="${color}" stroke="${color}" ${look}/>`;
}

export function arrowSign(color: string): LegendEntry["sign"] {
  return ({ x, y }) => arrow({ x, y }, { x: x + 18, y }, { color });
}

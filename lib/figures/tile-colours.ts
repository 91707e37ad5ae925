/** Fills of tiles, and the ink that reads on them. */
import { palette } from "./palette";

type Rgb = readonly [red: number, green: number, blue: number];

/** From light to dark: yellow, green, blue (viridis, turned round). */
const shades: readonly Rgb[] = [
  [253, 231, 37],
  [33, 145, 140],
  [68, 1, 84],
];

/** The shade at `share` of the way, 0 to 1. */
export function shadeOf(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (shades.length - 1);
  const index = Math.min(shades.length - 2, Math.floor(place));
  const [from, to] = [shades[index] as Rgb, shades[index + 1] as Rgb];
  const mixed = from.map((value, i) => value + (place - index) * ((to[i] ?? 0) - value));
  return "#" + mixed.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("");
}

/** The colours of the book, in the order of the names; from the ninth on grey. */
export function namedColours(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name, i) => [name, palette[i] ?? "#bbbbbb"]));
}

/** Black or white, whichever reads better: by the contrast of WCAG 2.1, section 1.4.3. */
export function contrastingInk(fill: string): "#000000" | "#ffffff" {
  const light = luminance(fill);
  return (light + 0.05) / 0.05 > 1.05 / (light + 0.05) ? "#000000" : "#ffffff";
}

function luminance(fill: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(fill.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Tile maps: a country as equal squares, one a state, so that small states can be read too. */
import { brief, chart, checkFields } from "./chart";
import type { Chart, ChartRow } from "./chart";
import { indiaTiles } from "./india-tiles";
import { contrastingInk, namedColours, shadeOf } from "./tile-colours";

export interface TileMapOptions {
  /** A row a state, at most one for each tile. */
  readonly data: readonly ChartRow[];
  /** The field that holds the tile's letters, as "MH". */
  readonly tile: string;
  /** Numbers go from light to dark; names get the colours of the book in the order given. */
  readonly color: {
    readonly field: string;
    readonly title: string;
    /** The names in their order; default: those of the rows, in the order in which they come. */
    readonly domain?: readonly string[];
  };
  /** The field whose text stands under the letters, as "48 seats". */
  readonly text?: string;
  readonly title: string;
  /** One sentence that says what to see. */
  readonly caption: string;
  /** Columns and rows of the tiles; default: India's states and union territories of 2019. */
  readonly layout?: Readonly<Record<string, readonly [column: number, row: number]>>;
  /** Pixels of a tile's side; default 52. */
  readonly size?: number;
}

interface Tile {
  readonly letters: string;
  readonly column: number;
  readonly row: number;
  /** Whether there is a row of it. */
  readonly hasRow: boolean;
  readonly ink: string;
  readonly words: string;
}

/** What is drawn on each tile, or on some of them. */
interface Layer {
  readonly mark: object;
  readonly encoding?: object;
}

/** States without a row are outlined. Throws a RangeError for letters that no tile has. */
export function tileMap(options: TileMapOptions): Chart {
  const { tile, color, text, title, caption, layout = indiaTiles, size = 52 } = options;
  const fields = [{ field: tile }, color, ...(text === undefined ? [] : [{ field: text }])];
  checkFields(options, fields, Object.keys(layout).length);
  const tiles: readonly Tile[] = tilesOf(options, layout);
  const [columns, rows] = ([0, 1] as const).map((axis) => {
    const all = Object.values(layout).map((place) => place[axis]);
    return Array.from({ length: Math.max(...all) + 1 }, (_, i) => i);
  });
  const scale = { paddingInner: 0.06, paddingOuter: 0 };
  const place = {
    x: { field: "column", type: "ordinal", axis: null, scale: { domain: columns, ...scale } },
    y: { field: "row", type: "ordinal", axis: null, scale: { domain: rows, ...scale } },
  };
  const layers: readonly Layer[] = [
    { ...only("datum.hasRow"), ...squares(options) },
    { ...only("!datum.hasRow"), mark: outline },
    words("letters", text === undefined ? 0 : -8, 13),
    ...(text === undefined ? [] : [words("words", 10, 10)]),
  ];
  const spec = {
    title: { text: title, subtitle: caption },
    width: columns.length * size,
    height: rows.length * size,
    data: { values: tiles },
    layer: layers.map((layer) => ({ ...layer, encoding: { ...place, ...layer.encoding } })),
  };
  return chart(spec, summary(options));
}

function only(filter: string): object {
  return { transform: [{ filter }] };
}

const outline = { type: "rect", fill: null, stroke: "#999999", cornerRadius: 4 };

function tilesOf(
  { data, tile, color, text }: TileMapOptions,
  layout: NonNullable<TileMapOptions["layout"]>,
): Tile[] {
  const rows = new Map(data.map((row) => [String(row[tile]), row]));
  const unknown = [...rows.keys()].find((letters) => !Object.hasOwn(layout, letters));
  if (unknown !== undefined) {
    throw new RangeError(`no tile is called "${unknown}": there are ${Object.keys(layout).join()}`);
  }
  const fill = fillOf(data, color);
  return Object.entries(layout).map(([letters, [column, row]]) => {
    const found = rows.get(letters);
    const hasRow = found !== undefined;
    const ink = hasRow ? contrastingInk(fill(found)) : "#777777";
    const words = hasRow && text !== undefined ? String(found[text]) : "";
    return { ...found, letters, column, row, hasRow, ink, words };
  });
}

type Fill = (row: ChartRow) => string;

function fillOf(data: readonly ChartRow[], color: TileMapOptions["color"]): Fill {
  const { field } = color;
  const values = data.map((row) => row[field]);
  if (typeof values[0] !== "number") {
    const colours = namedColours(domainOf(data, color));
    return (row) => colours.get(String(row[field])) ?? "#ffffff";
  }
  const numbers = values.map(Number);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return (row) => shadeOf((Number(row[field]) - least) / (most - least || 1));
}

function domainOf(
  data: readonly ChartRow[],
  { field, domain }: TileMapOptions["color"],
): readonly string[] {
  return domain ?? [...new Set(data.map((row) => String(row[field])))];
}

function squares({ data, color }: TileMapOptions): Layer {
  const { field, title } = color;
  if (typeof data[0]?.[field] === "number") {
    const range = [shadeOf(0), shadeOf(0.5), shadeOf(1)];
    const scale = { range, interpolate: "rgb", zero: false, nice: false };
    return square({ field, title, type: "quantitative", scale });
  }
  const domain = domainOf(data, color);
  const range = [...namedColours(domain).values()];
  return square({ field, title, type: "nominal", scale: { domain, range } });
}

function square(color: object): Layer {
  const mark = { type: "rect", cornerRadius: 4, tooltip: { content: "data" } };
  return { mark, encoding: { color } };
}

function words(field: string, dy: number, fontSize: number): Layer {
  const fontWeight = field === "letters" ? "bold" : "normal";
  const inks = ["#ffffff", "#777777"];
  const condition = inks.map((value) => ({ test: `datum.ink === "${value}"`, value }));
  const color = { condition, value: "#000000" };
  return { mark: { type: "text", dy, fontSize, fontWeight }, encoding: { text: { field }, color } };
}

function summary({ data, tile, color, title }: TileMapOptions): string {
  const lines = data.map((row) => {
    const value = row[color.field];
    return `${String(row[tile])} ${typeof value === "number" ? brief(value) : String(value)}`;
  });
  return `${title}, ${color.title}\n  ${lines.join(", ")}`;
}

/** Heat maps: a coloured cell for each pair of places, in the order in which the places come. */
import { brief, chart, checkFields } from "./chart";
import type { Chart, ChartRow } from "./chart";

/** A column of the rows, and what the reader is told it is, with its unit. */
export interface HeatField {
  readonly field: string;
  readonly title: string;
  /** All values, in their order; default: those of the rows, in the order in which they come. */
  readonly domain?: readonly (string | number)[];
}

export interface HeatMapOptions {
  /** A row a cell; at most 6,000. */
  readonly data: readonly ChartRow[];
  readonly x: HeatField;
  readonly y: HeatField;
  /** Numbers go from light to dark; names get the colours of the book. */
  readonly color: HeatField;
  readonly title: string;
  /** One sentence that says what to see. */
  readonly caption: string;
  /** Pixels; default 460 x 300. */
  readonly width?: number;
  readonly height?: number;
}

const maxCells = 6_000;
/** So many places can have their names beside them. */
const mostLabels = 16;

/** Throws a RangeError for too many cells, none, or a field that the rows do not have. */
export function heatMap(options: HeatMapOptions): Chart {
  checkFields(options, [options.x, options.y, options.color], maxCells);
  const { data, title, caption, width = 460, height = 300 } = options;
  const spec = {
    title: { text: title, subtitle: caption },
    ...{ width, height },
    data: { values: data },
    mark: { type: "rect", tooltip: true },
    encoding: {
      x: place(options.x, data),
      y: place(options.y, data),
      color: colour(options.color, data),
    },
  };
  return chart(spec, summary(options));
}

function valuesOf({ field, domain }: HeatField, data: readonly ChartRow[]): unknown[] {
  return domain === undefined ? [...new Set(data.map((row) => row[field]))] : [...domain];
}

function place(axis: HeatField, data: readonly ChartRow[]): object {
  const { field, title } = axis;
  const domain = valuesOf(axis, data);
  const every = Math.ceil(domain.length / mostLabels);
  const values = domain.filter((_, i) => i % every === 0);
  return { field, title, type: "ordinal", scale: { domain }, axis: { values } };
}

function colour(axis: HeatField, data: readonly ChartRow[]): object {
  const { field, title } = axis;
  if (typeof data[0]?.[field] === "number") {
    const scale = { scheme: "viridis", reverse: true };
    return { field, title, type: "quantitative", scale };
  }
  return { field, title, type: "nominal", scale: { domain: valuesOf(axis, data) } };
}

/** Numbers: the greatest and its place; names: how many cells each has. */
function summary({ data, x, y, color, title }: HeatMapOptions): string {
  const numbers = data.filter((row) => typeof row[color.field] === "number");
  if (numbers.length > 0) {
    const greatest = numbers.reduce((best, row) => {
      return Number(row[color.field]) > Number(best[color.field]) ? row : best;
    });
    const at = `${String(greatest[x.field])}, ${String(greatest[y.field])}`;
    return `${title}\n  ${color.title}: greatest ${brief(Number(greatest[color.field]))} at ${at}`;
  }
  const lines = valuesOf(color, data).map((name) => {
    return `  ${String(name)}: ${data.filter((row) => row[color.field] === name).length} cells`;
  });
  return [title, ...lines].join("\n");
}

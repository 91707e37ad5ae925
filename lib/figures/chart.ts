/** Vega-Lite charts in the book's dress: titles, units, fixed colours, light and dark. */
import type { TopLevelSpec } from "vega-lite";
import type { MimeBundle, Showable } from "./display";
import { mimeBundleSymbol } from "./display";
import { ink, palette } from "./palette";

/** A row of a chart's data: plain values by field name. */
export type ChartRow = Readonly<Record<string, string | number | boolean | null>>;

/** Charts hold at most this many rows: more neither draws well nor diffs well. */
const maxRows = 2_000;

/** A Vega-Lite specification that can be shown. Made by `lineChart`, `barChart` or `chart`. */
export class Chart implements Showable {
  constructor(
    readonly spec: object,
    private readonly summary: string,
  ) {}

  /** The picture as SVG text: the same bytes for the same specification. */
  async toSvg(): Promise<string> {
    const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
    const spec = vegaLite.compile(this.spec as TopLevelSpec).spec;
    const view = new vega.View(vega.parse(spec), { renderer: "none" });
    const svg = await view.toSVG();
    view.finalize();
    return svg;
  }

  async [mimeBundleSymbol](): Promise<MimeBundle> {
    return {
      "application/vnd.vegalite.v5+json": this.spec,
      "image/svg+xml": await this.toSvg(),
      "text/plain": this.summary,
    };
  }
}

export interface AxisOptions {
  /** Field of the rows. */
  readonly field: string;
  /** With its unit, as "response time (ms)". */
  readonly title: string;
  readonly scale?: "linear" | "log";
  /** Default "quantitative"; names ("nominal") stand in the order of the rows. */
  readonly type?: "quantitative" | "ordinal" | "nominal";
}

export interface ChartOptions {
  readonly data: readonly ChartRow[];
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  /** The field that tells the series apart, each with a colour and a dash. */
  readonly series?: { readonly field: string; readonly title: string };
  readonly title: string;
  /** One sentence that says what to see. */
  readonly caption: string;
  /** Pixels; default 560 x 300. */
  readonly width?: number;
  readonly height?: number;
}

/**
 * Any Vega-Lite v5 specification in the book's dress, for what the two below do not draw. `summary`
 * is its text form, with the numbers that matter.
 */
export function chart(spec: object, summary: string): Chart {
  const schema = "https://vega.github.io/schema/vega-lite/v5.json";
  return new Chart({ $schema: schema, config: bookConfig, ...spec }, `[chart] ${summary}`);
}

/** So many points can still be told apart; more hide their own line. */
const maxPoints = 200;

/** A line for each series, with points where they are few; hover shows the values. */
export function lineChart(options: ChartOptions): Chart {
  const hasPoints = options.data.length <= maxPoints;
  const mark = { type: "line", point: hasPoints, tooltip: true } as const;
  const dash = options.series && { strokeDash: { ...legend(options.series), ...strokes } };
  const shape = options.series &&
    hasPoints && { shape: { ...legend(options.series), legend: null } };
  const color = options.series && { color: { ...legend(options.series), ...strokes } };
  return make(options, mark, { ...color, ...dash, ...shape });
}

/** A bar for each x; with `series`, bars side by side. */
export function barChart(options: ChartOptions): Chart {
  const mark = { type: "bar", tooltip: true } as const;
  const offset = options.series && { xOffset: { field: options.series.field } };
  return make({ ...options, x: { type: "ordinal", ...options.x } }, mark, { ...offset });
}

/** A point for each row; series differ in colour and shape. */
export function scatterChart(options: ChartOptions): Chart {
  const mark = { type: "point", filled: true, size: 60, tooltip: true } as const;
  const shape = options.series && { shape: legend(options.series) };
  return make(options, mark, { ...shape });
}

function legend(series: { field: string; title: string }): object {
  return { field: series.field, type: "nominal", title: series.title };
}

/** In the legend a series is a piece of its line, since dashes around a dot look like a flower. */
const strokes = { legend: { symbolType: "stroke", symbolSize: 400 } };

/** A click on the legend picks a series, and the others fade; shift adds to the pick. */
function picking(field: string): object {
  return { name: "picked", select: { type: "point", fields: [field] }, bind: "legend" };
}

const fading = { opacity: { condition: { param: "picked", value: 1 }, value: 0.15 } };

function make(options: ChartOptions, mark: object, extra: object): Chart {
  check(options);
  const { data, x, y, series, title, caption } = options;
  const color = series ? { color: legend(series), ...fading } : {};
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: { text: title, subtitle: caption },
    width: options.width ?? 560,
    height: options.height ?? 300,
    data: { values: data },
    ...(series && { params: [picking(series.field)] }),
    mark,
    encoding: { x: { ...axis(x), ...ticksAt(x, data) }, y: axis(y), ...color, ...extra },
    config: bookConfig,
  };
  const isLying = y.type === "nominal";
  return new Chart(spec, summarise(isLying ? { ...options, x: y, y: x } : options));
}

function axis({ field, title, scale, type }: AxisOptions): object {
  const scaled = scale === undefined ? {} : { scale: { type: scale } };
  const sorted = type === "nominal" ? { sort: null } : {};
  return { field, title, type: type ?? "quantitative", ...scaled, ...sorted };
}

const fewTicks = 10;

/** A few measured numbers are the ticks themselves, to six digits: nobody ran on 1.5 workers. */
function ticksAt({ field, type }: AxisOptions, data: readonly ChartRow[]): object {
  const values = [...new Set(data.map((row) => row[field]))];
  const areFew = type === undefined && values.length <= fewTicks;
  return areFew ? { axis: { values, format: ",~r" } } : {};
}

const bookConfig = {
  background: "transparent",
  font: "sans-serif",
  range: { category: [...palette] },
  mark: { color: palette[0] },
  axisX: { labelAngle: 0 },
  axis: { labelColor: ink, titleColor: ink, gridOpacity: 0.25, domainColor: ink, tickColor: ink },
  legend: { labelColor: ink, titleColor: ink },
  title: { color: ink, subtitleColor: ink, anchor: "start", fontSize: 15, subtitleFontSize: 12 },
  view: { stroke: null },
};

function check(options: ChartOptions): void {
  const { x, y, series } = options;
  checkFields(options, [x, y, ...(series ? [series] : [])], maxRows);
}

interface Described {
  readonly data: readonly ChartRow[];
  readonly title: string;
  readonly caption: string;
}

/** Throws a RangeError unless a chart has its words, some rows, not too many, and those fields. */
export function checkFields(
  { data, title, caption }: Described,
  fields: readonly { readonly field: string }[],
  most: number,
): void {
  if (title === "" || caption === "") throw new RangeError("a chart needs a title and a caption");
  if (data.length === 0) throw new RangeError(`the chart "${title}" has no rows`);
  if (data.length > most) {
    const advice = "sum or sample them first";
    throw new RangeError(`a chart takes at most ${most} rows, not ${data.length}: ${advice}`);
  }
  for (const { field } of fields) {
    if (field in (data[0] as ChartRow)) continue;
    const known = Object.keys(data[0] as ChartRow).join(", ");
    throw new RangeError(`the chart "${title}" has no field "${field}": its rows have ${known}`);
  }
}

/** The chart in words: each value when they are few, else what the series have at their ends. */
function summarise(options: ChartOptions): string {
  const { data, x, y, series, title } = options;
  if (series !== undefined || data.length > fewRows) return summariseSeries(options);
  const lines = data.map((row) => `  ${String(row[x.field])}: ${brief(Number(row[y.field]))}`);
  return [`[chart] ${title}, ${y.title}`, ...lines].join("\n");
}

const fewRows = 12;

/** For each series its first, least, greatest and last value. */
function summariseSeries({ data, y, series, title }: ChartOptions): string {
  const groups = new Map<string, number[]>();
  for (const row of data) {
    const name = series ? String(row[series.field]) : y.title;
    const values = groups.get(name) ?? [];
    groups.set(name, [...values, Number(row[y.field])]);
  }
  const lines = [...groups].map(([name, values]) => {
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    const ends = `from ${brief(values[0] as number)} to ${brief(values.at(-1) as number)}`;
    return `  ${name}: ${ends}, least ${brief(least)}, greatest ${brief(greatest)}`;
  });
  return [`[chart] ${title}`, ...lines].join("\n");
}

/** A number as summaries tell it: four digits. */
export function brief(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

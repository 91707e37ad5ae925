/** The picture of a history: operations as bars by process over time, the offending ones marked. */
import type { HistoryBar } from "../protocol";
import { chart } from "./chart";
import type { Chart } from "./chart";
import { ink, palette } from "./palette";

export interface HistoryChartOptions {
  readonly title: string;
  /** One sentence that says what to see. */
  readonly caption: string;
  /** With its unit; default "events". */
  readonly timeTitle?: string;
  /** Pixels; default 640. */
  readonly width?: number;
}

/** More bars than this can be neither told apart nor read. */
const maxBars = 300;

const colours: Readonly<Record<HistoryBar["mark"], string>> = {
  fits: palette[5],
  offending: palette[1],
  unknown: palette[7],
};

/** Bars by process, in order of the processes' first operations. At most 300. */
export function historyChart(bars: readonly HistoryBar[], options: HistoryChartOptions): Chart {
  const { title, caption } = options;
  if (title === "" || caption === "") throw new RangeError("a chart needs a title and a caption");
  if (bars.length === 0 || bars.length > maxBars) {
    throw new RangeError(`"${title}" takes 1 to ${maxBars} operations, but has ${bars.length}`);
  }
  const processes = [...new Set(bars.map(({ process }) => process))];
  const [first, last] = rangeOf(bars);
  const x = {
    field: "from",
    type: "quantitative",
    title: options.timeTitle ?? "events",
    // From the first call, not from the start of a history that may be long.
    scale: { domain: [first, last], nice: false, zero: false },
  };
  const y = { field: "process", type: "nominal", sort: processes, title: "process" };
  const spec = {
    title: { text: title, subtitle: caption },
    width: options.width ?? 640,
    height: { step: 30 },
    data: { values: bars.map((bar) => ({ ...bar })) },
    encoding: { x, y },
    layer: [barLayer(), ...labelLayers(last - (last - first) * labelShare)],
  };
  return chart(spec, summary(bars, title));
}

/** The part of the width that a label may need: bars that begin within it have it at their end. */
const labelShare = 0.2;

function rangeOf(bars: readonly HistoryBar[]): [number, number] {
  const first = Math.min(...bars.map(({ from }) => from));
  const last = Math.max(...bars.map(({ to }) => to));
  return [first, last > first ? last : first + 1];
}

function barLayer(): object {
  const domain = Object.keys(colours);
  return {
    mark: { type: "bar", height: 12, yOffset: 6, cornerRadius: 2, tooltip: true },
    encoding: {
      x2: { field: "to" },
      color: {
        field: "mark",
        type: "nominal",
        title: "operation",
        scale: { domain, range: domain.map((mark) => colours[mark as HistoryBar["mark"]]) },
      },
      // Not by colour alone: the offending part has an edge, and no answer is pale.
      stroke: {
        condition: { test: "datum.mark === 'offending'", value: ink },
        value: null,
      },
      strokeWidth: { value: 1.5 },
      opacity: { condition: { test: "datum.mark === 'unknown'", value: 0.5 }, value: 1 },
    },
  };
}

/** Labels begin with their bars, or end with them where there is no room to the right. */
function labelLayers(lateFrom: number): object[] {
  return ["left", "right"].map((align) => ({
    transform: [{ filter: `datum.from ${align === "left" ? "<=" : ">"} ${lateFrom}` }],
    mark: {
      type: "text",
      align,
      baseline: "bottom",
      dy: -1,
      fontSize: 10,
      color: ink,
      fontWeight: { expr: "datum.mark === 'offending' ? 'bold' : 'normal'" },
    },
    encoding: {
      text: { field: "label" },
      ...(align === "left" ? {} : { x: { field: "to", type: "quantitative" } }),
    },
  }));
}

function summary(bars: readonly HistoryBar[], title: string): string {
  const offending = bars.filter(({ mark }) => mark === "offending");
  const lines = offending.map(({ process, label, from, to }) => {
    return `  process ${process}: ${label}, ${from} to ${to}`;
  });
  return [`${title}: ${bars.length} operations, ${offending.length} offending`, ...lines].join(
    "\n",
  );
}

/** The picture of replicated logs: a row for each server, a box for each entry, by term. */
import { chart } from "./chart";
import type { Chart } from "./chart";
import type { Caption } from "./drawing";
import { ink, palette } from "./palette";

/** One entry of one server's log. */
export interface LogCell {
  readonly server: string;
  /** From 1. */
  readonly index: number;
  readonly term: number;
  /** Whether this server knows it committed: filled, others hollow. */
  readonly isCommitted: boolean;
  /** Written inside; a few letters. Default: the term. */
  readonly label?: string;
}

const texts = { type: "text", color: ink, fontWeight: "bold" };

/** More boxes than this can be neither told apart nor read. */
const maxCells = 600;

/** As figure 6 of the Raft paper. At most 600 entries in all. */
export function logChart(cells: readonly LogCell[], { title, caption }: Caption): Chart {
  if (title === "" || caption === "") throw new RangeError("a chart needs a title and a caption");
  if (cells.length === 0 || cells.length > maxCells) {
    throw new RangeError(`"${title}" takes 1 to ${maxCells} entries, but has ${cells.length}`);
  }
  const data = cells.map((cell) => ({ ...cell, label: cell.label ?? `${cell.term}` }));
  const servers = [...new Set(cells.map(({ server }) => server))];
  const widest = Math.max(...data.map(({ label }) => label.length));
  const spec = {
    title: { text: title, subtitle: caption },
    width: { step: Math.max(30, 12 + 7 * widest) },
    height: { step: 32 },
    data: { values: data },
    encoding: {
      x: { field: "index", type: "ordinal", title: "index of the entry" },
      y: { field: "server", type: "nominal", title: "server", sort: servers },
    },
    layer: [boxes(data), { mark: texts, encoding: { text: { field: "label" } } }],
  };
  return chart(spec, summary(data, title));
}

function boxes(data: readonly LogCell[]): object {
  const domain = [...new Set(data.map(({ term }) => term))].sort((left, right) => left - right);
  const range = domain.map((term) => palette[term % palette.length]);
  return {
    mark: { type: "rect", tooltip: true, strokeWidth: 1.5, cornerRadius: 3 },
    encoding: {
      color: { field: "term", type: "nominal", scale: { domain, range } },
      stroke: { field: "term", type: "nominal", scale: { domain, range }, legend: null },
      fillOpacity: { condition: { test: "datum.isCommitted", value: 0.35 }, value: 0 },
    },
  };
}

/** A line for each server: terms of its entries, in brackets where it knows of no commit. */
function summary(cells: readonly LogCell[], title: string): string {
  const servers = [...new Set(cells.map(({ server }) => server))];
  const lines = servers.map((server) => {
    const own = cells.filter((cell) => cell.server === server);
    const told = own.map(({ isCommitted, label, term }) => {
      const text = label === undefined || label === `${term}` ? `${term}` : `${term}:${label}`;
      return isCommitted ? text : `(${text})`;
    });
    return `  ${server}: ${told.join(" ")}`;
  });
  return [title, ...lines].join("\n");
}

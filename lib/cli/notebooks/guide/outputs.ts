/** What is stored with the cells: outputs there, small, portable; charts with titles and units. */
import { hasTag } from "../notebook";
import type { NotebookCell } from "../notebook";
import type { Problem } from "../problem";
import { chartType, outputsOf, problem, sourceOf } from "./page";
import type { OutputData, Page, Rule } from "./page";

const mostOutputBytes = 1_000_000;
const mostChartRows = 2_000;
const absolutePath = /(?:^|[\s"'(])(?:\/(?:home|root|Users|tmp|work|var)\/|[A-Z]:\\\\?Users)/;
const realClock = /\bDate\.now\(|\bperformance\.now\(|\bnew Date\(\)|\bhrtime\b/;

const outputsArePresent: Rule = (page) => {
  return page.codeCells.flatMap((cell) => {
    const isShowing = /^(?:await )?(?:show|console\.log)\(/m.test(sourceOf(cell));
    if (!isShowing || (cell.outputs ?? []).length > 0) return [];
    return [problem(page, "shows something and has no stored output: run it with --write", cell)];
  });
};

const outputsArePortable: Rule = (page) => {
  const bytes = JSON.stringify(page.codeCells.map((cell) => cell.outputs ?? [])).length;
  const counted = page.codeCells.filter((cell) => (cell.execution_count ?? null) !== null);
  const local = page.codeCells.filter((cell) => absolutePath.test(JSON.stringify(cell.outputs)));
  return [
    ...(bytes < mostOutputBytes
      ? []
      : [problem(page, `the outputs have ${bytes} bytes: keep them under 1 MB`)]),
    ...counted.map((cell) => problem(page, "has an execution count: store it with --write", cell)),
    ...local.map((cell) => problem(page, "its output holds a path of one machine", cell)),
  ];
};

const frameIsExact: Rule = ({ notebook, ...page }) => {
  const { kernelspec, language_info: language } = notebook.metadata as Record<string, unknown>;
  const kernel = (kernelspec as { name?: string } | undefined)?.name;
  const name = (language as { name?: string } | undefined)?.name;
  const ids = notebook.cells.map((cell) => cell.id);
  const repeated = ids.find((id, at) => id === undefined || ids.indexOf(id) !== at);
  const whole = { ...page, notebook };
  return [
    ...(kernel === "tslab" ? [] : [problem(whole, "the kernelspec is named tslab")]),
    ...(name === "typescript" ? [] : [problem(whole, "language_info is that of the kernel")]),
    ...(ids.includes(undefined as unknown as string) || repeated !== undefined
      ? [problem(whole, `every cell has an id of its own, not "${repeated}" twice`)]
      : []),
  ];
};

const variesIsTold: Rule = (page) => {
  return page.codeCells.flatMap((cell) => {
    const isTagged = hasTag(cell, "varies");
    const isTold = /varies/i.test(sourceOf(cell) + JSON.stringify(cell.outputs ?? []));
    if (isTagged && (cell.outputs ?? []).length > 0 && !isTold) {
      return [problem(page, 'is tagged `varies`: its output must say "varies"', cell)];
    }
    if (isTagged || !realClock.test(sourceOf(cell))) return [];
    return [problem(page, "reads the real clock: tag it `varies`", cell)];
  });
};

const chartsAreWhole: Rule = (page) => {
  return page.codeCells.flatMap((cell) => {
    const charts = outputsOf(cell).filter((data) => chartType in data);
    return charts.flatMap((data) => chartProblems(page, cell, data));
  });
};

interface Spec {
  readonly title?: string | { readonly text?: string; readonly subtitle?: string };
  readonly data?: { readonly values?: readonly unknown[] };
  readonly encoding?: Readonly<Record<string, { readonly title?: string; readonly type?: string }>>;
}

function chartProblems(page: Page, cell: NotebookCell, data: OutputData): Problem[] {
  const spec = data[chartType] as Spec;
  const title = typeof spec.title === "object" ? spec.title : { text: spec.title };
  const missing: string[] = [];
  if (!title.text) missing.push("a title");
  if (!title.subtitle) missing.push("a caption (the subtitle)");
  for (const axis of ["x", "y"]) {
    const { title: name = "", type } = spec.encoding?.[axis] ?? { title: "none" };
    if (name === "") missing.push(`a title on its ${axis} axis`);
    else if (type === "quantitative" && !/\(.+\)/.test(name)) {
      missing.push(`a unit on its ${axis} axis, as in "response time (ms)"`);
    }
  }
  if (!("image/svg+xml" in data)) missing.push("its picture as SVG");
  if (!("text/plain" in data)) missing.push("its numbers as text");
  const problems = missing.map((what) => problem(page, `the chart has not ${what}`, cell));
  if ("text/html" in data) problems.push(problem(page, "a chart goes out without HTML", cell));
  const rows = spec.data?.values?.length ?? 0;
  if (rows <= mostChartRows) return problems;
  return [...problems, problem(page, `the chart has ${rows} rows: at most ${mostChartRows}`, cell)];
}

export const outputRules: readonly Rule[] = [
  outputsArePresent,
  outputsArePortable,
  frameIsExact,
  variesIsTold,
  chartsAreWhole,
];

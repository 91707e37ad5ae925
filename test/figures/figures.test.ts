import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  barChart,
  curves,
  heatMap,
  lineChart,
  logChart,
  mimeBundleSymbol,
  progress,
  scatterChart,
  show,
  source,
  table,
} from "dabbawala/figures";
import type { Chart } from "dabbawala/figures";
import { checkTable } from "dabbawala/dist/figures/checks";

const gallery = join(__dirname, "gallery");

/**
 * The picture is the test: the stored SVG is written when it is missing, and compared otherwise.
 */
async function expectPicture(name: string, chart: Chart): Promise<void> {
  const file = join(gallery, `${name}.svg`);
  const svg = (await chart.toSvg()) + "\n";
  mkdirSync(gallery, { recursive: true });
  if (!existsSync(file) && !process.env["CI"]) writeFileSync(file, svg);
  expect(svg).toBe(readFileSync(file, "utf8"));
}

const latency = [1, 2, 4, 8].flatMap((workers) => [
  { workers, kind: "measured", seconds: 8 / workers + 0.4 },
  { workers, kind: "Amdahl", seconds: 8 / workers },
]);
const options = {
  data: latency,
  x: { field: "workers", title: "workers" },
  y: { field: "seconds", title: "time (s)" },
  series: { field: "kind", title: "curve" },
  title: "Time against workers",
  caption: "Measured lies above Amdahl's curve.",
};

let printed = "";
const spy = vi.spyOn(process.stdout, "write");
async function textOf(act: () => Promise<void>): Promise<string> {
  printed = "";
  spy.mockImplementation((chunk) => Boolean((printed += String(chunk))));
  await act().finally(() => spy.mockImplementation(() => true));
  return printed;
}
afterEach(() => spy.mockReset());

describe("charts", () => {
  it("draw lines and bars as stored", async () => {
    await expectPicture("line", lineChart(options));
    await expectPicture("bar", barChart(options));
    await expectPicture("scatter", scatterChart(options));
    const lying = { ...options, x: options.y, y: { ...options.x, type: "nominal" as const } };
    expect((await scatterChart(lying)[mimeBundleSymbol]())["text/plain"]).toContain(
      "Amdahl: from 8 to 1, least 1, greatest 8",
    );
  });

  it("draw heat maps of numbers and of names as stored", async () => {
    const data = ["n1", "n2"].flatMap((node) =>
      [1, 2, 3].map((hour) => ({ node, hour, load: hour * node.length, state: `up ${hour % 2}` })),
    );
    const words = { title: "Load", caption: "It grows by the hour." };
    const [x, y] = [
      { field: "hour", title: "hour" },
      { field: "node", title: "node", domain: ["n2", "n1", "n0"] },
    ];
    const numbers = heatMap({ data, x, y, color: { field: "load", title: "load (%)" }, ...words });
    await expectPicture("heat-numbers", numbers);
    await expect(numbers[mimeBundleSymbol]()).resolves.toMatchObject({
      "text/plain": "[chart] Load\n  load (%): greatest 6 at 3, n1",
    });
    const names = heatMap({ data, x, y, color: { field: "state", title: "state" }, ...words });
    await expectPicture("heat-names", names);
    const wrong = { data, x, y, color: { field: "lod", title: "load" }, ...words };
    expect(() => heatMap(wrong)).toThrow(
      'has no field "lod": its rows have node, hour, load, state',
    );
  });

  it("draw logs as stored, with what is committed told from the rest", async () => {
    const logs = { n1: [1, 1, 2, 2], n2: [1, 1, 2], n3: [1, 1, 1, 1, 1] };
    const cells = Object.entries(logs).flatMap(([server, terms]) =>
      terms.map((term, i) => ({ server, index: i + 1, term, isCommitted: i < 2 })),
    );
    const words = { title: "Three logs", caption: "Two entries are committed." };
    await expectPicture("logs", logChart(cells, words));
    const bundle = await logChart(cells, words)[mimeBundleSymbol]();
    expect(bundle["text/plain"]).toContain("n3: 1 1 (1) (1) (1)");
    expect(() => logChart([], words)).toThrow("1 to 600 entries");
  });

  it("take rows with a column for each curve", () => {
    const rows = [
      { ms: 5, p50: 20, p99: 30 },
      { ms: 9, p50: 36, p99: 50 },
    ];
    expect(curves(rows, "ms")).toEqual([
      { ms: 5, curve: "p50", value: 20 },
      { ms: 5, curve: "p99", value: 30 },
      { ms: 9, curve: "p50", value: 36 },
      { ms: 9, curve: "p99", value: 50 },
    ]);
    expect(() => curves(rows, "seconds")).toThrow('no "seconds"');
    expect(() => curves([{ ms: 5, p50: "20" }], "ms")).toThrow('"p50" has "20" at ms 5');
  });

  it("go out as Vega-Lite, SVG and text with the numbers, never as HTML", async () => {
    const bundle = await lineChart(options)[mimeBundleSymbol]();
    expect(Object.keys(bundle)).toEqual([
      "application/vnd.vegalite.v5+json",
      "image/svg+xml",
      "text/plain",
    ]);
    expect(bundle["text/plain"]).toContain("measured: from 8.4 to 1.4, least 1.4, greatest 8.4");
  });

  it("refuse what cannot be drawn, naming the field", () => {
    const x = { field: "wrokers", title: "workers" };
    expect(() => lineChart({ ...options, x })).toThrow(
      'the chart "Time against workers" has no field "wrokers": its rows have workers, kind, seconds',
    );
    expect(() => lineChart({ ...options, title: "" })).toThrow("needs a title and a caption");
    expect(() => lineChart({ ...options, data: [] })).toThrow("has no rows");
  });
});

describe("tables", () => {
  it("escape cells in HTML and align numbers in text", () => {
    const shown = table([
      { name: "<b>", "size (MB)": 1234567 },
      { name: "x", "size (MB)": 0.5 },
    ]);
    expect(shown.toHtml()).toContain("&lt;b&gt;");
    expect(shown.toHtml()).not.toContain("<b>");
    expect(shown.toText()).toBe("name  size (MB)\n<b>   1,234,567\nx           0.5");
  });

  it("refuse more than 10,000 rows", () => {
    const rows = Array.from({ length: 10_001 }, (_, i) => ({ i }));
    expect(() => table(rows)).toThrow("at most 10000 rows, not 10001");
  });

  it("show a danfojs data frame", async () => {
    const { DataFrame } = await import("danfojs-node");
    const frame = new DataFrame({ train: ["12951", "12301"], berths: [72, 64] });
    expect(await textOf(() => show(frame))).toBe("train  berths\n12951      72\n12301      64\n");
  });
});

describe("checks", () => {
  it("are shown, and throw when one does not hold", async () => {
    const checks = [
      { claim: "sorted", holds: true },
      { claim: "nothing lost", holds: false, seen: "3 of 4" },
    ];
    let error: unknown;
    const text = await textOf(() => show(checks).catch((thrown) => void (error = thrown)));
    expect(text).toContain("✗  nothing lost  3 of 4");
    expect(String(error)).toContain("does not hold: nothing lost (3 of 4)");
    expect(checkTable(checks).toHtml()).toContain(">seen</th>");
  });

  it("have no column of what was seen where nothing was", () => {
    const checks = [{ claim: "sorted", holds: true }];
    expect(checkTable(checks).toText()).toBe("   claim\n✓  sorted");
    expect(checkTable(checks).toHtml()).not.toContain("seen");
  });
});

describe("progress", () => {
  it("is drawn at most ten times a second, first and last always", () => {
    let nowMs = 0;
    const drawn: string[] = [];
    const report = progress("rows", { now: () => nowMs, draw: (text) => drawn.push(text) });
    for (let done = 1; done <= 1000; done++) {
      nowMs += 1;
      report(done, 1000);
    }
    expect(drawn).toHaveLength(11);
    expect(drawn[1]).toBe("rows: 101 of 1,000, 1,000 a second, 1 s left");
    expect(drawn[10]).toBe("rows: 1,000 done");
  });
});

describe("source", () => {
  it("shows a function, a method and a constant from their file", () => {
    expect(source("basics/assert.ts", "unreachable").code).toMatch(
      /^export function unreachable[^]*\}$/,
    );
    expect(source("basics/heap.ts", "pop").code).toMatch(/^pop\(\): T \| undefined \{[^]*\n\}$/);
    expect(source("figures/palette.ts", "ink").code).toBe('export const ink = "#777777";');
  });

  it("says when there is no such file or name", () => {
    expect(() => source("basics/assert.ts", "missing")).toThrow('declares no "missing"');
    expect(() => source("basics/none.ts", "x")).toThrow("no library file lib/basics/none.ts");
  });
});

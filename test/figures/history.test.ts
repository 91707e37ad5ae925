import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { historyChart, mimeBundleSymbol } from "dabbawala/figures";
import type { HistoryBar } from "dabbawala/protocol";

const bars: HistoryBar[] = [
  { process: "c1", label: "write 1", from: 0, to: 4, mark: "offending" },
  { process: "c2", label: "write 2 (outcome unknown)", from: 1, to: 10, mark: "unknown" },
  { process: "c3", label: "read -> 1", from: 2, to: 5, mark: "fits" },
  { process: "c1", label: "read -> null", from: 6, to: 9, mark: "offending" },
];
const options = { title: "A stale read", caption: "c1 cannot see nothing after it wrote 1." };

describe("the picture of a history", () => {
  it("is drawn as stored", async () => {
    const file = join(__dirname, "gallery", "history.svg");
    const svg = (await historyChart(bars, options).toSvg()) + "\n";
    if (!existsSync(file) && !process.env["CI"]) writeFileSync(file, svg);
    expect(svg).toBe(readFileSync(file, "utf8"));
  });

  it("names the offending operations in its text form", async () => {
    const bundle = await historyChart(bars, options)[mimeBundleSymbol]();
    expect(bundle["text/plain"]).toBe(
      "[chart] A stale read: 4 operations, 2 offending\n" +
        "  process c1: write 1, 0 to 4\n  process c1: read -> null, 6 to 9",
    );
  });

  it("refuses what cannot be read", () => {
    expect(() => historyChart([], options)).toThrow('"A stale read" takes 1 to 300 operations');
    expect(() => historyChart(bars, { ...options, caption: "" })).toThrow("a title and a caption");
  });
});

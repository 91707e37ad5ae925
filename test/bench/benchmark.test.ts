import { describe, expect, it } from "vitest";
import { interleaved, rate, timing } from "./benchmark";
import { asText, beginMarker, endMarker, isBelow, withBars, withTable } from "./report";

const row = { work: "sort", ours: "2 s", peer: "GNU sort 3 s", ratio: 1.5, bar: 1 };

describe("interleaved", () => {
  it("warms each side up once, then runs them in turns", async () => {
    const order: string[] = [];
    await interleaved({ ours: () => order.push("a"), peer: () => order.push("b"), rounds: 3 });
    expect(order.join("")).toBe("ab" + "ab" + "ba" + "ab");
  });

  it("says how many times ours is faster", async () => {
    const spin = (ms: number) => () => {
      const end = performance.now() + ms;
      while (performance.now() < end) continue;
    };
    const { ratio, ours } = await interleaved({ ours: spin(5), peer: spin(40), rounds: 3 });
    expect(ours.medianMs).toBeGreaterThanOrEqual(5);
    expect(ratio).toBeGreaterThan(2);
  });

  it("waits for asynchronous work and refuses no rounds", async () => {
    const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
    const { ours } = await interleaved({ ours: wait, peer: wait, rounds: 1 });
    expect(ours.medianMs).toBeGreaterThan(15);
    await expect(interleaved({ ours: wait, peer: wait, rounds: 0 })).rejects.toThrow("rounds");
  });

  it("takes medians of odd and even counts", () => {
    expect(timing([9, 1, 2])).toEqual({ medianMs: 2, fastestMs: 1, slowestMs: 9, spread: 4 });
    expect(timing([4, 2]).medianMs).toBe(3);
  });

  it("forms rates", () => {
    expect(rate(2e9, "bytes", 1026)).toBe("1,949 MB/s");
    expect(rate(2.8e6, "rows", 1000)).toBe("2.80 M rows/s");
    expect(rate(450, "requests", 1000)).toBe("450 requests/s");
  });
});

describe("the table in the README", () => {
  const empty = `before\n${beginMarker}\n${endMarker}\nafter`;

  it("renews the rows of what ran and keeps the others", () => {
    const first = new Map([
      ["sort", [row]],
      ["join", [{ ...row, work: "join | merge", ratio: 0.5 }]],
    ]);
    const once = withTable(empty, first, { machine: "Machine A." });
    expect(once).toContain("| join | join / merge | 2 s | GNU sort 3 s | 0.50 x, below | 1 x |");
    const twice = withTable(once, new Map([["sort", [{ ...row, ours: "1 s" }]]]), {
      machine: "Machine B.",
    });
    expect(twice).toContain("| join | join / merge |");
    expect(twice).toContain("| sort | sort | 1 s |");
    expect(twice).not.toContain("2 s | GNU sort 3 s | 1.50 x");
    expect(twice).not.toContain("Machine A.");
    const other = new Map([["sort", [{ ...row, work: "another" }]]]);
    const added = withTable(twice, other, { machine: "", isPartial: true });
    expect(added).toContain("| sort | sort | 1 s |");
    expect(added).toContain("| sort | another | 2 s |");
    expect(withTable(twice, other, { machine: "" })).not.toContain("| sort | sort |");
    expect(twice.startsWith("before\n") && twice.endsWith("\nafter")).toBe(true);
  });

  it("heals what a merge left twice, and the summary has only rows with a bar", () => {
    const both = new Map([["sort", [row, { ...row, work: "curve", bar: null }]]]);
    const once = withTable(empty, both, { machine: "" });
    const lines = once.split("\n").filter((line) => line.startsWith("|"));
    const merged = once.replace(lines.join("\n"), [...lines, ...lines].join("\n"));
    expect(merged).not.toBe(once);
    expect(withTable(merged, new Map(), { machine: "" })).toBe(once);
    const summary = withBars(empty, merged, "Machine A.");
    expect(summary.match(/\| sort \| sort \|/g)).toHaveLength(1);
    expect(summary).not.toContain("curve");
    expect(summary).toContain("Machine A.");
  });

  it("is aligned in a terminal", () => {
    expect(asText(new Map([["sort", [row]]]))).toBe(
      "benchmark  work  ours  peer          ratio   bar\n" +
        "sort       sort  2 s   GNU sort 3 s  1.50 x  1 x",
    );
  });

  it("refuses a text without markers, and knows what is below its bar", () => {
    expect(() => withTable("no markers", new Map(), { machine: "" })).toThrow("section");
    expect(isBelow(row)).toBe(false);
    expect(isBelow({ ...row, ratio: NaN })).toBe(true);
    expect(isBelow({ ...row, ratio: 0.1, bar: null })).toBe(false);
  });
});

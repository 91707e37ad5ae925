import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mimeBundleSymbol, network } from "dabbawala/figures";

const file = join(__dirname, "gallery", "network.svg");

const twoCliques: [number, number][] = [
  ...[0, 3].flatMap((v): [number, number][] => [
    [v, v + 1],
    [v, v + 2],
    [v + 1, v + 2],
  ]),
  [2, 3],
];

const options = {
  ...{ edges: twoCliques, groups: [0, 0, 0, 1, 1, 1], groupTitle: "clique" },
  ...{ title: "Two cliques", caption: "One edge joins them." },
};

interface Dot {
  readonly x: number;
  readonly y: number;
}

describe("network", () => {
  it("is the picture of the gallery, and says what it shows", async () => {
    const picture = network(options);
    const svg = (await picture.toSvg()) + "\n";
    if (!existsSync(file) && !process.env["CI"]) writeFileSync(file, svg);
    expect(svg).toBe(readFileSync(file, "utf8"));
    const { "text/plain": text } = await picture[mimeBundleSymbol]();
    expect(text).toBe("[chart] Two cliques: 6 vertices, 7 edges, 2 groups");
  });

  it("puts neighbours nearer than others", () => {
    const { layer } = network(options).spec as { layer: { data: { values: Dot[] } }[] };
    const dots = layer[1]!.data.values;
    const between = (one: number, other: number): number => {
      return Math.hypot(dots[one]!.x - dots[other]!.x, dots[one]!.y - dots[other]!.y);
    };
    expect(between(0, 1)).toBeLessThan(between(0, 4) / 2);
    expect(between(4, 5)).toBeLessThan(between(1, 5) / 2);
  });

  it("refuses what cannot be drawn", () => {
    expect(() => network({ ...options, groups: [] })).toThrow("needs a vertex");
    expect(() => network({ ...options, groups: Array(201).fill(0) })).toThrow("cannot be read");
    expect(() => network({ ...options, groups: [0] })).toThrow("an edge of vertex 1, which is not");
  });
});

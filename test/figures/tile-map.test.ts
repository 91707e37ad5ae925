import { describe, expect, it } from "vitest";
import { hemicycle, mimeBundleSymbol, tileMap } from "dabbawala/figures";
import { contrastingInk, shadeOf } from "dabbawala/dist/figures/tile-colours";
import { indiaTiles } from "dabbawala/dist/figures/india-tiles";
import { states } from "dabbawala/dist/generators/india/states";

const rows = [
  { code: "MH", turnout: 61, words: "61 %", party: "Banyan Party" },
  { code: "UP", turnout: 59, words: "59 %", party: "Monsoon Front" },
];
const words = { title: "Turnout", caption: "Maharashtra votes more." };
const color = { field: "turnout", title: "turnout (%)" };

describe("tile maps", () => {
  it("have a tile for each state and union territory, no two in one place", () => {
    expect(Object.keys(indiaTiles).sort()).toEqual(states.map(({ code }) => code).sort());
    const places = Object.values(indiaTiles).map((place) => place.join());
    expect(new Set(places).size).toBe(states.length);
  });

  it("write letters and words on the tiles, and tell the values as text", async () => {
    const map = tileMap({ data: rows, tile: "code", color, text: "words", ...words });
    const svg = await map.toSvg();
    for (const text of ["MH", "61 %", "AN", "turnout (%)", "Turnout"]) expect(svg).toContain(text);
    const bundle = await map[mimeBundleSymbol]();
    expect(bundle["text/plain"]).toBe("[chart] Turnout, turnout (%)\n  MH 61, UP 59");
  });

  it("give names the colours of the book in the order given", async () => {
    const domain = ["Monsoon Front", "Banyan Party"];
    const party = { field: "party", title: "party", domain };
    const svg = await tileMap({ data: rows, tile: "code", color: party, ...words }).toSvg();
    expect(svg).toMatch(/Banyan Party[\s\S]*fill="#d55e00"|fill="#d55e00"[\s\S]*Banyan Party/);
  });

  it("refuse letters that no tile has, and fields that there are not", () => {
    const unknown = [{ ...rows[0], code: "XX" }];
    const draw = (data: typeof rows) => tileMap({ data, tile: "code", color, ...words });
    expect(() => draw(unknown as typeof rows)).toThrow('no tile is called "XX"');
    expect(() => draw([])).toThrow("has no rows");
    const other = { field: "votes", title: "votes" };
    expect(() => tileMap({ data: rows, tile: "code", color: other, ...words })).toThrow('"votes"');
  });

  it("write in black on light and in white on dark", () => {
    expect([0, 0.5, 1].map(shadeOf)).toEqual(["#fde725", "#21918c", "#440154"]);
    expect([0, 1].map((share) => contrastingInk(shadeOf(share)))).toEqual(["#000000", "#ffffff"]);
  });
});

describe("a parliament", () => {
  const parties = [
    { party: "Banyan Party", seats: 300 },
    { party: "Monsoon Front", seats: 243 },
    { party: "Night Train Union", seats: 0 },
  ];

  it("has a circle a seat, from left to right by party", async () => {
    const house = hemicycle({ parties, majority: 272, ...words });
    const { layer } = house.spec as {
      layer: { data: { values: { x: number; party: string }[] } }[];
    };
    const seats = layer[0]?.data.values ?? [];
    expect(seats).toHaveLength(543);
    const mean = (name: string) => {
      const own = seats.filter(({ party }) => party.startsWith(name)).map(({ x }) => x);
      return own.reduce((sum, x) => sum + x, 0) / own.length;
    };
    expect(mean("Banyan")).toBeLessThan(mean("Monsoon"));
    const svg = await house.toSvg();
    expect(svg).toContain("Banyan Party: 300");
    expect(svg).toContain("543 seats, 272 needed");
    expect(svg).not.toContain("Night Train Union");
  });

  it("needs seats", () => {
    expect(() => hemicycle({ parties: [], ...words })).toThrow("the number of seats");
  });
});

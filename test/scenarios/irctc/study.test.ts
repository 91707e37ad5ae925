import { describe, expect, it } from "vitest";
import { allocateDeparture, gapToBest, journeyKinds } from "dabbawala/scenarios/irctc";
import { occupiedStretches, pressureCells, salesById } from "dabbawala/scenarios/irctc";
import { servedByQuota, shareOutcome, stretchNames } from "dabbawala/scenarios/irctc";
import type { SeatRequest } from "dabbawala/scenarios/irctc";

/** Two berths, one of them for ladies, over three stretches. */
const plan = { berths: 2, stretches: 3, quotas: { general: 1, ladies: 1, senior: 0, defence: 0 } };
const ask = (
  id: number,
  [from, to]: readonly [number, number],
  quota: SeatRequest["quota"] = "general",
): SeatRequest => ({ id, from, to, quota, bookedMs: id, passengers: 1 });
const requests = [ask(1, [0, 3]), ask(2, [0, 1]), ask(3, [1, 3]), ask(4, [0, 1], "ladies")];
const chart = allocateDeparture(requests, plan);
const sales = salesById([{ key: "T", value: chart }]);

describe("what charts show", () => {
  it("who is served, by quota", () => {
    const [general, ladies] = servedByQuota(requests, sales);
    const none = { "own quota": 0, released: 0 };
    expect(ladies).toMatchObject({ ...none, asked: 1, "own quota": 1, "served (%)": 100 });
    expect(general).toMatchObject({ asked: 3, general: 1, released: 1 });
    expect(general!["served (%)"]).toBeCloseTo(200 / 3);
  });

  it("each berth on each stretch that was sold", () => {
    const route = ["A", "B", "C", "D"];
    expect(stretchNames(route)).toEqual(["A-B", "B-C", "C-D"]);
    const cells = occupiedStretches(chart, route);
    expect(cells).toHaveLength(3 + 2 + 1);
    expect(new Set(cells.map(({ berth, stretch }) => `${berth} ${stretch}`)).size).toBe(6);
    expect(cells.filter(({ under }) => under === "ladies")).toHaveLength(1);
  });

  it("the busiest departures first, the short ones not at all", () => {
    const row = (key: string, wanted: readonly number[]) => ({
      key,
      value: { wanted, berths: 10 },
    });
    const demand = [row("calm", [1, 2]), row("short", [99]), row("busy", [5, 30])];
    const cells = pressureCells(demand, { departures: 2, leastStretches: 2 });
    expect(cells.map(({ departure, stretch, ratio }) => [departure, stretch, ratio])).toEqual([
      ["busy", 1, 0.5],
      ["busy", 2, 3],
      ["calm", 1, 0.1],
      ["calm", 2, 0.2],
    ]);
  });
});

describe("what the rules cost", () => {
  it("a long journey booked first shuts out two short ones", () => {
    const line = { ...plan, berths: 1, quotas: { ...plan.quotas, ladies: 0 } };
    const gap = gapToBest([ask(1, [0, 2]), ask(2, [0, 1]), ask(3, [1, 2])], line);
    expect(gap).toEqual({ demand: 3, passengers: 50, stretches: 0 });
  });

  it("kinds of journeys, and what a way to share does for them", () => {
    const kinds = journeyKinds(requests, sales);
    expect(kinds).toEqual([
      { from: 0, to: 3, wanted: 1, got: 1 },
      { from: 0, to: 1, wanted: 2, got: 1 },
      { from: 1, to: 3, wanted: 1, got: 1 },
    ]);
    const got = kinds.map((kind) => kind.got);
    expect(shareOutcome(got, kinds, plan)).toEqual({
      passengers: 3,
      "sold (% of berth-stretches)": 100,
      "smallest share (%)": 50,
      "Jain, shares of demand": 2.5 ** 2 / (3 * 2.25),
      "Jain, berths": 1,
    });
  });
});

import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { allocateDeparture, checkSeats, whyWaiting } from "dabbawala/scenarios/irctc";
import type { SeatChart, SeatRequest } from "dabbawala/scenarios/irctc";
import { departures } from "./random-departure";

const plan = {
  berths: 2,
  quotas: { general: 1, ladies: 1, senior: 0, defence: 0 },
  stretches: 3,
};

let nextId = 1;
beforeEach(() => void (nextId = 1));

function request(from: number, to: number, more: Partial<SeatRequest> = {}): SeatRequest {
  const id = nextId++;
  return { id, from, to, quota: "general", bookedMs: id, passengers: 1, ...more };
}

function told(requests: readonly SeatRequest[]): string[] {
  const { sold, waiting } = allocateDeparture(requests, plan);
  return [
    ...sold.map(({ id, under, berths }) => `${id} ${under} ${berths.join()}`),
    ...waiting.map((id) => `${id} waits`),
  ];
}

describe("the rules of allocation", () => {
  it("sells a berth onwards from the stop where it is freed", () => {
    expect(told([request(0, 1), request(1, 3), request(1, 2)])).toEqual([
      "1 general 1",
      "2 general 1",
      "3 released 2",
    ]);
  });

  it("gives a quota's berths to its own first, however late they booked", () => {
    const late = { quota: "ladies" } as const;
    expect(told([request(0, 3), request(0, 3), request(0, 3, late)])).toEqual([
      "1 general 1",
      "3 ladies 2",
      "2 waits",
    ]);
  });

  it("lets a quota's own, when it is full, queue with all others in the order of booking", () => {
    const ladies = { quota: "ladies" } as const;
    expect(told([request(0, 3, ladies), request(0, 3, ladies), request(0, 3)])).toEqual([
      "1 ladies 1",
      "2 general 2",
      "3 waits",
    ]);
  });

  it("serves a group whole or not at all, and lets those past that fit", () => {
    const group = { passengers: 2 };
    expect(told([request(0, 2), request(1, 3, group), request(0, 3)])).toEqual([
      "1 general 1",
      "3 released 2",
      "2 waits",
    ]);
  });

  it("numbers berths anew where counting found room, whatever the order of booking", () => {
    const two = { ...plan, quotas: { ...plan.quotas, general: 2, ladies: 0 } };
    const requests = [request(0, 1), request(2, 3), request(1, 2), request(0, 3), request(1, 3)];
    const chart = allocateDeparture(requests, two);
    expect(checkSeats(requests, chart, two)).toEqual([]);
    expect(chart.waiting).toEqual([5]);
  });
});

describe("any departure", () => {
  it("gets a chart in which the independent check finds nothing", () => {
    const waited: boolean[] = [];
    fc.assert(
      fc.property(departures({ requests: 14, group: 3 }), ({ requests, plan }) => {
        const chart = allocateDeparture(requests, plan);
        expect(checkSeats(requests, chart, plan)).toEqual([]);
        for (const id of chart.waiting) {
          expect(whyWaiting(id, requests, { chart, plan })).toContain("of the waiting list, wants");
        }
        waited.push(chart.waiting.length > 0 && chart.sold.length > 2);
      }),
      { numRuns: 500 },
    );
    expect(waited.filter(Boolean).length).toBeGreaterThan(50);
  });

  it("gets the same chart in whatever order its requests come", () => {
    const shuffled = departures({ requests: 12, group: 2 }).chain((departure) =>
      fc
        .shuffledSubarray([...departure.requests], { minLength: departure.requests.length })
        .map((requests) => ({ ...departure, other: requests })),
    );
    fc.assert(
      fc.property(shuffled, ({ requests, plan, other }) => {
        expect(allocateDeparture(other, plan)).toEqual(allocateDeparture(requests, plan));
      }),
    );
  });
});

describe("the check", () => {
  nextId = 1;
  const requests = [
    request(0, 2),
    request(0, 3, { quota: "ladies" }),
    request(1, 3),
    request(2, 3, { passengers: 2 }),
    request(2, 3),
  ];
  const chart = allocateDeparture(requests, plan);
  const [first, second, third] = chart.sold;
  const wrong: readonly [kind: string, chart: SeatChart][] = [
    ["lost", { ...chart, waiting: [] }],
    ["lost", { ...chart, waiting: [...chart.waiting, 1] }],
    ["not asked for", { ...chart, waiting: [...chart.waiting, 99] }],
    ["wrong journey", { ...chart, sold: [{ ...first!, to: 1 }, second!, third!] }],
    ["wrong journey", { ...chart, sold: [{ ...first!, berths: [] }, second!, third!] }],
    ["berth sold twice", { ...chart, sold: [first!, { ...second!, berths: [1] }, third!] }],
    ["over capacity", { ...chart, sold: [first!, { ...second!, berths: [3] }, third!] }],
    ["over quota", { ...chart, sold: [first!, { ...second!, under: "senior" }, third!] }],
    ["without a right", { ...chart, sold: [{ ...first!, under: "ladies" }, second!, third!] }],
    ["passed over", { sold: [second!, third!], waiting: [1, ...chart.waiting] }],
    ["passed over", { ...chart, sold: [{ ...first!, under: "released" }, second!, third!] }],
    ["waiting list", { ...chart, waiting: [...chart.waiting].reverse() }],
  ];

  it("accepts the right chart", () => {
    expect(chart.sold.map(({ id }) => id)).toEqual([1, 2, 5]);
    expect(chart.waiting).toEqual([3, 4]);
    expect(checkSeats(requests, chart, plan)).toEqual([]);
    expect(whyWaiting(3, requests, { chart, plan })).toBe(
      "request 3, number 1 of the waiting list, wants 1 of the 2 berths on stretch 1, " +
        "where 2 requests were ahead: 2 booked earlier, 0 later, under a quota",
    );
    expect(whyWaiting(1, requests, { chart, plan })).toBe("request 1 does not wait");
  });

  it.each(wrong)("names what is wrong: %s", (kind, broken) => {
    const found = checkSeats(requests, broken, plan);
    expect(found.map((violation) => violation.kind)).toContain(kind);
    expect(found.every(({ says }) => says.length > 10)).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import { bookingRequests, requestTruth, stations, trains } from "dabbawala/generators";

const spec = { rows: 40_000, seed: 3 };
const requests = [...bookingRequests(spec)];
const share = (holds: (request: (typeof requests)[number]) => boolean): number =>
  requests.filter(holds).length / requests.length;

describe("booking requests", () => {
  it("go along a train's stops, forwards", () => {
    const stops = new Map(
      trains.map(({ number, stops }) => [number, stops.map((stop) => stations[stop])]),
    );
    for (const { train, from, to } of requests) {
      const route = stops.get(train)!;
      expect(route.indexOf(from)).toBeGreaterThanOrEqual(0);
      expect(route.indexOf(to)).toBeGreaterThan(route.indexOf(from));
    }
  });

  it("come in the order of time, half of them in the first eighth of fifteen hours", () => {
    const times = requests.map(({ booked }) => booked);
    expect([...times].sort()).toEqual(times);
    expect(times[0]!.slice(0, 16)).toBe("2026-01-05 08:00");
    expect(times[20_000]!.slice(0, 16)).toBe("2026-01-05 09:52");
  });

  it("have the shares of quotas and groups that the dictionary tells", () => {
    expect(share(({ quota }) => quota === "general")).toBeCloseTo(0.78, 1.5);
    expect(share(({ quota }) => quota === "senior")).toBeCloseTo(0.11, 1.5);
    expect(share(({ quota, passengers }) => quota === "senior" && passengers > 2)).toBe(0);
    expect(share(({ passengers }) => passengers === 1)).toBeCloseTo(0.45, 1.5);
  });

  it("claim a quota without a right to it only where that was planted", () => {
    const isFalse = ({ quota, gender, age }: (typeof requests)[number]): boolean =>
      quota === "ladies" ? gender === "M" : quota === "senior" && age < (gender === "F" ? 58 : 60);
    expect(requests.filter(isFalse)).toEqual([]);
    const faulty = { ...spec, faults: 0.05 };
    const truth = [...requestTruth(faulty)].map(({ request }) => request);
    const found = [...bookingRequests(faulty)].filter(isFalse).map(({ request }) => request);
    expect(found).toEqual(truth);
    expect(truth.length / spec.rows).toBeCloseTo(0.05, 1.5);
  });
});

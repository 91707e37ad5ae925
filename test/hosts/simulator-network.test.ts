import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Simulator,
  at,
  betweenCities,
  cities,
  cityLinks,
  cityRoundTrips,
  clog,
  clogLinks,
  distanceKm,
  faultLabel,
  lan,
  majoritiesRing,
  networkRates,
  unclog,
  unclogLinks,
} from "dabbawala/hosts";
import type { City, LinkOptions } from "dabbawala/hosts";
import { Player, caught, oneMs, pair, ring } from "./simulator-player";
import type { Ball } from "./simulator-player";

const city = fc.constantFrom(...cities);

describe("Indian cities", () => {
  it("are as far apart as maps say", () => {
    const roughly = (from: City, to: City, km: number): void =>
      expect(Math.abs(distanceKm(from, to) - km) / km).toBeLessThan(0.02);
    roughly("Mumbai", "Delhi", 1_150);
    roughly("Mumbai", "Pune", 120);
    roughly("Chennai", "Kolkata", 1_360);
    roughly("Srinagar", "Kochi", 2_690);
  });

  it("have distances: symmetric, zero to themselves, and no detour is shorter", () => {
    fc.assert(
      fc.property(city, city, city, (from, via, to) => {
        expect(distanceKm(from, to)).toBeCloseTo(distanceKm(to, from), 9);
        expect(distanceKm(from, from)).toBe(0);
        const detourKm = distanceKm(from, via) + distanceKm(via, to);
        expect(distanceKm(from, to)).toBeLessThanOrEqual(detourKm + 1e-9);
      }),
    );
  });

  it("have latencies of 2.1 times the way at the speed in fibre, and half a millisecond", () => {
    const ms = 0.5 + (distanceKm("Mumbai", "Delhi") * 2.1) / 204.22;
    expect(betweenCities("Mumbai", "Delhi")).toMatchObject({ kind: "logNormal", sigma: 0.1 });
    expect((betweenCities("Mumbai", "Delhi") as { medianMs: number }).medianMs).toBeCloseTo(ms, 2);
    expect(betweenCities("Pune", "Pune")).toBe(lan);
    const [mumbai, delhi] = cityRoundTrips(["Mumbai", "Delhi"]);
    expect(mumbai).toEqual({ city: "Mumbai", Mumbai: 0.5, Delhi: 24.6 });
    expect(delhi).toEqual({ city: "Delhi", Mumbai: 24.6, Delhi: 0.5 });
    expect(cityRoundTrips()).toHaveLength(cities.length);
  });

  it("are a network, with other options on all its links", () => {
    const links = cityLinks({ n1: "Mumbai", n2: "Delhi", n3: "Pune" }, { lossRate: 0.5 });
    expect(links).toHaveLength(6);
    expect(links.every(({ lossRate }) => lossRate === 0.5)).toBe(true);
    const arrivals = (home: City): number[] => {
      const network = { links: cityLinks({ n1: "Mumbai", n2: home }) };
      const simulator = pair({ balls: 400, everyMs: 1_000 }, { network });
      simulator.run({ untilMs: 1e6 });
      return caught(simulator).map((ball) => Number(ball.split("@")[1]) % 1_000);
    };
    const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
    expect(median(arrivals("Delhi"))).toBeCloseTo(12.3, 0);
    expect(median(arrivals("Pune"))).toBeCloseTo(1.7, 0);
  });

  it("say which there are when asked for another", () => {
    expect(() => betweenCities("Atlantis" as City, "Pune")).toThrow(
      /^there is no city "Atlantis"; there are Ahmedabad, Bengaluru/,
    );
    expect(() => cityLinks({ n1: "toString" as City, n2: "Pune" })).toThrow('no city "toString"');
    expect(() => cityRoundTrips([])).toThrow("number of cities must be from 1");
  });
});

describe("clogs", () => {
  it("hold what comes to a node and goes from it, and let it loose at once, in order", () => {
    const simulator = pair({ balls: 5 });
    simulator.schedule(at(5, clog(["n2"])), at(38, unclog(["n2"])));
    simulator.run({ untilMs: 100 });
    expect(caught(simulator)).toEqual(["0@1", "1@38", "2@38", "3@38", "4@41"]);
    expect(simulator.trace.filter(({ event }) => event.kind === "lost")).toEqual([]);
  });

  it("have a direction, at a node", () => {
    const stuck = (direction: "in" | "out"): number[] => {
      const simulator = ring(2, 3);
      simulator.schedule(at(0, clog(["n1"], direction)));
      simulator.run({ untilMs: 100 });
      return ["n1", "n2"].map((id) => caught(simulator, id).length);
    };
    expect(stuck("in")).toEqual([0, 3]);
    expect(stuck("out")).toEqual([3, 0]);
  });

  it("may be of links alone, and stay where a node is clogged too", () => {
    const simulator = ring(3, 3);
    simulator.schedule(at(0, clogLinks(["n1"], ["n2"])), at(40, clog(["n2"], "in")));
    simulator.schedule(at(50, unclogLinks(["n1"], ["n2"])), at(60, unclog(["n2"])));
    simulator.run({ untilMs: 55 });
    expect([caught(simulator, "n2").length, caught(simulator, "n3").length]).toEqual([3, 6]);
    simulator.run({ untilMs: 100 });
    expect(caught(simulator, "n2").slice(3)).toEqual(["0@60", "1@60", "2@60"]);
  });

  it("are told in the trace", () => {
    const labels = [clog(["n1"]), clog(["n1"], "in"), unclog(["n1"]), clogLinks(["n1"], ["n2"])];
    expect(labels.map(faultLabel)).toEqual(["clog n1", "clog n1 in", "unclog n1", "clog n1 -> n2"]);
    const simulator = pair({ balls: 1 });
    simulator.schedule(at(3, clogLinks(["n1"], ["n2"])), at(4, unclogLinks(["n1"], ["n2"])));
    simulator.run({ untilMs: 10 });
    const told = simulator.trace.flatMap(({ event }) => (event.kind === "fault" ? event : []));
    expect(told.map(({ label }) => label)).toEqual(["clog n1 -> n2", "unclog n1 -> n2"]);
  });

  it("refuse names and directions that there are not", () => {
    const simulator = pair({ balls: 1 });
    for (const fault of [clog(["n7"]), unclogLinks(["n1"], ["n7"]), majoritiesRing(["n7"])]) {
      expect(() => simulator.schedule(at(1, fault))).toThrow(
        'there is no node or machine "n7"; there are n1, n2',
      );
    }
    expect(() => simulator.schedule(at(1, clog(["n1"], "up" as "in")))).toThrow(
      "direction must be one of in, out, both, but was up",
    );
  });
});

describe("bandwidth", () => {
  const bytes = JSON.stringify({ type: "ball", number: 0, padding: "x".repeat(61) }).length;

  it("makes messages of a link wait for each other, by their size", () => {
    expect(bytes).toBe(100);
    const network = { ...oneMs, bytesPerSecond: 10_000 }; // 10 ms for each
    const simulator = pair({ balls: 4, everyMs: 4, padding: "x".repeat(61) }, { network });
    simulator.run({ untilMs: 1_000 });
    expect(caught(simulator)).toEqual(["0@11", "1@21", "2@31", "3@41"]);
  });

  it("counts each link for itself, and bytes of UTF-8", () => {
    const links = [{ to: ["n2"], bytesPerSecond: 10_000 }];
    const simulator = new Simulator<Ball, string>({ seed: 1, network: { ...oneMs, links } });
    simulator.add("n1", Player, { options: { balls: 1, padding: "न".repeat(10) } });
    simulator.add("n2", Player);
    simulator.add("n3", Player);
    simulator.run({ untilMs: 100 });
    expect(caught(simulator, "n2")).toEqual([`0@${1 + (39 + 30) / 10}`]);
    expect(caught(simulator, "n3")).toEqual(["0@1"]);
  });

  it("loses what its queue has no room for", () => {
    const network = { ...oneMs, bytesPerSecond: 10_000, maxQueuedBytes: 250 };
    const simulator = pair({ balls: 6, everyMs: 1, padding: "x".repeat(61) }, { network });
    simulator.run({ untilMs: 1_000 });
    expect(caught(simulator).map((ball) => ball.split("@")[0])).toEqual(["0", "1", "5"]);
    const reasons = simulator.trace.flatMap(({ event }) =>
      event.kind === "lost" ? event.reason : [],
    );
    expect(reasons).toEqual(["full", "full", "full"]);
  });

  it("never delivers more than it can carry, whatever the sizes and times", () => {
    const throws = fc.record({
      balls: fc.integer({ min: 1, max: 30 }),
      everyMs: fc.integer({ min: 1, max: 30 }),
      length: fc.integer({ min: 0, max: 400 }),
      bytesPerSecond: fc.integer({ min: 100, max: 100_000 }),
    });
    fc.assert(
      fc.property(throws, ({ balls, everyMs, length, bytesPerSecond }) => {
        const network = { latency: { kind: "constant", ms: 0 }, bytesPerSecond } as const;
        const simulator = pair({ balls, everyMs, padding: "x".repeat(length) }, { network });
        simulator.run({ untilMs: 1e7 });
        const times = caught(simulator).map((ball) => Number(ball.split("@")[1]));
        const size = JSON.stringify({ type: "ball", number: 0, padding: "" }).length + length;
        expect(times).toHaveLength(balls);
        times.forEach((ms, i) => {
          const earliestMs = (i + 1) * ((size * 1_000) / bytesPerSecond);
          expect(ms).toBeGreaterThanOrEqual(earliestMs - 0.002 * (i + 1));
        });
      }),
      { numRuns: 50 },
    );
  });

  it("may be short for a while", () => {
    const simulator = pair({ balls: 4, padding: "x".repeat(61) });
    simulator.schedule(at(5, networkRates({ bytesPerSecond: 20_000 })), at(15, networkRates({})));
    simulator.run({ untilMs: 1_000 });
    expect(caught(simulator)).toEqual(["0@1", "1@16", "2@21", "3@31"]);
  });

  it("refuses values that are none", () => {
    const refused = (network: Partial<LinkOptions>): string => {
      try {
        pair({}, { network });
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refused({ bytesPerSecond: 0 })).toMatch(
      /^bytesPerSecond must be from 1 to .* but was 0/,
    );
    expect(refused({ bytesPerSecond: NaN })).toMatch(/^bytesPerSecond must be .* but was NaN/);
    expect(refused({ bytesPerSecond: 10, maxQueuedBytes: -1 })).toMatch(/^maxQueuedBytes must be/);
    expect(refused({ lossRat: 1 } as object)).toBe(
      'network has no "lossRat"; there are latency, lossRate, duplicateRate, reorderRate, ' +
        "reorderFactor, latencyFactor, bytesPerSecond, maxQueuedBytes, isOrdered, links",
    );
    expect(refused({ latency: { kind: "constant" } as never })).toMatch(/^latency.ms must be/);
    expect(refused({ latency: { kind: "normal" } as never })).toMatch(/^latency.kind must be one/);
  });
});

describe("a ring of majorities", () => {
  it("lets each of five hear its two neighbours, and no two the same three", () => {
    const names = ["n1", "n2", "n3", "n4", "n5"];
    const later = ring(5, 2);
    later.schedule(at(5, majoritiesRing(names)));
    later.run({ untilMs: 100 });
    expect(names.map((id) => caught(later, id).length)).toEqual(names.map(() => 4 + 2));
    const heard = later.trace.flatMap(({ node, event, atMs }) =>
      event.kind === "message" && atMs > 5 && node === "n1" ? event.from : [],
    );
    expect(heard).toEqual(["n2", "n5"]);
  });

  it("leaves everyone a majority, whatever its size", () => {
    for (let size = 4; size <= 9; size++) {
      const names = Array.from({ length: size }, (_, i) => `n${i + 1}`);
      const simulator = ring(size, 2);
      simulator.schedule(at(5, majoritiesRing(names)));
      simulator.run({ untilMs: 100 });
      for (const id of names) {
        const heard = 1 + caught(simulator, id).length - (size - 1);
        expect(heard).toBeGreaterThan(size / 2);
        expect(heard).toBeLessThan(size);
      }
    }
  });

  it("wants four names", () => {
    const simulator = ring(3, 1);
    expect(() => simulator.schedule(at(1, majoritiesRing(["n1", "n2", "n3"])))).toThrow(
      "a ring of majorities needs 4 names or more, not 3",
    );
  });
});

describe("names in the network's rules", () => {
  it("must be those of nodes", () => {
    const simulator = pair({ balls: 1 }, { network: { links: [{ from: ["n3"], lossRate: 1 }] } });
    expect(() => simulator.run({ untilMs: 10 })).toThrow(
      'network.links names "n3", but there are only n1, n2',
    );
  });
});

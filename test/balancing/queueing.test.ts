import {
  bursts,
  exponentialWork,
  fixedWork,
  Latencies,
  logNormalWork,
  meanTime,
  meanTimeOfChoices,
  meanWaitOfAny,
  poisson,
  PowerOfChoices,
  queueShare,
  RoundRobin,
  simulateFarm,
  timeQuantile,
  timetable,
  twoKindsOfWork,
  utilisation,
  waitingShare,
} from "dabbawala/balancing";
import type { FarmEnd, FarmResult, Pool, Work } from "dabbawala/balancing";
import { Random } from "dabbawala/basics";
import { describe, expect, it } from "vitest";

describe("closed forms", () => {
  it("have the values of the textbooks", () => {
    expect(waitingShare({ arrivalRate: 3, serviceRate: 2, servers: 2 })).toBeCloseTo(9 / 14, 12);
    expect(waitingShare({ arrivalRate: 0.7, serviceRate: 1 })).toBeCloseTo(0.7, 12);
    expect(meanTime({ arrivalRate: 0.7, serviceRate: 1 })).toBeCloseTo(1 / 0.3, 12);
    expect(meanWaitOfAny({ arrivalRate: 0.5, serviceRate: 1 }, 0)).toBeCloseTo(0.5, 12);
    expect(meanWaitOfAny({ arrivalRate: 0.5, serviceRate: 1 }, 1)).toBeCloseTo(1, 12);
    expect(timeQuantile({ arrivalRate: 1, serviceRate: 2 }, 0.99)).toBeCloseTo(Math.log(100), 12);
  });

  it("of two choices have the values of Mitzenmacher's table", () => {
    // Table 1 of the paper, the column of its equations: 2 choices at 0.5, 0.9 and 0.99.
    expect(meanTimeOfChoices(0.5, 2)).toBeCloseTo(1.2657, 3);
    expect(meanTimeOfChoices(0.9, 2)).toBeCloseTo(2.6141, 3);
    expect(meanTimeOfChoices(0.99, 2)).toBeCloseTo(5.432, 3);
    expect(queueShare(0.9, 2, 2)).toBeCloseTo(0.9 ** 3, 12);
  });

  it("refuse servers that never catch up, and values that are none", () => {
    expect(() => utilisation({ arrivalRate: 2, serviceRate: 1, servers: 2 })).toThrow("below 1");
    expect(() => meanTimeOfChoices(1, 2)).toThrow("busy must be");
    expect(() => poisson(0)).toThrow("rate must be");
  });
});

const one = { policy: (pool: Pool) => new RoundRobin(pool) };
const two = { policy: (pool: Pool) => new PowerOfChoices(pool) };

/** In how many of 20 runs the true mean lies in the interval: about 19 should. */
function hits(trueMeanMs: number, run: (seed: number) => FarmResult): number {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);
  return seeds.map(run).filter(({ times }) => Math.abs(times.mean - trueMeanMs) <= times.meanError)
    .length;
}

describe("the simulated farm agrees with the closed forms", () => {
  const enough = 16; // fewer than that has a chance of 1 in 400 at 95 %

  it("M/M/1", () => {
    const load = { arrivalRate: 70, serviceRate: 100 };
    const run = (seed: number): FarmResult =>
      simulateFarm({
        ...one,
        servers: [{ id: "a" }],
        arrivals: poisson(70),
        work: exponentialWork(10),
        requests: 40_000,
        seed,
      });
    expect(hits(1_000 * meanTime(load), run)).toBeGreaterThanOrEqual(enough);
    const { times } = run(3);
    expect(times.quantile(0.9) / 1_000 / timeQuantile(load, 0.9)).toBeCloseTo(1, 1);
  });

  it("M/M/c", () => {
    const trueMean = 1_000 * meanTime({ arrivalRate: 90, serviceRate: 10, servers: 10 });
    const run = (seed: number): FarmResult =>
      simulateFarm({
        ...one,
        servers: [{ id: "a", slots: 10 }],
        arrivals: poisson(90),
        work: exponentialWork(100),
        requests: 40_000,
        seed,
      });
    expect(hits(trueMean, run)).toBeGreaterThanOrEqual(enough);
  });

  const kinds: [string, Work, number][] = [
    ["M/D/1", fixedWork(10), 0],
    ["M/G/1, log-normal", logNormalWork(10, 0.8), Math.sqrt(Math.exp(0.64) - 1)],
    ["M/G/1, nine short and one long", twoKindsOfWork(5, 55, 0.1), 1.5],
  ];
  it.each(kinds)("%s", (_name, work, variation) => {
    const waitMs = 1_000 * meanWaitOfAny({ arrivalRate: 60, serviceRate: 100 }, variation);
    const run = (seed: number): FarmResult =>
      simulateFarm({
        ...one,
        servers: [{ id: "a" }],
        arrivals: poisson(60),
        work,
        requests: 40_000,
        seed,
      });
    expect(hits(waitMs + 10, run)).toBeGreaterThanOrEqual(enough);
  });

  it("the power of two choices", () => {
    const servers = Array.from({ length: 500 }, (_, at) => ({ id: `${at}` }));
    const { times } = simulateFarm({
      servers,
      policy: (pool) => new PowerOfChoices(pool),
      arrivals: poisson(45_000),
      work: exponentialWork(10),
      requests: 400_000,
    });
    // Of 500 servers, not of very many: the paper's simulation too is a little over it.
    expect(times.mean / 10 / meanTimeOfChoices(0.9, 2)).toBeCloseTo(1, 1.7);
  });
});

describe("the simulated farm", () => {
  const base = {
    servers: [{ id: "a" }, { id: "b" }],
    arrivals: poisson(100),
    work: fixedWork(5),
    requests: 2_000,
    warmUp: 0,
  };

  it("loses no request: each is answered, failed or refused", () => {
    const { times, failed, refused, answered } = simulateFarm({
      ...base,
      ...one,
      changes: [
        { atMs: 3_000, server: "a", speed: 0 },
        { atMs: 5_000, server: "b", speed: 0 },
        { atMs: 6_000, server: "a", speed: 1 },
        { atMs: 9_000, server: "b", speed: 0.5 },
      ],
    });
    expect(times.count + failed + refused).toBe(2_000);
    expect(refused).toBeGreaterThan(50);
    expect(answered[0] + answered[1]).toBe(times.count);
  });

  it("shows how a server that fails at once draws requests, when nobody notices", () => {
    const changes = [{ atMs: 0, server: "a", speed: 0, isNoticed: false }];
    const turns = simulateFarm({ ...base, ...one, changes });
    expect(turns.failed).toBe(1_000);
    const drawn = simulateFarm({ ...base, ...two, arrivals: poisson(300), changes });
    expect(drawn.failed).toBeGreaterThan(1_200);
  });

  it("ejects a server that fails at once, and few requests fail then", () => {
    const servers = ["a", "b", "c", "d"].map((id) => ({ id }));
    const changes = [{ atMs: 1_000, server: "a", speed: 0, isNoticed: false }];
    const given = { ...base, ...two, servers, changes };
    const plain = simulateFarm(given);
    const watched = simulateFarm({
      ...given,
      ejection: { baseEjectionMs: 3_000, intervalMs: 1_000 },
    });
    expect([plain.ejections, plain.failed > 500]).toEqual([0, true]);
    expect(watched.ejections).toBeGreaterThanOrEqual(3);
    // Five in a row each time that it comes back, and those before the first interval.
    expect(watched.failed).toBe(5 * watched.ejections);
    expect(watched.times.count + watched.failed).toBe(2_000);
  });

  it("lets as many servers work as the load asks for, and pays for those", () => {
    const servers = Array.from({ length: 20 }, (_, at) => ({ id: `${at}` }));
    const arrivals = timetable((ms) => (ms % 60_000 < 30_000 ? 200 : 1_400), 1_400);
    const rule = { target: 0.8, minServers: 2, shrinkWindowMs: 5_000 };
    const scaling = { rule, atFirst: 4, everyMs: 1_000, startMs: 500 };
    const given = { ...base, servers, arrivals, requests: 100_000, policy: two.policy };
    const fixed = simulateFarm(given);
    const scaled = simulateFarm({ ...given, scaling });
    expect(fixed.serverMs).toBeCloseTo(20 * fixed.endMs);
    expect(fixed.sizes).toEqual([{ atMs: 0, servers: 20 }]);
    const sizes = scaled.sizes.map((size) => size.servers);
    expect([Math.min(...sizes) >= 2, Math.min(...sizes) <= 4, Math.max(...sizes) > 10]).toEqual([
      true,
      true,
      true,
    ]);
    expect(scaled.serverMs / fixed.serverMs).toBeLessThan(0.7);
    expect(scaled.serverMs).toBeGreaterThan(scaled.busyMs.reduce((sum, ms) => sum + ms, 0));
    expect(scaled.times.quantile(0.99)).toBeGreaterThan(fixed.times.quantile(0.99));
    expect(scaled.times.count).toBe(100_000);
  });

  it("does the same for the same seed, and the same work for every policy", () => {
    const run = (seed: number): number => simulateFarm({ ...base, ...one, seed }).endMs;
    expect(run(7)).toBe(run(7));
    expect(run(7)).not.toBe(run(8));
    const busy = ({ busyMs }: FarmResult): number => busyMs[0] + busyMs[1];
    expect(busy(simulateFarm({ ...base, ...two }))).toBeCloseTo(
      busy(simulateFarm({ ...base, ...one })),
    );
  });

  it("tells of each request: who it was, where it went, and its way there", () => {
    const ends: FarmEnd[] = [];
    const { times, failed } = simulateFarm({
      ...base,
      ...one,
      changes: [{ atMs: 15_000, server: "a", speed: 0, isNoticed: false }],
      describe: (_random, nowMs) => ({ region: nowMs < 10_000 ? "early" : "late" }),
      travelMs: ({ region }) => (region === "early" ? 100 : 1_000),
      onEnd: (end) => ends.push(end),
    });
    const answered = ends.filter(({ isFailed }) => !isFailed);
    expect([answered.length, ends.length]).toEqual([times.count, times.count + failed]);
    expect(failed).toBeGreaterThan(100);
    const late = answered.filter(({ request }) => request.region === "late");
    expect(late.every(({ arrivedMs, ms }) => arrivedMs >= 10_000 && ms > 1_004.9)).toBe(true);
    const mean = answered.reduce((sum, { ms }) => sum + ms, 0) / answered.length;
    expect(mean).toBeCloseTo(times.mean, 6);
    expect(Math.min(...answered.map(({ ms }) => ms))).toBeCloseTo(105, 6);
  });

  it("tells what is wrong", () => {
    const changes = [{ atMs: 0, server: "z", speed: 0 }];
    expect(() => simulateFarm({ ...base, ...one, changes })).toThrow("a change names z");
    expect(() => simulateFarm({ ...base, ...one, requests: 0 })).toThrow("requests must be");
    expect(() => simulateFarm({ ...base, ...one, servers: [{ id: "a", slots: 0 }] })).toThrow(
      "slots",
    );
  });
});

describe("arrivals", () => {
  const rateOf = (gaps: number[]): number =>
    1_000 / (gaps.reduce((sum, gap) => sum + gap) / gaps.length);
  const drawn = (next: (random: Random, nowMs: number) => number, count = 40_000): number[] => {
    const random = new Random(5);
    let nowMs = 0;
    return Array.from({ length: count }, () => {
      const gap = next(random, nowMs);
      nowMs += gap;
      return gap;
    });
  };

  it("follow a timetable", () => {
    const gaps = drawn(timetable((ms) => (ms % 10_000 < 5_000 ? 100 : 300), 300));
    expect(rateOf(gaps) / 200).toBeCloseTo(1, 1);
  });

  it("come in bursts: as many in the mean, but far more uneven", () => {
    const gaps = drawn(
      bursts({ calmRate: 50, burstRate: 450, calmMs: 3_000, burstMs: 1_000 }),
      80_000,
    );
    expect(rateOf(gaps) / 150).toBeCloseTo(1, 1);
    const mean = 1_000 / rateOf(gaps);
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(variance / mean ** 2).toBeGreaterThan(1.5); // 1 for a Poisson process
  });
});

describe("latencies", () => {
  it("have quantiles to 1.1 %", () => {
    const latencies = new Latencies(10_000);
    for (let ms = 1; ms <= 10_000; ms++) latencies.add(ms);
    for (const share of [0.1, 0.5, 0.99]) {
      expect(Math.abs(latencies.quantile(share) / (share * 10_000) - 1)).toBeLessThan(0.011);
    }
    expect(latencies.mean).toBeCloseTo(5_000.5);
    expect(new Latencies(10).quantile(0.5)).toBeNaN();
  });
});

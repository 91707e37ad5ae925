/** Jio's simulated day: who asks where and when, lost centres, slow servers, a final, policies. */
import {
  balancerNames,
  buildServers,
  centres,
  cityDemands,
  compareBalancing,
  demandAt,
  loadAt,
  nearestCentre,
  roundTripMs,
  simulateDay,
} from "dabbawala/scenarios/jio";
import type { JioEvent, JioOptions } from "dabbawala/scenarios/jio";
import { describe, expect, it } from "vitest";

const short = { hourSeconds: 3, seed: 1 } as const;
const loss = { kind: "loss", centre: "Chennai", fromHour: 20, untilHour: 23 } as const;

/** Of a day with these events. */
const day = (options: Partial<JioOptions>) => simulateDay({ ...short, ...options });
const countOf = (rows: readonly { requests: number }[]): number =>
  rows.reduce((sum, { requests }) => sum + requests, 0);

describe("demand", () => {
  const peakOf = (city: string): number => {
    const found = cityDemands.find((one) => one.city === city);
    if (found === undefined) throw new Error(`no ${city}`);
    const hours = Array.from({ length: 240 }, (_, at) => at / 10);
    return hours.reduce((best, hour) =>
      demandAt(found, hour) > demandAt(found, best) ? hour : best,
    );
  };

  it("peaks in the evening, in the east before the west", () => {
    expect(peakOf("Guwahati")).toBeLessThan(peakOf("Kolkata"));
    expect(peakOf("Kolkata")).toBeLessThan(peakOf("Delhi"));
    expect(peakOf("Delhi")).toBeLessThan(peakOf("Ahmedabad"));
    expect(loadAt(4)).toBeLessThan(0.2);
    expect(Math.max(...Array.from({ length: 24 }, (_, hour) => loadAt(hour)))).toBeGreaterThan(0.9);
    expect(loadAt(24)).toBe(loadAt(0));
  });

  it("has a hump at noon where there are offices", () => {
    const share = (city: string): number => {
      const found = cityDemands.filter((one) => one.city === city);
      return Math.max(...found.map((one) => demandAt(one, 12) / demandAt(one, one.eveningHour)));
    };
    expect(share("Bengaluru")).toBeGreaterThan(2 * share("Srinagar"));
  });
});

describe("centres", () => {
  it("have servers by the people nearest", () => {
    const servers = buildServers(24, 2);
    expect(servers).toHaveLength(24);
    const counts = centres.map(
      (centre) => servers.filter(({ region }) => region === centre).length,
    );
    expect(counts).toEqual([7, 6, 6, 5]);
    expect(servers.filter(({ speed }) => speed === 0.5)).toHaveLength(6);
    expect(new Set(servers.map(({ id }) => id)).size).toBe(24);
    expect(() => buildServers(3, 2)).toThrow("servers must be from 4");
  });

  it("know their way", () => {
    expect(nearestCentre("Pune")).toBe("Mumbai");
    expect(nearestCentre("Bengaluru")).toBe("Chennai");
    expect(nearestCentre("Guwahati")).toBe("Kolkata");
    expect(roundTripMs("Delhi", "Chennai")).toBeGreaterThan(30);
    expect(roundTripMs("Delhi", "Delhi")).toBe(0.5);
  });
});

describe("a day", () => {
  it("loses no request and repeats itself", () => {
    const first = day({});
    expect(countOf(first.cities)).toBe(first.total.requests);
    expect(countOf(first.steps)).toBe(first.total.requests);
    const answered = first.servers.reduce((sum, server) => sum + server.answered, 0);
    expect(answered).toBe(first.total.requests);
    expect(day({})).toEqual(first);
    expect(day({ seed: 2 }).total).not.toEqual(first.total);
  });

  it("has its peak rate in the evening", () => {
    const { steps } = day({});
    const rates = steps.map(({ perSecond }) => perSecond);
    const busiest = steps[rates.indexOf(Math.max(...rates))];
    expect(busiest?.hour).toBeGreaterThanOrEqual(20.5);
    expect(busiest?.hour).toBeLessThanOrEqual(22.5);
    expect(Math.max(...rates) / 700).toBeCloseTo(1, 1);
  });

  it("drowns old servers in round robin, not where weights or queues are looked at", () => {
    const [turns, weighted, least] = (
      ["round robin", "smooth weighted", "least connections"] as const
    ).map((policy) => day({ policy }).total.p99Ms) as [number, number, number];
    expect(turns).toBeGreaterThan(4 * weighted);
    expect(weighted).toBeGreaterThan(least);
  });

  it("stays near with the nearest region, and is answered sooner", () => {
    const near = day({ policy: "nearest region" });
    const least = day({ policy: "least connections" });
    expect(near.total.awayShare).toBeLessThan(0.1);
    expect(least.total.awayShare).toBeGreaterThan(0.6);
    expect(near.total.p50Ms).toBeLessThan(least.total.p50Ms - 10);
  });

  it("shares work evenly by chance and unevenly by keys", () => {
    expect(day({ policy: "random" }).fairness).toBeGreaterThan(0.99);
    expect(day({ policy: "Maglev" }).fairness).toBeLessThan(0.95);
    expect(day({ policy: "bounded ring" }).fairness).toBeGreaterThan(0.97);
  });
});

describe("events", () => {
  it("a lost centre fails requests until it is noticed, then spills over", () => {
    const lost = day({ policy: "nearest region", events: [loss] });
    const chennai = lost.cities.find(({ city }) => city === "Chennai");
    expect(lost.total.failedShare).toBeGreaterThan(0);
    expect(lost.total.failedShare).toBeLessThan(0.01);
    expect(chennai?.awayShare).toBeGreaterThan(0.15);
    const late = day({ policy: "nearest region", events: [{ ...loss, noticedMs: 3_000 }] });
    expect(late.total.failedShare).toBeGreaterThan(4 * lost.total.failedShare);
  });

  it("who counts what is in flight sends more to a centre that fails at once", () => {
    const unseen = { ...loss, noticedMs: 9_000 };
    const failed = (["random", "least connections"] as const).map(
      (policy) => day({ policy, events: [unseen] }).total.failedShare,
    ) as [number, number];
    expect(failed[1]).toBeGreaterThan(2 * failed[0]);
  });

  it("a slow server is the tail of who does not look", () => {
    const slow = {
      kind: "slow",
      server: "Mumbai 1",
      part: 0.1,
      fromHour: 8,
      untilHour: 24,
    } as const;
    const tails = (["smooth weighted", "peak EWMA"] as const).map(
      (policy) => day({ policy, events: [slow] }).total.p99Ms,
    ) as [number, number];
    expect(tails[0]).toBeGreaterThan(5 * tails[1]);
  });

  it("a final brings more requests, all at once", () => {
    const final: JioEvent = {
      ...{ kind: "final", fromHour: 19, untilHour: 23 },
      ...{ wickets: 10, factor: 3, burstMs: 500 },
    };
    const [usual, match] = [day({}), day({ events: [final] })];
    expect(match.total.requests).toBeGreaterThan(usual.total.requests + 3_000);
    expect(match.total.p99Ms).toBeGreaterThan(2 * usual.total.p99Ms);
  });

  it("that are wrong are told", () => {
    expect(() => day({ events: [{ ...loss, centre: "Pune" as "Delhi" }] })).toThrow(
      "no data centre",
    );
    expect(() => day({ events: [{ ...loss, untilHour: 19 }] })).toThrow("untilHour of loss");
    expect(() => day({ policy: "best" as "random" })).toThrow('no policy is called "best"');
    expect(() => day({ hourSeconds: 0 })).toThrow("hourSeconds must be");
  });
});

describe("a pool that follows the load", () => {
  const scaled = (options: Partial<JioOptions> = {}) =>
    day({ policy: "two choices", scaling: {}, ...options });

  it("is smaller at night, whole at the peak, and hardly slower", () => {
    const [fixed, following] = [day({ policy: "two choices" }), scaled()];
    const sizeAt = (hour: number): number =>
      following.sizes.filter((size) => size.hour <= hour).at(-1)?.servers ?? 0;
    expect(sizeAt(4)).toBeLessThan(10);
    expect(sizeAt(21.5)).toBeGreaterThan(20);
    expect(fixed.serverHours).toBeCloseTo(24 * 24, 6);
    expect(following.serverHours).toBeLessThan(0.7 * fixed.serverHours);
    expect(following.total.p99Ms).toBeLessThan(1.3 * fixed.total.p99Ms);
  });

  it("loses nobody by draining, and has a server in every centre", () => {
    const { total, sizes, servers } = scaled({ policy: "Prequal", scaling: {} });
    expect(total.failedShare).toBe(0);
    expect(servers.reduce((sum, { answered }) => sum + answered, 0)).toBe(total.requests);
    expect(Math.min(...sizes.map((size) => size.servers))).toBeGreaterThanOrEqual(4);
  });

  it("costs more the calmer its servers should be", () => {
    const [calm, tight] = [0.8, 1.6].map((target) => scaled({ scaling: { target } }).serverHours);
    expect(calm).toBeGreaterThan((tight ?? 0) + 24);
    expect(() => scaled({ scaling: { target: 0 } })).toThrow("target must be");
    expect(() => scaled({ scaling: { everyHours: 0 } })).toThrow("everyHours must be");
  });
});

it("a policy of one's own takes the place of a named one", () => {
  const first = day({ policy: (pool) => ({ pool, pick: () => pool.open[0] ?? -1 }) });
  expect(first.servers.filter(({ answered }) => answered > 0)).toHaveLength(1);
  expect(first.total.lateShare).toBeGreaterThan(0.9);
});

describe("compared", () => {
  it("a row a policy, and the hours that it takes to be quick", () => {
    const seen: string[] = [];
    const policies = ["round robin", "two choices"] as const;
    const rows = compareBalancing({ ...short, policies }, (done, all) =>
      seen.push(`${done}/${all}`),
    );
    expect(seen).toEqual(["1/2", "2/2"]);
    expect(rows.map(({ policy }) => policy)).toEqual(policies);
    const [turns, two] = rows.map(({ serverHours }) => serverHours) as [number, number];
    expect(two).toBeLessThan(turns);
    expect(turns % 24).toBe(0);
    const [none] = compareBalancing({ ...short, policies: ["random"], targetMs: 10 });
    expect(none?.serverHours).toBe(Infinity);
    expect(balancerNames).toHaveLength(11);
  });
});

/**
 * A day of a mobile network, simulated: requests come through the gateways of 18 cities, one
 * balancer that knows them all picks a server in one of four data centres, and there they wait
 * their turn. Nothing of it is measured at Jio; the sizes are those of a model, far smaller.
 *
 * Assumes: an hour passes in `hourSeconds`, while requests take their real time; so queues that an
 * overload builds up are shorter than in an hour of 3,600 s, and so is what they do. Nobody tries
 * again. The way takes the time that light in fibre takes.
 */
import { inRange, wholeInRange } from "../../basics";
import { logNormalWork, simulateFarm, timetable } from "../../balancing";
import type { FarmResult, FarmScaling, FarmServer, Policy, Pool } from "../../balancing";
import { jainIndex } from "../../basics";
import { makeBalancer } from "./balancers";
import type { BalancerName } from "./balancers";
import { buildServers, centres, roundTripMs } from "./centres";
import { loadAt } from "./demand";
import { burstsOf, checkEvents, speedChanges } from "./events";
import type { JioEvent } from "./events";
import { requestsOfTheDay } from "./requests";
import { stepHours, Tally } from "./tally";
import type { Part } from "./tally";

export interface JioOptions {
  /** One of the names, or what makes a policy of the pool; default "least connections". */
  readonly policy: BalancerName | ((pool: Pool) => Policy);
  /** Default 1. */
  readonly seed: number;
  /** Seconds that an hour of the day takes; 0.1 to 3,600, default 10. */
  readonly hourSeconds: number;
  /** Servers of all centres; 4 to 10,000, default 24. */
  readonly servers: number;
  /** Requests that each does at a time; 1 to 1,000, default 2. */
  readonly slots: number;
  /** Requests a second at the peak of an ordinary day; default 700. */
  readonly peakRate: number;
  /** Work of a request at a new server, in the mean; default 40 ms. */
  readonly serviceMs: number;
  /** How uneven the work is: sigma of a log-normal, 0 to 5; default 0.8. */
  readonly sigma: number;
  /** From when on an answer is too late; default 1,000 ms. */
  readonly lateMs: number;
  /** Default none: an ordinary day. */
  readonly events: readonly JioEvent[];
  /** Default none: all servers are there all day. */
  readonly scaling?: Partial<DayScaling> | undefined;
}

/** How the pool follows the load: by `ScalingRule`; who leaves is drained. */
export interface DayScaling {
  /** Requests in flight that a server should have; default 0.7 x slots. */
  readonly target: number;
  /** Between two looks, in hours of the day; 0.001 to 24, default 0.1. */
  readonly everyHours: number;
  /** It keeps what was wanted so long ago, in hours of the day; default 0.5. */
  readonly shrinkHours: number;
}

export interface ServerDay {
  readonly server: string;
  readonly centre: string;
  readonly speed: number;
  readonly answered: number;
  /** The share of its slots that worked, in the mean over the day. */
  readonly busyShare: number;
}

export interface JioDay {
  readonly options: JioOptions;
  readonly total: Part & { readonly meanMs: number; readonly p999Ms: number };
  /** Jain's index over servers of how busy they were: 1 when all equally. */
  readonly fairness: number;
  /** Half hours. */
  readonly steps: readonly (Part & { readonly hour: number; readonly perSecond: number })[];
  readonly cities: readonly (Part & { readonly city: string })[];
  readonly servers: readonly ServerDay[];
  /** Hours of the day that servers were there, summed over them. */
  readonly serverHours: number;
  /** From when on there were how many of them. */
  readonly sizes: readonly { readonly hour: number; readonly servers: number }[];
}

export const defaults: JioOptions = {
  policy: "least connections",
  seed: 1,
  hourSeconds: 10,
  servers: 24,
  slots: 2,
  peakRate: 700,
  serviceMs: 40,
  sigma: 0.8,
  lateMs: 1_000,
  events: [],
};

/** Throws a RangeError for options that are wrong. */
export function simulateDay(options: Partial<JioOptions> = {}): JioDay {
  const all = check({ ...defaults, ...options });
  const { seed, slots, sigma, serviceMs, events, scaling } = all;
  const hourMs = all.hourSeconds * 1_000;
  const clock = { hourMs, seed };
  const servers = buildServers(all.servers, slots);
  const { factorAt, most } = burstsOf(events, clock);
  const rateAt = (ms: number): number => all.peakRate * factorAt(ms) * loadAt(ms / hourMs);
  const requests = requestsInADay(rateAt, hourMs);
  const regions = servers.map(({ region = "" }) => region);
  const tally = new Tally({ hourMs, lateMs: all.lateMs }, requests, regions);
  const farm = simulateFarm({
    ...{ servers, requests, seed, warmUp: 0 },
    policy: (pool) => policyOf(all, pool),
    arrivals: timetable(rateAt, all.peakRate * most),
    work: logNormalWork(serviceMs, sigma),
    changes: speedChanges(events, servers, clock),
    ...(scaling === undefined ? {} : { scaling: farmScaling(all) }),
    describe: requestsOfTheDay(hourMs),
    travelMs: ({ region = "" }, server) => roundTripMs(region, regions[server] ?? ""),
    onEnd: (end) => tally.add(end),
  });
  return {
    options: all,
    ...told(tally, hourMs),
    ...served(farm, servers, slots),
    // Of a day: so many requests take a little more or less.
    serverHours: (24 * farm.serverMs) / farm.endMs,
    sizes: farm.sizes.map((size) => ({ hour: size.atMs / hourMs, servers: size.servers })),
  };
}

function policyOf({ policy, seed, slots }: JioOptions, pool: Pool): Policy {
  return typeof policy === "function" ? policy(pool) : makeBalancer(policy)(pool, { seed, slots });
}

function farmScaling({ scaling = {}, slots, hourSeconds }: JioOptions): FarmScaling {
  const { target = 0.7 * slots, everyHours = 0.1, shrinkHours = 0.5 } = scaling;
  const hourMs = hourSeconds * 1_000;
  inRange("everyHours", everyHours, { min: 0.001, max: 24 });
  const shrinkWindowMs = shrinkHours * hourMs;
  const minServers = centres.length;
  return { rule: { target, shrinkWindowMs, minServers }, everyMs: everyHours * hourMs };
}

function check(options: JioOptions): JioOptions {
  inRange("hourSeconds", options.hourSeconds, { min: 0.1, max: 3_600 });
  inRange("peakRate", options.peakRate, { min: 1, max: 1e6 });
  inRange("lateMs", options.lateMs, { min: 1, max: 1e9 });
  wholeInRange("slots", options.slots, { min: 1, max: 1_000 });
  checkEvents(options.events);
  return options;
}

/** The sum of the rates, a second at a time, or a hundredth of an hour where that is less. */
function requestsInADay(rateAt: (ms: number) => number, hourMs: number): number {
  const stepMs = Math.min(1_000, hourMs / 100);
  let sum = 0;
  for (let ms = 0; ms < 24 * hourMs; ms += stepMs) sum += (rateAt(ms) * stepMs) / 1_000;
  return Math.max(1, Math.round(sum));
}

function told(tally: Tally, hourMs: number): Pick<JioDay, "total" | "steps" | "cities"> {
  const { all, bySteps, byCity } = tally;
  const stepSeconds = (hourMs / 1_000) * stepHours;
  return {
    total: { ...all.part, meanMs: all.times.mean, p999Ms: all.times.quantile(0.999) },
    steps: bySteps.map(({ part }, at) => {
      return { hour: at * stepHours, perSecond: part.requests / stepSeconds, ...part };
    }),
    cities: [...byCity].map(([city, { part }]) => ({ city, ...part })),
  };
}

function served(
  { answered, busyMs, endMs }: FarmResult,
  servers: readonly FarmServer[],
  slots: number,
): Pick<JioDay, "fairness" | "servers"> {
  const rows = servers.map(({ id: server, region: centre = "", speed = 1 }, at) => {
    const busyShare = (busyMs[at] ?? 0) / slots / endMs;
    return { server, centre, speed, answered: answered[at] ?? 0, busyShare };
  });
  return { fairness: jainIndex(rows.map(({ busyShare }) => busyShare)), servers: rows };
}

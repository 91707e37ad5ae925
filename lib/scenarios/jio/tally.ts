/** Counts a day's requests as they end: by half hours and by cities. */
import { Latencies } from "../../balancing";
import type { FarmEnd } from "../../balancing";
import { nearestCentre } from "./centres";
import { cityDemands } from "./demand";
import type { City } from "../../hosts";

/** Some of the requests of a day. */
export interface Part {
  readonly requests: number;
  /** Of those that were answered. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Parts of all, 0 to 1: failed at a server that was gone, or answered too late. */
  readonly failedShare: number;
  readonly lateShare: number;
  /** Part of all that another centre than the nearest got. */
  readonly awayShare: number;
}

export class Counted {
  requests = 0;
  failed = 0;
  late = 0;
  away = 0;
  readonly times: Latencies;

  constructor(expected: number) {
    this.times = new Latencies(expected);
  }

  add({ ms, isFailed }: FarmEnd, lateMs: number, isAway: boolean): void {
    this.requests++;
    if (isAway) this.away++;
    if (isFailed) this.failed++;
    else this.times.add(ms);
    if (!isFailed && ms > lateMs) this.late++;
  }

  get part(): Part {
    const { requests, times } = this;
    const share = (count: number): number => (requests === 0 ? 0 : count / requests);
    return {
      requests,
      p50Ms: times.quantile(0.5),
      p99Ms: times.quantile(0.99),
      failedShare: share(this.failed),
      lateShare: share(this.late),
      awayShare: share(this.away),
    };
  }
}

export const stepHours = 0.5;
const steps = 24 / stepHours;

export class Tally {
  readonly all: Counted;
  readonly bySteps: readonly Counted[];
  readonly byCity: ReadonlyMap<string, Counted>;
  private readonly homes = new Map<string, string>();

  constructor(
    private readonly options: { readonly hourMs: number; readonly lateMs: number },
    expected: number,
    /** By server: the centre where it stands. */
    private readonly regions: readonly string[],
  ) {
    this.all = new Counted(expected);
    this.bySteps = Array.from({ length: steps }, () => new Counted(expected / steps));
    const cities = cityDemands.map(({ city }): City => city);
    this.byCity = new Map(cities.map((city) => [city, new Counted(expected / cities.length)]));
    for (const city of cities) this.homes.set(city, nearestCentre(city));
  }

  add(end: FarmEnd): void {
    const { hourMs, lateMs } = this.options;
    const { region = "" } = end.request;
    const isAway = this.regions[end.server] !== this.homes.get(region);
    const step = Math.min(steps - 1, Math.floor(end.arrivedMs / hourMs / stepHours));
    this.all.add(end, lateMs, isAway);
    this.bySteps[step]?.add(end, lateMs, isAway);
    this.byCity.get(region)?.add(end, lateMs, isAway);
  }
}

/** What requests and charts show: where berths are wanted, who is served, what the rules cost. */
import type { RequestQuota } from "../../../generators/irctc";
import { allocateDeparture } from "./allocate";
import { bestJourneys } from "./exact";
import { jainIndex } from "../../../basics";
import type { Demand } from "./fair-shares";
import type { DeparturePlan, Sale, SeatChart, SeatRequest } from "./request";
import type { StretchDemand } from "./seat-job";

/** An answer of a job, by departure. */
interface ByDeparture<V> {
  readonly key: string;
  readonly value: V;
}

/** Passengers of all the requests. */
export function passengersOf(requests: readonly SeatRequest[]): number {
  return requests.reduce((all, { passengers }) => all + passengers, 0);
}

/**
 * Berths wanted for each berth there is, on each stretch (from 1) of the departures that are most
 * wanted on one stretch, those first. Of departures with fewer stretches nothing is told.
 */
export function pressureCells(
  demand: readonly ByDeparture<StretchDemand>[],
  { departures = 12, leastStretches = 5 }: { departures?: number; leastStretches?: number } = {},
): { departure: string; stretch: number; ratio: number }[] {
  const ratios = demand
    .filter(({ value }) => value.wanted.length >= leastStretches)
    .map(({ key, value }) => {
      return { key, ratios: value.wanted.map((wanted) => wanted / value.berths) };
    });
  const busiest = ratios.sort((a, b) => Math.max(...b.ratios) - Math.max(...a.ratios));
  return busiest.slice(0, departures).flatMap(({ key, ratios }) => {
    return ratios.map((ratio, i) => ({ departure: key, stretch: i + 1, ratio }));
  });
}

/** Sales by the number of their request. */
export function salesById(charts: readonly ByDeparture<SeatChart>[]): Map<number, Sale> {
  return new Map(charts.flatMap(({ value }) => value.sold.map((sale) => [sale.id, sale])));
}

/** Passengers of a quota, and under whose berths they travel. */
export interface QuotaShare {
  readonly quota: RequestQuota;
  readonly asked: number;
  readonly "own quota": number;
  readonly general: number;
  readonly released: number;
  readonly "served (%)": number;
}

/** Who is served, by the quota that the requests have a right to. */
export function servedByQuota(
  requests: readonly SeatRequest[],
  sales: ReadonlyMap<number, Sale>,
): QuotaShare[] {
  return (["general", "ladies", "senior", "defence"] as const).map((quota) => {
    const own = requests.filter((request) => request.quota === quota);
    const under = (name: Sale["under"]): number =>
      passengersOf(own.filter(({ id }) => sales.get(id)?.under === name));
    const asked = passengersOf(own);
    const ownQuota = quota === "general" ? 0 : under(quota);
    const [general, released] = [under("general"), under("released")];
    const share = (100 * (ownQuota + general + released)) / asked;
    return { quota, asked, "own quota": ownQuota, general, released, "served (%)": share };
  });
}

/** The names of the stretches between neighbouring stops, as "NDLS-CNB". */
export function stretchNames(route: readonly string[]): string[] {
  return route.slice(1).map((stop, i) => `${route[i] as string}-${stop}`);
}

/** Each berth on each stretch on which it is sold. */
export function occupiedStretches(
  { sold }: SeatChart,
  route: readonly string[],
): { berth: number; stretch: string; under: Sale["under"] }[] {
  const names = stretchNames(route);
  return sold.flatMap(({ from, to, berths, under }) =>
    berths.flatMap((berth) => names.slice(from, to).map((stretch) => ({ berth, stretch, under }))),
  );
}

/** How much the rules lose against the best choice, which ignores who booked first. */
export interface RulesGap {
  /** Passengers for each berth. */
  readonly demand: number;
  /** Percent of the passengers, when the best serves the most. */
  readonly passengers: number;
  /** Percent of the berths times stretches, when the best sells the most of them. */
  readonly stretches: number;
}

/** For passengers who travel alone: each of a group goes for himself, in both choices. */
export function gapToBest(requests: readonly SeatRequest[], plan: DeparturePlan): RulesGap {
  const singles = requests
    .flatMap((one) => Array.from({ length: one.passengers }, () => ({ ...one, passengers: 1 })))
    .map((one, id) => ({ ...one, id }));
  const { sold } = allocateDeparture(singles, plan);
  const best = (worth: (length: number) => number): number =>
    bestJourneys(
      singles.map(({ from, to }) => ({ from, to, weight: worth(to - from) })),
      plan,
    ).weight;
  const stretches = sold.reduce((all, { from, to }) => all + to - from, 0);
  return {
    demand: singles.length / plan.berths,
    passengers: 100 * (1 - sold.length / best(() => 1)),
    stretches: 100 * (1 - stretches / best((length) => length)),
  };
}

/** All requests of a departure for the same journey. */
export interface JourneyKind extends Demand {
  /** Berths that they got. */
  readonly got: number;
}

/** The kinds of journeys that were asked for. */
export function journeyKinds(
  requests: readonly SeatRequest[],
  sales: ReadonlyMap<number, Sale>,
): JourneyKind[] {
  const kinds = new Map<string, JourneyKind>();
  for (const { id, from, to, passengers } of requests) {
    const { wanted, got } = kinds.get(`${from}-${to}`) ?? { wanted: 0, got: 0 };
    const more = sales.has(id) ? passengers : 0;
    kinds.set(`${from}-${to}`, { from, to, wanted: wanted + passengers, got: got + more });
  }
  return [...kinds.values()];
}

/** What a way to share berths out does for the kinds of journeys. */
export interface ShareOutcome {
  readonly passengers: number;
  readonly "sold (% of berth-stretches)": number;
  readonly "smallest share (%)": number;
  readonly "Jain, shares of demand": number;
  readonly "Jain, berths": number;
}

/** `given` are the berths of each demand. */
export function shareOutcome(
  given: readonly number[],
  demands: readonly Demand[],
  plan: DeparturePlan,
): ShareOutcome {
  const shares = demands.map(({ wanted }, i) => (given[i] as number) / wanted);
  const filled = demands.reduce(
    (all, { from, to }, i) => all + (given[i] as number) * (to - from),
    0,
  );
  return {
    passengers: given.reduce((all, berths) => all + berths, 0),
    "sold (% of berth-stretches)": (100 * filled) / plan.berths / plan.stretches,
    "smallest share (%)": 100 * Math.min(...shares),
    "Jain, shares of demand": jainIndex(shares),
    "Jain, berths": jainIndex(given),
  };
}

/** What tickets and many trains show: berths that are sold onwards, how well they are chosen. */
import { wholeInRange } from "../../../basics";
import type { Random } from "../../../basics";
import { bestJourneys } from "../seat-allocation";
import type { Journey } from "../seat-allocation";
import { emptyBerthMap, takeBerth } from "./berth-map";
import { chooseBerths } from "./choose-berths";
import { layoutOf } from "./layout";
import type { BookingState, Departure } from "./state";
import { berthsOfPlan } from "./train-plan";
import type { TrainPlan } from "./train-plan";

/** A berth that somebody has from one stop to another. */
export interface SoldBerth {
  readonly [field: string]: string | number;
  /** The ticket's key. */
  readonly who: string;
  readonly berth: string;
  readonly from: number;
  readonly to: number;
}

/** The first berth of each ticket that has one, in the order of booking. */
export function soldBerths({ departures, tickets }: BookingState): SoldBerth[] {
  return [...tickets.values()].flatMap(({ departure, key, place, from, to }) => {
    if (place.kind !== "berths") return [];
    const { layout } = departures.get(departure) as Departure;
    return [{ who: key, berth: layout.labels[place.places[0] as number] as string, from, to }];
  });
}

/** Each from any stop but the last to any later one, and worth its length in stretches. */
export function randomJourneys(
  random: Random,
  { count, stretches }: { readonly count: number; readonly stretches: number },
): Journey[] {
  wholeInRange("stretches", stretches, { min: 1, max: 63 });
  return Array.from({ length: count }, () => {
    const from = random.below(stretches);
    const to = from + 1 + random.below(stretches - from);
    return { from, to, weight: to - from };
  });
}

/** What the clerk sells of journeys that come one by one, as a share of the best choice of them. */
export function clerksShare(journeys: readonly Journey[], plan: TrainPlan): number {
  const layout = layoutOf(plan);
  const stretches = plan.stations.length - 1;
  const map = emptyBerthMap(layout.places, stretches);
  const sold = journeys.map((journey) => {
    const berths = chooseBerths({ map, layout, within: layout.all }, journey, [null]) ?? [];
    for (const berth of berths) takeBerth(map, berth, journey);
    return berths.length * journey.weight;
  });
  return shareOfBest(sold, journeys, { berths: berthsOfPlan(plan), stretches });
}

/** Free stretches of a berth around a journey: right before it and right behind it. */
export interface FreeAround {
  readonly before: number;
  readonly behind: number;
}

/**
 * The same share where `choose` picks among the berths that are free for a journey; it returns a
 * place in the list, and any other number refuses the journey.
 */
export function choosersShare(
  journeys: readonly Journey[],
  { berths, stretches }: { readonly berths: number; readonly stretches: number },
  choose: (list: readonly FreeAround[]) => number,
): number {
  const rows = Array.from({ length: berths }, () => new Array<boolean>(stretches).fill(false));
  const sold = journeys.map(({ from, to, weight }) => {
    const free = rows.filter((row) => !row.slice(from, to).includes(true));
    const around = free.map((row) => {
      return { before: freeFrom(row, from - 1, -1), behind: freeFrom(row, to, 1) };
    });
    const row = free[choose(around)];
    row?.fill(true, from, to);
    return row === undefined ? 0 : weight;
  });
  return shareOfBest(sold, journeys, { berths, stretches });
}

/** Free stretches in one direction, up to the first that is taken or the train's end. */
function freeFrom(row: readonly boolean[], start: number, step: 1 | -1): number {
  let count = 0;
  while (row[start + step * count] === false) count++;
  return count;
}

function shareOfBest(
  sold: readonly number[],
  journeys: readonly Journey[],
  train: { readonly berths: number; readonly stretches: number },
): number {
  return sold.reduce((sum, weight) => sum + weight, 0) / bestJourneys(journeys, train).weight;
}

/**
 * The chance that at least `count` of so many give up, each with the chance `share` (below 1) and
 * none because of another: a tail of the binomial distribution.
 */
export function chanceOfAtLeast(
  count: number,
  { of, share }: { readonly of: number; readonly share: number },
): number {
  wholeInRange("count", count, { min: 0, max: of });
  if (!(share >= 0 && share < 1)) throw new RangeError("share must be from 0 to below 1");
  let exactly = (1 - share) ** of;
  let fewer = 0;
  for (let many = 0; many < count; many++) {
    fewer += exactly;
    exactly *= ((of - many) * share) / ((many + 1) * (1 - share));
  }
  return 1 - fewer;
}

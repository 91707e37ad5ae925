/**
 * Gives the berths of one departure (a train, a date, a class) to the requests for it.
 *
 * A quota is a number of berths on every stretch between two stops, not a place in a coach: so who
 * travels is decided by counting, and berths are numbered afterwards. The rules, in three rounds:
 *   1. own: each quota's berths go to its own requests, in the order of booking;
 *   2. general: the general berths go to all that are still without, in the order of booking;
 *   3. released: what is left of any berth goes to those that wait, in the order of booking.
 * A request has all of its berths for its whole journey, or none. One that does not fit lets later
 * ones past that do. Who is left waits, in the order of booking.
 *
 * Source: the rounds are ours, after the railway's quotas; the numbering is interval partitioning,
 * J. Kleinberg and E. Tardos, Algorithm Design (2005), section 4.1, which needs no more berths than
 * the fullest stretch.
 * Guarantees: no berth twice on a stretch; the result depends on nothing but the set of requests.
 * Cost: O(n log n + n stops + sold berths) for n requests.
 */
import type { DeparturePlan, Sale, SeatChart, SeatRequest } from "./request";

/** What is sold of one round's berths on each stretch. */
interface Pool {
  readonly berths: number;
  readonly sold: number[];
}

type Unnumbered = SeatRequest & Pick<Sale, "under">;

export function allocateDeparture(
  requests: readonly SeatRequest[],
  plan: DeparturePlan,
): SeatChart {
  const all = emptyPool(plan.berths, plan);
  const sold: Unnumbered[] = [];
  let waiting = [...requests].sort(byBooking);
  for (const under of ["ladies", "senior", "defence", "general", "released"] as const) {
    const pool = under === "released" ? all : emptyPool(plan.quotas[under], plan);
    const isForAll = under === "general" || under === "released";
    const left: SeatRequest[] = [];
    for (const request of waiting) {
      const canHave = (isForAll || request.quota === under) && hasRoom(pool, request);
      if (!canHave) left.push(request);
      else {
        take(pool, request);
        if (pool !== all) take(all, request);
        sold.push({ ...request, under });
      }
    }
    waiting = left;
  }
  return { sold: numberBerths(sold, plan), waiting: waiting.map(({ id }) => id) };
}

export function byBooking(left: SeatRequest, right: SeatRequest): number {
  return left.bookedMs - right.bookedMs || left.id - right.id;
}

export function emptyPool(berths: number, { stretches }: DeparturePlan): Pool {
  return { berths, sold: new Array<number>(stretches).fill(0) };
}

export function hasRoom({ berths, sold }: Pool, { from, to, passengers }: SeatRequest): boolean {
  for (let stretch = from; stretch < to; stretch++) {
    if ((sold[stretch] as number) + passengers > berths) return false;
  }
  return true;
}

export function take({ sold }: Pool, { from, to, passengers }: SeatRequest): void {
  for (let stretch = from; stretch < to; stretch++) (sold[stretch] as number) += passengers;
}

/** From the first stop to the last: who boards gets the lowest numbers that are free. */
export function numberBerths(sold: readonly Unnumbered[], plan: DeparturePlan): Sale[] {
  const freeFrom = new Array<number>(plan.berths).fill(0);
  const boarding = [...sold].sort((left, right) => left.from - right.from || left.id - right.id);
  return boarding.map(({ id, from, to, under, passengers }) => {
    const berths: number[] = [];
    for (let berth = 0; berths.length < passengers; berth++) {
      if ((freeFrom[berth] as number) > from) continue;
      freeFrom[berth] = to;
      berths.push(berth + 1);
    }
    return { id, from, to, under, berths };
  });
}

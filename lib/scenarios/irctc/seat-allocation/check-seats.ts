/**
 * Holds a chart against the requests and the rules, without the code that made it: counts berths
 * and people anew, stretch by stretch.
 *
 * Cost: O(n log n + n stops) a departure with n requests and berths.
 */
import type { DeparturePlan, Sale, SeatChart, SeatRequest } from "./request";

export interface SeatViolation {
  readonly kind:
    | "lost"
    | "not asked for"
    | "wrong journey"
    | "berth sold twice"
    | "over capacity"
    | "over quota"
    | "without a right"
    | "passed over"
    | "waiting list";
  /** The requests that it is about. */
  readonly requests: readonly number[];
  readonly says: string;
}

/** Each round's name; the berths that it may sell are those of the plan. */
type Round = Sale["under"];
const rounds: readonly Round[] = ["ladies", "senior", "defence", "general", "released"];

export function checkSeats(
  requests: readonly SeatRequest[],
  chart: SeatChart,
  plan: DeparturePlan,
): SeatViolation[] {
  const byId = new Map(requests.map((request) => [request.id, request]));
  return [
    ...checkEverybody(byId, chart),
    ...chart.sold.flatMap((sale) => checkSale(byId.get(sale.id), sale, plan)),
    ...checkBerths(chart.sold, plan),
    ...checkCapacities(chart.sold, plan),
    ...checkPriority(requests, chart, plan),
  ];
}

/** Each request is sold or waits, once; the waiting list is in the order of booking. */
function checkEverybody(
  byId: ReadonlyMap<number, SeatRequest>,
  { sold, waiting }: SeatChart,
): SeatViolation[] {
  const found: SeatViolation[] = [];
  const times = new Map<number, number>();
  for (const id of [...sold.map(({ id }) => id), ...waiting]) {
    times.set(id, (times.get(id) ?? 0) + 1);
    if (!byId.has(id)) found.push(violation("not asked for", [id], `nobody made request ${id}`));
  }
  for (const id of byId.keys()) {
    const seen = times.get(id) ?? 0;
    if (seen === 1) continue;
    found.push(violation("lost", [id], `request ${id} is in the chart ${seen} times`));
  }
  for (let i = 1; i < waiting.length; i++) {
    const [first, second] = [byId.get(waiting[i - 1] as number), byId.get(waiting[i] as number)];
    if (!first || !second || isBefore(first, second)) continue;
    const says = `request ${second.id} booked before ${first.id}, but waits behind it`;
    found.push(violation("waiting list", [second.id, first.id], says));
  }
  return found;
}

function checkSale(
  request: SeatRequest | undefined,
  sale: Sale,
  plan: DeparturePlan,
): SeatViolation[] {
  if (request === undefined) return [];
  const { id, from, to, berths, under } = sale;
  const found: SeatViolation[] = [];
  if (from !== request.from || to !== request.to) {
    const says = `request ${id} wants stops ${request.from} to ${request.to}, not ${from} to ${to}`;
    found.push(violation("wrong journey", [id], says));
  }
  if (berths.length !== request.passengers) {
    const says = `request ${id} has ${berths.length} berths for ${request.passengers} passengers`;
    found.push(violation("wrong journey", [id], says));
  }
  if (berths.some((berth) => !Number.isInteger(berth) || berth < 1 || berth > plan.berths)) {
    found.push(violation("over capacity", [id], `request ${id} has a berth that does not exist`));
  }
  if (under !== "general" && under !== "released" && under !== request.quota) {
    const says = `request ${id} of the ${request.quota} quota has a berth of ${under}`;
    found.push(violation("without a right", [id], says));
  }
  return found;
}

function checkBerths(sold: readonly Sale[], { stretches }: DeparturePlan): SeatViolation[] {
  const owners: (number | undefined)[] = [];
  const found: SeatViolation[] = [];
  for (const { id, from, to, berths } of sold) {
    for (const berth of berths) {
      for (let stretch = from; stretch < to; stretch++) {
        const owner = owners[berth * stretches + stretch];
        owners[berth * stretches + stretch] = id;
        if (owner === undefined) continue;
        const says = `berth ${berth} is sold to ${owner} and to ${id} on stretch ${stretch}`;
        found.push(violation("berth sold twice", [owner, id], says));
      }
    }
  }
  return found;
}

function checkCapacities(sold: readonly Sale[], plan: DeparturePlan): SeatViolation[] {
  return rounds.flatMap((round) => {
    const counted = round === "released" ? sold : sold.filter(({ under }) => under === round);
    const kind = round === "released" ? "over capacity" : "over quota";
    const berths = berthsOf(round, plan);
    return soldByStretch(counted, plan).flatMap((count, stretch): SeatViolation[] => {
      if (count <= berths) return [];
      const name = round === "released" ? "the departure" : `the quota ${round}`;
      const says = `${name} has ${berths} berths, but sold ${count} on stretch ${stretch}`;
      return [
        violation(
          kind,
          counted.filter(covers(stretch)).map(({ id }) => id),
          says,
        ),
      ];
    });
  });
}

/**
 * Nobody is passed over: whoever was refused in a round did not fit behind the sales of that round
 * to those who had booked earlier.
 */
function checkPriority(
  requests: readonly SeatRequest[],
  { sold }: SeatChart,
  plan: DeparturePlan,
): SeatViolation[] {
  const sales = new Map(sold.map((sale) => [sale.id, sale]));
  const queue = [...requests].sort((left, right) => (isBefore(left, right) ? -1 : 1));
  return rounds.flatMap((round) => {
    const before = round === "released" ? sold.filter(({ under }) => under !== round) : [];
    const counts = soldByStretch(before, plan);
    return queue.flatMap((request): SeatViolation[] => {
      const sale = sales.get(request.id);
      if (sale?.under === round) count(counts, sale);
      if (!wasRefused(request, sale, round)) return [];
      if (fullStretch(request, counts, berthsOf(round, plan)) >= 0) return [];
      const says = `request ${request.id} was refused ${nameOf(round)}, but fits behind those ahead`;
      return [violation("passed over", [request.id], says)];
    });
  });
}

function wasRefused(request: SeatRequest, sale: Sale | undefined, round: Round): boolean {
  const own = roundsOf(request);
  const served = sale === undefined ? own.length : own.indexOf(sale.under);
  return own.includes(round) && own.indexOf(round) < served;
}

function roundsOf({ quota }: SeatRequest): Round[] {
  return quota === "general" ? ["general", "released"] : [quota, "general", "released"];
}

/** The first stretch of the journey on which so many sold leave too few berths, or -1. */
function fullStretch(
  { from, to, passengers }: SeatRequest,
  counts: readonly number[],
  berths: number,
): number {
  for (let stretch = from; stretch < to; stretch++) {
    if ((counts[stretch] as number) + passengers > berths) return stretch;
  }
  return -1;
}

/** Why a request of the waiting list has no berth: the stretch that is full, and who is there. */
export function whyWaiting(
  id: number,
  requests: readonly SeatRequest[],
  { chart, plan }: { readonly chart: SeatChart; readonly plan: DeparturePlan },
): string {
  const byId = new Map(requests.map((other) => [other.id, other]));
  const request = byId.get(id);
  const position = chart.waiting.indexOf(id) + 1;
  if (request === undefined || position === 0) return `request ${id} does not wait`;
  const isEarlier = (sale: Sale): boolean => isBefore(byId.get(sale.id) as SeatRequest, request);
  const ahead = chart.sold.filter((sale) => sale.under !== "released" || isEarlier(sale));
  const stretch = fullStretch(request, soldByStretch(ahead, plan), plan.berths);
  const holders = ahead.filter(covers(stretch));
  const earlier = holders.filter(isEarlier).length;
  const later = holders.length - earlier;
  return (
    `request ${id}, number ${position} of the waiting list, wants ${request.passengers} of the ` +
    `${plan.berths} berths on stretch ${stretch}, where ${holders.length} requests were ahead: ` +
    `${earlier} booked earlier, ${later} later, under a quota`
  );
}

function nameOf(round: Round): string {
  return round === "released" ? "a released berth" : `a ${round} berth`;
}

function berthsOf(round: Round, { berths, quotas }: DeparturePlan): number {
  return round === "released" ? berths : quotas[round];
}

function covers(stretch: number): (sale: Sale) => boolean {
  return ({ from, to }) => from <= stretch && stretch < to;
}

function soldByStretch(sales: readonly Sale[], { stretches }: DeparturePlan): number[] {
  const counts = new Array<number>(stretches).fill(0);
  for (const sale of sales) count(counts, sale);
  return counts;
}

function count(counts: number[], { from, to, berths }: Sale): void {
  for (let stretch = from; stretch < to; stretch++) counts[stretch] += berths.length;
}

function isBefore(left: SeatRequest, right: SeatRequest): boolean {
  return left.bookedMs !== right.bookedMs ? left.bookedMs < right.bookedMs : left.id < right.id;
}

function violation(
  kind: SeatViolation["kind"],
  requests: readonly number[],
  says: string,
): SeatViolation {
  return { kind, requests, says };
}

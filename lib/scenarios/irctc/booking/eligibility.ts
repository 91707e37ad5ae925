/** Who may book what: the flaws of a request, each one sentence. */
import { rightfulQuota } from "../seat-allocation";
import type { BookingRequestFor, Passenger } from "./commands";
import type { Departure } from "./state";
import { bookingQuotas } from "./train-plan";
import type { BookingQuota } from "./train-plan";

/** Passengers on one ticket at most; the railway's rule. */
const maxPassengers: Readonly<Partial<Record<BookingQuota, number>>> = { tatkal: 4 };
const usualPassengers = 6;

/** Why a request is refused whatever is free; undefined when it is in order. */
export function flawOf(
  request: BookingRequestFor,
  departure: Departure,
  nowMs: number,
): string | undefined {
  const { from, to, quota, passengers } = request;
  const { plan, isCharted, name } = departure;
  const last = plan.stations.length - 1;
  const isJourney = Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to;
  if (!isJourney || to > last) return `a journey goes from a stop to a later one, 0 to ${last}`;
  if (!bookingQuotas.includes(quota)) return `there is no quota "${quota}"`;
  const most = maxPassengers[quota] ?? usualPassengers;
  const count = Array.isArray(passengers) ? passengers.length : 0;
  if (count < 1 || count > most) return `a ${quota} ticket is for 1 to ${most} passengers`;
  if (isCharted) return `the chart of ${name} is prepared`;
  if (quota === "tatkal" && nowMs < plan.tatkalOpensMs) return "tatkal is not open yet";
  const stranger = passengers.findIndex((passenger) => !hasRight(passenger, quota));
  return stranger < 0 ? undefined : `passenger ${stranger + 1} has no right to the ${quota} quota`;
}

/** Whether all of them have the right to a quota: women who travel together, for ladies'. */
export function isPartyOf(passengers: readonly Passenger[], quota: BookingQuota): boolean {
  return passengers.every((passenger) => hasRight(passenger, quota));
}

function hasRight(passenger: Passenger, quota: BookingQuota): boolean {
  if (quota === "general" || quota === "tatkal") return true;
  if (quota === "defence") return passenger.isDefence === true;
  return rightfulQuota(quota, passenger) === quota;
}

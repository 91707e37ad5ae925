/** Who may book what: the flaws of a request, each one sentence. */
import { rightfulQuota } from "../seat-allocation";
import type { BookingRequestFor, Passenger } from "./commands";
import type { Departure } from "./state";
import { berthTypes, bookingQuotas } from "./train-plan";
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
  const { quota, passengers } = request;
  const { plan, isCharted, name } = departure;
  const wrong = flawOfJourney(request, departure);
  if (wrong !== undefined) return wrong;
  const most = maxPassengers[quota] ?? usualPassengers;
  const count = Array.isArray(passengers) ? passengers.length : 0;
  if (count < 1 || count > most) return `a ${quota} ticket is for 1 to ${most} passengers`;
  if (nowMs >= plan.departsMs) return `${name} has departed`;
  if (isCharted) return `the chart of ${name} is prepared`;
  if (quota === "tatkal" && nowMs < plan.tatkalOpensMs) return "tatkal is not open yet";
  for (const [i, passenger] of passengers.entries()) {
    const flaw = flawOfPassenger(passenger, quota);
    if (flaw !== undefined) return `passenger ${i + 1} ${flaw}`;
  }
  return undefined;
}

/** Of what is asked, whoever travels: for a booking and for a search. */
export function flawOfJourney(
  { from, to, quota }: Pick<BookingRequestFor, "from" | "to" | "quota">,
  { plan }: Departure,
): string | undefined {
  const last = plan.stations.length - 1;
  const isJourney = Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from < to;
  if (!isJourney || to > last) return `a journey goes from a stop to a later one, 0 to ${last}`;
  return bookingQuotas.includes(quota) ? undefined : `there is no quota "${quota}"`;
}

/** What is agreed on comes from devices: anything may be in it, and no server may fall over it. */
function flawOfPassenger(passenger: Passenger | null, quota: BookingQuota): string | undefined {
  const { age = -1, gender, wish = "lower" } = passenger ?? {};
  if (!(age >= 0 && age <= 125)) return "needs an age from 0 to 125";
  if (gender !== "F" && gender !== "M" && gender !== "T") return "needs a gender: F, M or T";
  if (!berthTypes.includes(wish)) return `wishes for a "${wish}", which no train has`;
  return hasRight({ ...passenger, age, gender }, quota)
    ? undefined
    : `has no right to the ${quota} quota`;
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

/**
 * Fares and refunds in whole paise.
 *
 * Source: Railway Passengers (Cancellation of Tickets and Refund of Fare) Rules, 2015, as told by
 * itaxsoftware.blogspot.com, 6 October 2017, and IRCTC by ndtv.com, 11 January 2019: a flat charge
 * a passenger until 48 hours before departure, a quarter of the fare until 12, half until 4, each
 * at least the flat charge, nothing later or for confirmed tatkal; RAC and waiting tickets, until
 * half an hour before, the fare less Rs 60. Who is dropped at the chart loses that too (IRCTC by
 * theworldopinion.com, 30 October 2024). Tatkal: 30 % of the fare between bounds, for 500 km at
 * least (indianrail.gov.in by ndtv.com, 6 May 2019). Fares by the kilometre and the charge for
 * reservation are a simplified tariff of our own; taxes and concessions are left out.
 */
import type { Departure, Ticket } from "./state";
import type { TrainPlan, TravelClass } from "./train-plan";

/** Paise: a kilometre, a seat's reservation, the charge for cancelling, tatkal's bounds. */
interface Tariff {
  readonly perKm: number;
  readonly reserve: number;
  readonly cancel: number;
  readonly tatkal: readonly [number, number];
}

/** The railway sells no tatkal in 1A; a plan that does pays as in 2A. */
const tariff: Readonly<Record<TravelClass, Tariff>> = {
  SL: { perKm: 45, reserve: 2_000, cancel: 12_000, tatkal: [10_000, 20_000] },
  "3A": { perKm: 120, reserve: 4_000, cancel: 18_000, tatkal: [30_000, 40_000] },
  "2A": { perKm: 170, reserve: 5_000, cancel: 20_000, tatkal: [40_000, 50_000] },
  "1A": { perKm: 290, reserve: 6_000, cancel: 24_000, tatkal: [40_000, 50_000] },
};

/** Of the fare, for tatkal, which is for so many kilometres at least. */
const tatkalShare = 0.3;
const tatkalKm = 500;
/** Paise for each passenger on an ended RAC or waiting ticket. */
const clerkagePaise = 6_000;
const hourMs = 3_600_000;

/** What all passengers of a ticket pay. */
export function fareOf(
  plan: TrainPlan,
  { from, to, quota, passengers }: Pick<Ticket, "from" | "to" | "quota" | "passengers">,
): number {
  const { perKm, reserve, tatkal } = tariff[plan.travelClass];
  const km = (plan.kmTo[to] as number) - (plan.kmTo[from] as number);
  if (quota !== "tatkal") return (km * perKm + reserve) * passengers.length;
  const fare = Math.max(km, tatkalKm) * perKm;
  const charge = Math.min(Math.max(Math.round(fare * tatkalShare), tatkal[0]), tatkal[1]);
  return (fare + charge + reserve) * passengers.length;
}

/** What a paid ticket gets back when it is cancelled at `atMs`. */
export function refundOf({ plan, isCharted }: Departure, ticket: Ticket, atMs: number): number {
  const { place, passengers, farePaise, quota } = ticket;
  const hours = (plan.departsMs - atMs) / hourMs;
  if (place.kind !== "berths") return hours < 0.5 ? 0 : clerkageOff(ticket);
  if (isCharted || hours < 4 || quota === "tatkal") return 0;
  const flat = tariff[plan.travelClass].cancel * passengers.length;
  const share = shareLost(hours);
  return Math.max(0, farePaise - Math.max(flat, Math.ceil(farePaise * share)));
}

/** What is left of the fare of a ticket that had no berth. */
export function clerkageOff({ farePaise, passengers }: Ticket): number {
  return Math.max(0, farePaise - clerkagePaise * passengers.length);
}

function shareLost(hoursBefore: number): number {
  if (hoursBefore > 48) return 0;
  return hoursBefore > 12 ? 0.25 : 0.5;
}

/**
 * Fares and refunds in whole paise.
 *
 * Source: the shape of the refunds is that of the Railway Passengers (Cancellation of Tickets and
 * Refund of Fare) Rules, 2015, from memory: a flat charge until 48 hours before departure, a
 * quarter until 12, half until 4, nothing later; a clerkage charge for RAC and waiting tickets;
 * nothing for confirmed tatkal. The amounts, and fares by the kilometre, are assumptions. Taxes and
 * concessions are left out.
 */
import type { Departure, Ticket } from "./state";
import type { TrainPlan, TravelClass } from "./train-plan";

/** Paise: a kilometre, a seat's reservation, and the charge for cancelling. */
const tariff: Readonly<Record<TravelClass, { perKm: number; reserve: number; cancel: number }>> = {
  SL: { perKm: 45, reserve: 2_000, cancel: 12_000 },
  "3A": { perKm: 120, reserve: 4_000, cancel: 18_000 },
  "2A": { perKm: 170, reserve: 5_000, cancel: 20_000 },
  "1A": { perKm: 290, reserve: 6_000, cancel: 24_000 },
};

/** Of the fare, for tatkal. */
const tatkalPremium = 0.3;
/** Paise for each passenger on a cancelled RAC or waiting ticket. */
const clerkagePaise = 6_000;
const hourMs = 3_600_000;

/** What all passengers of a ticket pay. */
export function fareOf(
  plan: TrainPlan,
  { from, to, quota, passengers }: Pick<Ticket, "from" | "to" | "quota" | "passengers">,
): number {
  const { perKm, reserve } = tariff[plan.travelClass];
  const km = (plan.kmTo[to] as number) - (plan.kmTo[from] as number);
  const fare = km * perKm;
  const premium = quota === "tatkal" ? Math.round(fare * tatkalPremium) : 0;
  return (fare + premium + reserve) * passengers.length;
}

/** What a paid ticket gets back when it is cancelled at `atMs`. */
export function refundOf({ plan, isCharted }: Departure, ticket: Ticket, atMs: number): number {
  const { place, passengers, farePaise, quota } = ticket;
  if (isCharted || atMs > plan.departsMs - 4 * hourMs) return 0;
  if (place.kind !== "berths") return Math.max(0, farePaise - clerkagePaise * passengers.length);
  if (quota === "tatkal") return 0;
  const flat = tariff[plan.travelClass].cancel * passengers.length;
  const share = shareLost((plan.departsMs - atMs) / hourMs);
  return Math.max(0, farePaise - Math.max(flat, Math.ceil(farePaise * share)));
}

function shareLost(hoursBefore: number): number {
  if (hoursBefore > 48) return 0;
  return hoursBefore > 12 ? 0.25 : 0.5;
}

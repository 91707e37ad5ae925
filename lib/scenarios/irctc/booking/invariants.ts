/**
 * What must hold of the machine after every command, found by counting anew from the tickets,
 * stretch by stretch, without the code that gave out the berths.
 *
 * Cost: O(tickets x journey + berths x stretches) a look.
 */
import { isTaken } from "./berth-map";
import type { BerthMap } from "./berth-map";
import type { BookingState, Departure, Ticket } from "./state";
import { bookingQuotas } from "./train-plan";

export interface BookingViolation {
  readonly property:
    | "soldTwice"
    | "conservation"
    | "quota"
    | "passedOver"
    | "waitingList"
    | "twoTickets"
    | "payment"
    | "hold";
  readonly detail: string;
}

type Found = BookingViolation | undefined;

/** The first property that does not hold; undefined when all do. */
export function bookingViolation(state: BookingState): Found {
  const byDeparture = new Map<string, Ticket[]>();
  for (const ticket of state.tickets.values()) {
    const list = byDeparture.get(ticket.departure);
    if (list === undefined) byDeparture.set(ticket.departure, [ticket]);
    else list.push(ticket);
  }
  for (const departure of state.departures.values()) {
    const tickets = byDeparture.get(departure.name) ?? [];
    const found =
      occupied(departure, tickets, "berths") ??
      occupied(departure, tickets, "rac") ??
      quotas(departure, tickets) ??
      lists(departure, tickets);
    if (found !== undefined) return found;
  }
  return keys(state) ?? payments(state) ?? holds(state);
}

/** Free, held and sold add up to what there is: the bits say just what the tickets say. */
function occupied(departure: Departure, tickets: readonly Ticket[], kind: "berths" | "rac"): Found {
  const map: BerthMap = kind === "berths" ? departure.berths : departure.seats;
  const labels = kind === "berths" ? departure.layout.labels : departure.layout.seatLabels;
  const owners = new Map<number, string>();
  for (const { place, from, to, pnr } of tickets) {
    if (place.kind !== kind) continue;
    for (const at of place.places) {
      for (let stretch = from; stretch < to; stretch++) {
        const owner = owners.get(at * map.stretches + stretch);
        owners.set(at * map.stretches + stretch, pnr);
        if (owner === undefined) continue;
        const detail = `${labels[at]} is sold to ${owner} and ${pnr} on stretch ${stretch}`;
        return { property: "soldTwice", detail };
      }
    }
  }
  for (let at = 0; at < labels.length; at++) {
    for (let stretch = 0; stretch < map.stretches; stretch++) {
      const owner = owners.get(at * map.stretches + stretch);
      if (isTaken(map, at, stretch) === (owner !== undefined)) continue;
      const whose = owner === undefined ? "nobody's" : `${owner}'s`;
      const detail = `${labels[at]} is ${whose}, not what the bits say, on stretch ${stretch}`;
      return { property: "conservation", detail };
    }
  }
  return undefined;
}

/** Until the chart, on no stretch has a quota sold more berths or seats of RAC than it has. */
function quotas({ plan, layout, isCharted }: Departure, tickets: readonly Ticket[]): Found {
  const berths = layout.labels.filter((label) => label !== "").length;
  const reserved = Object.values(plan.quotas).reduce((sum, count) => sum + count, 0);
  for (const quota of isCharted ? [] : bookingQuotas) {
    const own = tickets.filter((ticket) => ticket.quota === quota);
    const most = {
      berths: quota === "general" ? berths - reserved : plan.quotas[quota],
      rac: 2 * plan.racBerths[quota],
    };
    for (const kind of ["berths", "rac"] as const) {
      const sold = soldOf(own, kind, plan.stations.length - 1);
      const stretch = sold.findIndex((count) => count > most[kind]);
      if (stretch < 0) continue;
      const has = `${most[kind]} ${kind === "rac" ? "seats of RAC" : "berths"}`;
      const detail = `${quota} has ${has}, but sold ${sold[stretch]} on stretch ${stretch}`;
      return { property: "quota", detail };
    }
  }
  return undefined;
}

/** On each stretch. */
function soldOf(tickets: readonly Ticket[], kind: "berths" | "rac", stretches: number): number[] {
  const sold = new Array<number>(stretches).fill(0);
  for (const { place, from, to } of tickets) {
    if (place.kind !== kind) continue;
    for (let at = from; at < to; at++) (sold[at] as number) += place.places.length;
  }
  return sold;
}

/** Everybody who waits is in the list of the quota, once, in the order of booking. */
function lists({ rac, waiting }: Departure, tickets: readonly Ticket[]): Found {
  const kinds: readonly [readonly string[], (ticket: Ticket) => boolean][] = [
    ...[rac, waiting].flatMap((list, i) =>
      bookingQuotas.map((quota): [readonly string[], (ticket: Ticket) => boolean] => [
        list[quota],
        ({ place, quota: own }) => own === quota && place.kind === (i ? "waiting" : "rac"),
      ]),
    ),
  ];
  for (const [list, belongs] of kinds) {
    const expected = tickets.filter(belongs).sort((left, right) => left.sequence - right.sequence);
    if (expected.map(({ pnr }) => pnr).join() === list.join()) continue;
    return { property: "waitingList", detail: `a list has ${list.join(" ") || "nobody"}` };
  }
  return undefined;
}

function keys({ tickets }: BookingState): Found {
  const seen = new Map<string, string>();
  for (const { key, pnr } of tickets.values()) {
    const other = seen.get(key);
    seen.set(key, pnr);
    if (other === undefined) continue;
    return { property: "twoTickets", detail: `key ${key} has the tickets ${other} and ${pnr}` };
  }
  return undefined;
}

/** An unpaid ticket has an end, a charge under way and nothing else; a refund is of an end. */
function payments({ tickets, holds, orders, orderOf }: BookingState): Found {
  for (const { pnr, isPaid, place } of tickets.values()) {
    const isHeld = !isPaid && place.kind !== "none";
    const order = orders.get(orderOf.get(pnr) ?? 0);
    const isRight =
      order?.kind === "refund" ? place.kind === "none" : isHeld === (order !== undefined);
    if (holds.has(pnr) === isHeld && isRight) continue;
    return {
      property: "payment",
      detail: `${pnr} is ${isHeld ? "" : "not "}held, ordered: ${order?.kind}`,
    };
  }
  return undefined;
}

/** No hold is over, and none lasts longer than its train allows. */
function holds({ holds: ends, tickets, departures, clockMs }: BookingState): Found {
  for (const [pnr, endMs] of ends) {
    const { departure } = tickets.get(pnr) as Ticket;
    const { holdMs } = (departures.get(departure) as Departure).plan;
    if (endMs > clockMs && endMs <= clockMs + holdMs) continue;
    return { property: "hold", detail: `${pnr} is held until ${endMs}, and it is ${clockMs}` };
  }
  return undefined;
}

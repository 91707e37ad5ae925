/**
 * Who is passed over, found from where everybody stood before a command and stands after it,
 * without the code that promotes.
 *
 * Cost: O(tickets x promoted x berths x journey) a look at which anybody was promoted.
 */
import { isTaken } from "./berth-map";
import type { BerthSet } from "./berth-map";
import { isPartyOf } from "./eligibility";
import type { BookingViolation } from "./invariants";
import { chartOrder } from "./rules";
import type { BookingState, Departure, Place, Ticket } from "./state";

/** Where everybody stands, to see who is promoted by the next command. */
export function standings({ tickets }: BookingState): ReadonlyMap<string, Place> {
  return new Map([...tickets.values()].map(({ pnr, place }) => [pnr, place]));
}

/**
 * Turns in which berths are given out: those of ladies that are left at the chart go to women,
 * then to senior citizens; all others, in one turn.
 */
type Round = 0 | 1 | 2;

interface Look {
  readonly departure: Departure;
  readonly before: ReadonlyMap<string, Place>;
}

/**
 * Nobody is passed over: whoever still waits, or is dropped at the chart, would not fit even if
 * those who come later and were promoted to berths by the last command had stayed where they were.
 */
export function passedOver(
  state: BookingState,
  before: ReadonlyMap<string, Place>,
): BookingViolation | undefined {
  const moved = [...state.tickets.values()].filter(({ pnr, place }) => {
    const was = before.get(pnr);
    return was !== undefined && was.kind !== place.kind && place.kind === "berths";
  });
  for (const waiting of moved.length > 0 ? state.tickets.values() : []) {
    if (!isLeftWaiting(waiting, before.get(waiting.pnr))) continue;
    const departure = state.departures.get(waiting.departure) as Departure;
    const look = { departure, before };
    for (const round of roundsOf(waiting, departure)) {
      const rivals = moved.filter((other) => isBehind(waiting, other, { round, look }));
      const within = berthsOf(round, waiting, departure);
      const free = rivals.length > 0 ? freeWithout(departure, waiting, { within, rivals }) : 0;
      if (free < waiting.passengers.length) continue;
      const names = rivals.map(({ pnr }) => pnr).join(" ");
      return { property: "passedOver", detail: `${waiting.pnr} waits behind ${names}` };
    }
  }
  return undefined;
}

/** On RAC or in a list as before, or dropped at the chart. */
function isLeftWaiting({ place }: Ticket, was: Place | undefined): boolean {
  if (was?.kind !== "waiting" && was?.kind !== "rac") return false;
  return place.kind === was.kind || (place.kind === "none" && place.because === "dropped");
}

function roundsOf({ passengers }: Ticket, { isCharted }: Departure): readonly Round[] {
  if (!isCharted) return [2];
  const isWomen = isPartyOf(passengers, "ladies");
  const isOld = isPartyOf(passengers, "senior");
  return [...(isWomen ? [0 as const] : []), ...(isOld ? [1 as const] : []), 2];
}

function berthsOf(round: Round, { quota }: Ticket, { layout, isCharted }: Departure): BerthSet {
  if (!isCharted) return layout.ofQuota[quota];
  return round < 2 ? layout.ofQuota.ladies : layout.all;
}

/** Whether another was promoted in a later round than this, or in this one with a later turn. */
function isBehind(
  waiting: Ticket,
  other: Ticket,
  { round, look }: { readonly round: Round; readonly look: Look },
): boolean {
  if (other.departure !== waiting.departure) return false;
  if (!look.departure.isCharted && other.quota !== waiting.quota) return false;
  const theirs = roundOf(other, look.departure);
  return theirs > round || (theirs === round && turnOf(other, look) > turnOf(waiting, look));
}

/** Who has only ladies' berths and could have had them earlier has had them earlier. */
function roundOf(ticket: Ticket, departure: Departure): Round {
  const { ladies } = departure.layout.ofQuota;
  const places = ticket.place.kind === "berths" ? ticket.place.places : [];
  const [first = 2] = roundsOf(ticket, departure);
  return places.every((place) => has(ladies, place)) ? first : 2;
}

/** RAC before those who wait, list by list, each in the order of booking. */
function turnOf({ pnr, quota, sequence }: Ticket, { before, departure }: Look): number {
  const lists = chartOrder.length;
  const list = departure.isCharted ? chartOrder.indexOf(quota) : 0;
  const isRac = before.get(pnr)?.kind === "rac";
  return ((isRac ? 0 : lists) + list) * 2 ** 32 + sequence;
}

/** Berths that are free for a ticket when these others have none. */
function freeWithout(
  { berths, layout }: Departure,
  asker: Ticket,
  { within, rivals }: { readonly within: BerthSet; readonly rivals: readonly Ticket[] },
): number {
  const given = new Set<number>();
  for (const { place, from, to } of rivals) {
    if (place.kind !== "berths") continue;
    for (const at of place.places) {
      for (let stretch = from; stretch < to; stretch++) given.add(at * berths.stretches + stretch);
    }
  }
  let free = 0;
  for (let at = 0; at < layout.places; at++) {
    if (!has(within, at)) continue;
    let isFree = true;
    for (let stretch = asker.from; stretch < asker.to && isFree; stretch++) {
      isFree = !isTaken(berths, at, stretch) || given.has(at * berths.stretches + stretch);
    }
    if (isFree) free++;
  }
  return free;
}

function has(berths: BerthSet, place: number): boolean {
  return ((berths[place >> 5] as number) & (1 << (place & 31))) !== 0;
}

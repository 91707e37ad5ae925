/** What must hold when a storm is over: of tickets, money, and what clients were told. */
import type { SimulatedNote } from "../../../../hosts";
import type { BookingAnswer } from "../commands";
import type { Account } from "../gateway";
import type { BookingState, Ticket } from "../state";

export interface BookingStormFailure {
  readonly property: string;
  readonly detail: string;
}

/** Every accepted payment has a seat, a place in the list, or its money back, once. */
export function moneyLost(
  states: readonly BookingState[],
  accounts: ReadonlyMap<string, Account>,
): BookingStormFailure | undefined {
  const tickets = new Map(states.flatMap((state) => [...state.tickets]));
  for (const [pnr, { chargedPaise, refundedPaise }] of accounts) {
    const ticket = tickets.get(pnr);
    const kept = chargedPaise - refundedPaise;
    const right = ticket === undefined ? 0 : keptOf(ticket, chargedPaise);
    if (kept === right) continue;
    const has = ticket?.place.kind ?? "no ticket";
    const detail = `${pnr} (${has}) was charged ${chargedPaise}, paid back ${refundedPaise} paise`;
    return { property: kept > right ? "chargedWithoutSeat" : "refundedTwice", detail };
  }
  for (const { pnr, isPaid, farePaise } of tickets.values()) {
    if (!isPaid || accounts.get(pnr)?.chargedPaise === farePaise) continue;
    return { property: "seatWithoutCharge", detail: `${pnr} counts as paid, but was not charged` };
  }
  return undefined;
}

/** What the railway keeps of a ticket's charge. */
function keptOf({ isPaid, place, refundPaise }: Ticket, chargedPaise: number): number {
  if (isPaid) return chargedPaise - refundPaise;
  return place.kind === "none" ? 0 : chargedPaise;
}

/** What a client was told once must be there at the end, and once. */
export function wordBroken(
  states: readonly BookingState[],
  notes: readonly SimulatedNote[],
): BookingStormFailure | undefined {
  const tickets = new Map(states.flatMap((state) => [...state.tickets]));
  for (const { node, label, detail } of notes) {
    if (label !== "ok") continue;
    const { value } = detail as { readonly value: BookingAnswer };
    if (value.kind !== "ticket" || tickets.has(value.pnr)) continue;
    return {
      property: "ticketLost",
      detail: `${node} was told of ${value.pnr}, which is not there`,
    };
  }
  return undefined;
}

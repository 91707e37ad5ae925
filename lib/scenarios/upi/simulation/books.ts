/** The books as each bank holds them, in rows for tables. */
import type { NodeId } from "../../../protocol";
import { booksFlaw } from "../invariants";
import { upiMachine } from "../machine";

/** Rupees by address, beside whose book it is, and what is wrong with it ("none": nothing). */
export type BooksRow = Readonly<Record<string, string | number>>;

/** `states`: of the machine "upi" as JSON, by replica. */
export function booksOf(states: ReadonlyMap<NodeId, unknown>): BooksRow[] {
  return [...states].map(([bank, json]) => {
    const state = upiMachine.fromJson(json);
    const rupees = [...state.accounts].map(([address, { balancePaise }]) => {
      return [address, balancePaise / 100] as const;
    });
    return { bank, ...Object.fromEntries(rupees), flaw: booksFlaw(state) ?? "none" };
  });
}

/** How many different books there are: with honest banks that agree, one. */
export function differentBooks(states: ReadonlyMap<NodeId, unknown>): number {
  return new Set(booksOf(states).map((row) => JSON.stringify({ ...row, bank: "" }))).size;
}

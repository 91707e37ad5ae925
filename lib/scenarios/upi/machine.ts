/**
 * UPI's books as a deterministic state machine, which Raft or PBFT replicate by the name "upi":
 * banks, accounts by payment address, transfers, reversals, statements, net settlement.
 *
 * Source: NPCI, "UPI Product Overview" and "UPI Procedural Guidelines": the address names the bank,
 * the transaction id is the payer's, banks settle net. Ours has no PIN, mandate or time limit.
 * Guarantees: no money is made or lost; nobody owes; an id moves money once, and a reversal once.
 * Cost: O(1) a payment (a deposit: O(banks)); every id is kept.
 */
import { registerMachine } from "../../consensus/raft";
import type { Machine } from "../../consensus/raft";
import { applyUpi, positionsOf } from "./apply";
import { invalid } from "./commands";
import type { UpiCommand, UpiLook, UpiQuery } from "./commands";
import { totalPaise } from "./invariants";
import { booksFromJson, booksToJson, emptyBooks } from "./state";
import type { UpiState, UpiStateJson } from "./state";

export const upiMachine: Machine<UpiState> = {
  name: "upi",
  initial: emptyBooks,
  apply: (state, command) => applyUpi(state, command as UpiCommand),
  query: (state, query) => look(state, query as UpiQuery),
  toJson: booksToJson,
  fromJson: (json) => booksFromJson(json as UpiStateJson),
};

registerMachine(upiMachine);

function look(state: UpiState, query: UpiQuery | null | undefined): UpiLook {
  switch (query?.op) {
    case "total":
      return { kind: "ok", paise: totalPaise(state) };
    case "positions":
      return { kind: "ok", positions: positionsOf(state) };
    case "balance":
    case "statement": {
      const account = state.accounts.get(query.address);
      if (account === undefined) return { kind: "noAccount", address: query.address };
      if (query.op === "balance") return { kind: "ok", paise: account.balancePaise };
      return { kind: "ok", lines: [...account.lines] };
    }
    default:
      return invalid("UPI answers balance, statement, positions and total");
  }
}

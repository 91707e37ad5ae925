/**
 * A wallet as operations: each branch keeps the list of the transfers that it has made, and writes
 * no other. A balance is the opening one and all transfers, of all lists. So that no wallet is
 * overdrawn, each branch may spend its own share of it, and nobody has to be asked.
 *
 * Source: P. O'Neil, "The escrow transactional method", ACM TODS 11(4), 1986; as a replicated type,
 * V. Balegas et al., "Extending eventually consistent cloud databases for enforcing numeric
 * invariants" (bounded counter), SRDS 2015. Ours never moves shares between branches.
 * Assumes: a branch remembers its own list; the store keeps acknowledged writes.
 * Guarantees: the total is that of the beginning in every copy at any time; no wallet below zero.
 * Cost: one write a transfer; a transfer is refused when the branch's share is too small for it.
 */
import { contextOf } from "../../clocks";
import type { VersionVector } from "../../clocks";
import type { Host } from "../../protocol";
import type { DynamoMessage } from "../../replication";
import { WalletClient } from "./wallet-client";
import type { Transfer } from "./wallet-client";

/** Lists of one branch that were not merged yet: what is in any of them was made. */
export function mergeLedgers(ledgers: readonly unknown[]): Transfer[] {
  const all = ledgers.flatMap((ledger) => ledger as Transfer[]);
  return [...new Map(all.map((transfer) => [transfer.id, transfer])).values()];
}

/** Rupees of each wallet: what it began with and what came and went. */
export function balancesOf(
  opening: Readonly<Record<string, number>>,
  transfers: readonly Transfer[],
): Record<string, number> {
  const balances = { ...opening };
  for (const { from, to, rupees } of transfers) {
    balances[from] -= rupees;
    balances[to] += rupees;
  }
  return balances;
}

export class EscrowClient extends WalletClient<DynamoMessage> {
  /** Branches do not crash here; one that may has to save its list before it writes it. */
  private ledger: Transfer[] = [];
  private context: VersionVector = contextOf([]);

  /** What this branch may still spend of a wallet. */
  private share(wallet: string): number {
    const { opening, branches } = this.options;
    const at = branches.indexOf(this.id);
    const first = Math.floor(opening[wallet] / branches.length);
    const rest = opening[wallet] - first * branches.length;
    const own = { [wallet]: first + (at < rest ? 1 : 0) };
    const moved = this.ledger.filter(({ from, to }) => from === wallet || to === wallet);
    return moved.reduce(
      (sum, { from, rupees }) => sum + (from === wallet ? -rupees : rupees),
      own[wallet],
    );
  }

  protected begin(transfer: Transfer, host: Host<DynamoMessage>): void {
    if (this.share(transfer.from) < transfer.rupees) return this.end("refused", host);
    this.ledger = [...this.ledger, transfer];
    this.write(host);
  }

  /** The whole list: writing it again, or an older one beside it, changes nothing. */
  private write(host: Host<DynamoMessage>): void {
    const key = `ledger/${this.id}`;
    const { ledger: value, context } = this;
    this.ask({ type: "put", requestId: ++this.requestId, key, value, context }, host);
  }

  protected onAnswer(answer: DynamoMessage, host: Host<DynamoMessage>): void {
    if (answer.type !== "answer") return;
    if (answer.kind === "unavailable") return this.onSilence(host);
    this.context = answer.context;
    this.end("done", host);
  }

  /** It is in this branch's list, so it is made: the list is written until somebody has it. */
  protected onSilence(host: Host<DynamoMessage>): void {
    this.write(host);
  }
}

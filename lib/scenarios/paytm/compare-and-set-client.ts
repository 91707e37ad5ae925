/**
 * All wallets of a shard in one register: a transfer reads it, and sets it only if nobody has
 * changed it in between; else it tries again with what is there now.
 *
 * Source: optimistic concurrency control, H. Kung, J. Robinson, ACM TODS 6(2), 1981, on a register
 * that a majority agrees on (CASPaxos).
 * Assumes: a majority of servers that can talk.
 * Guarantees: transfers happen one after the other, each whole or not at all, none twice.
 * Cost: a compare-and-set of four message delays, more where clients collide; one key is the limit.
 */
import type { Host } from "../../protocol";
import type { CasMessage } from "../../replication";
import { balancesOf } from "./escrow-client";
import { WalletClient } from "./wallet-client";
import type { Transfer } from "./wallet-client";

/** What the register holds: the balances, and which transfers they have seen. */
export interface Shard {
  readonly balances: Readonly<Record<string, number>>;
  readonly transfers: readonly string[];
}

const triesAtMost = 20;

export class CompareAndSetClient extends WalletClient<CasMessage> {
  private known: { readonly version: number; readonly shard: Shard } | null = null;
  private tries = 0;

  protected begin(_transfer: Transfer, host: Host<CasMessage>): void {
    this.tries = 0;
    this.attempt(host);
  }

  private attempt(host: Host<CasMessage>): void {
    const requestId = ++this.requestId;
    if (this.known === null) {
      return this.ask({ type: "read", requestId, key: "shard" }, host);
    }
    const { version: expected, shard } = this.known;
    const { id, from, rupees } = this.transfer;
    if (shard.balances[from] < rupees) return this.end("refused", host);
    const balances = balancesOf(shard.balances, [this.transfer]);
    const value: Shard = { balances, transfers: [...shard.transfers, id] };
    this.ask({ type: "cas", requestId, key: "shard", expected, value }, host);
  }

  protected onAnswer(answer: CasMessage, host: Host<CasMessage>): void {
    if (answer.type !== "answer") return;
    if (answer.kind === "unavailable") {
      const wasRead = this.known === null;
      this.known = null;
      return this.end(answer.isDefinite || wasRead ? "failed" : "unknown", host);
    }
    const wasRead = this.known === null;
    const opening: Shard = { balances: this.options.opening, transfers: [] };
    const shard = answer.version === 0 ? opening : (answer.value as Shard);
    this.known = { version: answer.version, shard };
    if (answer.kind === "ok" && !wasRead) return this.end("done", host);
    if (++this.tries >= triesAtMost) return this.end("failed", host);
    this.attempt(host);
  }

  protected onSilence(host: Host<CasMessage>): void {
    const wasRead = this.known === null;
    this.known = null;
    this.end(wasRead ? "failed" : "unknown", host);
  }
}

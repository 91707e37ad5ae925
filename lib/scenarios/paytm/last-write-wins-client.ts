/**
 * A wallet as balances that are read, changed and written back: wrong, whenever two clients do so
 * at the same time, and whenever one is stopped between the two writes.
 *
 * Source: the example of the episode, whose balances are overwritten with newer ones.
 * Assumes: nothing that a store with last-write-wins guarantees is enough.
 * Guarantees: none; shown for what it loses.
 * Cost: two reads and two writes a transfer.
 */
import type { Host } from "../../protocol";
import type { DynamoMessage } from "../../replication";
import { WalletClient } from "./wallet-client";
import type { Transfer } from "./wallet-client";

type Step = "read from" | "read to" | "write from" | "write to";
const steps: readonly Step[] = ["read from", "read to", "write from", "write to"];

export class LastWriteWinsClient extends WalletClient<DynamoMessage> {
  private step = 0;
  private balances: number[] = [];

  protected begin(_transfer: Transfer, host: Host<DynamoMessage>): void {
    this.step = 0;
    this.balances = [];
    this.askStep(host);
  }

  private askStep(host: Host<DynamoMessage>): void {
    const { from, to, rupees } = this.transfer;
    const step = steps[this.step];
    const key = `wallet/${step.endsWith("from") ? from : to}`;
    const requestId = ++this.requestId;
    if (step.startsWith("read")) return this.ask({ type: "get", requestId, key }, host);
    const [fromHas, toHas] = this.balances;
    const value = step === "write from" ? fromHas - rupees : toHas + rupees;
    this.ask({ type: "put", requestId, key, value, context: {} }, host);
  }

  protected onAnswer(answer: DynamoMessage, host: Host<DynamoMessage>): void {
    if (answer.type !== "answer") return;
    if (answer.kind === "unavailable") return this.onSilence(host);
    if (this.step < 2) this.balances.push(this.balanceOf(answer.values));
    if (this.step === 1 && this.balances[0] < this.transfer.rupees) {
      return this.end("refused", host);
    }
    this.step++;
    if (this.step === steps.length) return this.end("done", host);
    this.askStep(host);
  }

  private balanceOf(values: readonly unknown[]): number {
    const { from, to } = this.transfer;
    return (values[0] as number | undefined) ?? this.options.opening[this.step === 0 ? from : to];
  }

  protected onSilence(host: Host<DynamoMessage>): void {
    this.end(this.step < 2 ? "failed" : "unknown", host);
  }
}

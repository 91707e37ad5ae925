/**
 * What the three kinds of wallet clients have in common: transfers one after the other, a time-out,
 * and what became of each, told as notes.
 */
import { Random } from "../../basics";
import type { Event, Host, Message, Node, NodeId } from "../../protocol";

export interface Transfer {
  /** Of no other transfer, whoever makes it. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly rupees: number;
}

/** What every kind of client is told. */
export interface WalletClientOptions {
  readonly transfers: readonly Transfer[];
  /** Every wallet's rupees at the beginning. */
  readonly opening: Readonly<Record<string, number>>;
  /** The clients that there are: the branches among which escrow shares the money out. */
  readonly branches: readonly NodeId[];
  readonly thinkMs: number;
  readonly answerMs: number;
}

export const walletDefaults: WalletClientOptions = {
  transfers: [],
  opening: {},
  branches: [],
  thinkMs: 10,
  answerMs: 400,
};

/** "unknown": no answer came, so that it may have happened, or happen yet. */
export type TransferOutcome = "done" | "refused" | "failed" | "unknown";

export type WalletTimer = "answer" | "think";

/** A request is numbered; its answer repeats the number. */
export abstract class WalletClient<M extends Message> implements Pick<Node<M>, "id"> {
  readonly options: WalletClientOptions;
  protected requestId = 0;
  private position = 0;

  constructor(
    readonly id: NodeId,
    private readonly servers: readonly NodeId[],
    options: Partial<WalletClientOptions> = {},
  ) {
    this.options = { ...walletDefaults, ...options };
  }

  handle(event: Event<M, unknown>, host: Host<M, unknown>): void {
    if (event.kind === "start") return host.setTimer("think", this.options.thinkMs);
    if (event.kind === "timer") {
      return event.timer === "answer" ? this.onSilence(host) : this.next(host);
    }
    const { message } = event;
    if (message.type !== "answer" || message.requestId !== this.requestId) return;
    host.cancelTimer("answer");
    this.onAnswer(message, host);
  }

  /** Begins the transfer that is due. */
  protected abstract begin(transfer: Transfer, host: Host<M, unknown>): void;
  protected abstract onAnswer(answer: M, host: Host<M, unknown>): void;
  protected abstract onSilence(host: Host<M, unknown>): void;

  protected get transfer(): Transfer {
    return this.options.transfers[this.position - 1];
  }

  private next(host: Host<M, unknown>): void {
    const { transfers } = this.options;
    if (this.position >= transfers.length) return host.note("ended");
    this.begin(transfers[this.position++], host);
  }

  /** Sends a request to any server. */
  protected ask(request: M, host: Host<M, unknown>): void {
    host.setTimer("answer", this.options.answerMs);
    host.send(this.servers[Math.floor(host.random() * this.servers.length)], request);
  }

  protected end(outcome: TransferOutcome, host: Host<M, unknown>): void {
    host.note(outcome, this.transfer.id);
    this.requestId++; // an answer that is late is nobody's
    host.setTimer("think", this.options.thinkMs);
  }
}

/** Random transfers between different wallets, of 1 to `most` rupees. */
export function drawTransfers(
  client: NodeId,
  { count, wallets, most }: { count: number; wallets: readonly string[]; most: number },
  random: Random,
): Transfer[] {
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = random.shuffle(wallets);
    return { id: `${client}-${i + 1}`, from, to, rupees: 1 + random.below(most) };
  });
}

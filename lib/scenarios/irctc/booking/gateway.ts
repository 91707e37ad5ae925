/**
 * A payment gateway: charges and refunds once for each key, however often it is asked; slow,
 * forgetful of answers and given to repeating them, as its options say.
 *
 * Source: the idempotency keys of payment interfaces; a refund of what was never charged closes the
 * account, as a "void" does, so that a charge that is still on its way finds it closed.
 * Assumes: what it has saved survives its crashes.
 * Guarantees: one charge at most for each PNR, none after a refund; a repeated key is answered as
 * the first time.
 * Cost: a save and an answer for each key.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { inRange } from "../../../basics";
import type { BookingMessage, PaymentAnswer, PaymentRequest } from "./messages";

export interface GatewayOptions {
  /** The mean time to an answer, exponentially drawn; default 100 ms. */
  readonly answerMs: number;
  /** The share of charges that the bank declines, of answers lost and of answers repeated: 0. */
  readonly declineRate: number;
  readonly loseRate: number;
  readonly repeatRate: number;
}

export interface Account {
  readonly chargedPaise: number;
  readonly refundedPaise: number;
  readonly isClosed: boolean;
}

interface Due {
  readonly to: NodeId;
  readonly answer: PaymentAnswer;
  readonly id: number;
}

type GatewayHost = Host<BookingMessage, Due>;
const none: Account = { chargedPaise: 0, refundedPaise: 0, isClosed: false };
const defaults: GatewayOptions = { answerMs: 100, declineRate: 0, loseRate: 0, repeatRate: 0 };

export class PaymentGateway implements Node<BookingMessage, Due> {
  /** By PNR. */
  readonly accounts = new Map<string, Account>();
  private readonly answers = new Map<string, PaymentAnswer>();
  private readonly options: GatewayOptions;
  private answered = 0;

  /** `peers` are not needed: it answers whoever asks. Throws a RangeError for a wrong option. */
  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[] = [],
    options: Partial<GatewayOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
    inRange("answerMs", this.options.answerMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
    for (const name of ["declineRate", "loseRate", "repeatRate"] as const) {
      inRange(name, this.options[name], { min: 0, max: 1 });
    }
  }

  handle(event: Event<BookingMessage, Due>, host: GatewayHost): void {
    if (event.kind === "start") this.restore(event.saved);
    else if (event.kind === "timer") host.send(event.timer.to, event.timer.answer);
    else if (event.message.type === "charge" || event.message.type === "refund") {
      this.serve(event.from, event.message, host);
    }
  }

  private restore(saved: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(saved)) {
      const [kind, key] = [name.slice(0, name.indexOf("/")), name.slice(name.indexOf("/") + 1)];
      if (kind === "account") this.accounts.set(key, value as Account);
      else this.answers.set(key, value as PaymentAnswer);
    }
  }

  private serve(from: NodeId, request: PaymentRequest, host: GatewayHost): void {
    const { key, pnr } = request;
    let answer = this.answers.get(key);
    if (answer === undefined) {
      answer = { type: this.settle(request, host), pnr };
      this.answers.set(key, answer);
      host.save(`answer/${key}`, answer);
      host.note(answer.type, pnr);
    }
    this.answerLater(from, answer, host);
  }

  private settle({ type, pnr, paise }: PaymentRequest, host: GatewayHost): PaymentAnswer["type"] {
    const account = this.accounts.get(pnr) ?? none;
    const keep = (changes: Partial<Account>): void => {
      this.accounts.set(pnr, { ...account, ...changes });
      host.save(`account/${pnr}`, this.accounts.get(pnr));
    };
    if (type === "refund") {
      const back = account.chargedPaise === 0 ? 0 : paise;
      keep({ refundedPaise: account.refundedPaise + back, isClosed: true });
      return "refunded";
    }
    if (account.isClosed || host.random() < this.options.declineRate) {
      keep({ isClosed: true });
      return "declined";
    }
    keep({ chargedPaise: account.chargedPaise + paise });
    return "charged";
  }

  private answerLater(to: NodeId, answer: PaymentAnswer, host: GatewayHost): void {
    const { answerMs, loseRate, repeatRate } = this.options;
    if (host.random() < loseRate) return host.note("answerLost");
    const times = host.random() < repeatRate ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const afterMs = -answerMs * Math.log(1 - host.random());
      host.setTimer({ to, answer, id: ++this.answered }, afterMs);
    }
  }
}

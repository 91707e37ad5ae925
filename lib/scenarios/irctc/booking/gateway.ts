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
  /** In one record with the money: a crash between two saves would charge twice. */
  readonly answers: readonly { readonly key: string; readonly type: PaymentAnswer["type"] }[];
}

interface Due {
  readonly to: NodeId;
  readonly answer: PaymentAnswer;
  readonly id: number;
}

type GatewayHost = Host<BookingMessage, Due>;
const none: Account = { chargedPaise: 0, refundedPaise: 0, isClosed: false, answers: [] };
const defaults: GatewayOptions = { answerMs: 100, declineRate: 0, loseRate: 0, repeatRate: 0 };

export class PaymentGateway implements Node<BookingMessage, Due> {
  /** By PNR. */
  readonly accounts = new Map<string, Account>();
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

  /** What it has taken less what it has given back, of all accounts. */
  get keptPaise(): number {
    let sum = 0;
    for (const { chargedPaise, refundedPaise } of this.accounts.values()) {
      sum += chargedPaise - refundedPaise;
    }
    return sum;
  }

  handle(event: Event<BookingMessage, Due>, host: GatewayHost): void {
    if (event.kind === "start") this.restore(event.saved);
    else if (event.kind === "timer") host.send(event.timer.to, event.timer.answer);
    else if (event.message.type === "charge" || event.message.type === "refund") {
      this.serve(event.from, event.message, host);
    }
  }

  private restore(saved: Readonly<Record<string, unknown>>): void {
    for (const [pnr, account] of Object.entries(saved)) this.accounts.set(pnr, account as Account);
  }

  private serve(from: NodeId, request: PaymentRequest, host: GatewayHost): void {
    const { key, pnr } = request;
    const account = this.accounts.get(pnr) ?? none;
    const known = account.answers.find((answer) => answer.key === key)?.type;
    const [type, changes] = known === undefined ? this.settle(account, request, host) : [known, {}];
    if (known === undefined) {
      const answers = [...account.answers, { key, type }];
      this.accounts.set(pnr, { ...account, ...changes, answers });
      host.save(pnr, this.accounts.get(pnr));
      host.note(type, pnr);
    }
    this.answerLater(from, { type, pnr }, host);
  }

  private settle(
    { chargedPaise, refundedPaise, isClosed }: Account,
    { type, paise }: PaymentRequest,
    host: GatewayHost,
  ): [PaymentAnswer["type"], Partial<Account>] {
    if (type === "refund") {
      const back = chargedPaise === 0 ? 0 : paise;
      return ["refunded", { refundedPaise: refundedPaise + back, isClosed: true }];
    }
    if (isClosed || host.random() < this.options.declineRate) {
      return ["declined", { isClosed: true }];
    }
    return ["charged", { chargedPaise: chargedPaise + paise }];
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

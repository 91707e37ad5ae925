/** What booking servers and the payment gateway tell each other, beside Raft's own messages. */
import type { RaftMessage } from "../../../consensus/raft";

/** `key`: the gateway does what comes under one key once, and answers it alike again. */
export interface PaymentRequest {
  readonly type: "charge" | "refund";
  readonly pnr: string;
  readonly paise: number;
  readonly key: string;
}

/** "declined": there will never be a charge under this PNR. */
export interface PaymentAnswer {
  readonly type: "charged" | "declined" | "refunded";
  readonly pnr: string;
}

export type BookingMessage = RaftMessage | PaymentRequest | PaymentAnswer;

/**
 * Wallets and transfers between them, as behind a UPI app: amounts are whole paise, no wallet goes
 * below zero, and a payment that is repeated under its idempotency key moves money once.
 *
 * Source: the idempotency-key practice of payment interfaces; NPCI's UPI names a transaction by a
 * client-chosen id (the "txnId") and answers a repeat of it with the first outcome.
 * Guarantees: the balances sum to what was deposited less what was withdrawn, at every entry.
 * Cost: O(1) a command; the last `maxKeys` idempotency keys are kept.
 */
import { invalid } from "./machine";
import type { Invalid, Machine } from "./machine";

export interface PaymentsState {
  readonly balances: Map<string, number>;
  /** Outcomes by idempotency key, oldest first, each with the payment it was for. */
  readonly outcomes: Map<string, { readonly payment: string; readonly answer: PaymentAnswer }>;
  depositedPaise: number;
  withdrawnPaise: number;
}

/** The idempotency key is chosen by the payer's device; a retry repeats it. */
export type PaymentCommand =
  | { readonly op: "openWallet"; readonly wallet: string }
  | {
      readonly op: "deposit";
      readonly wallet: string;
      readonly paise: number;
      readonly idempotencyKey: string;
    }
  | {
      readonly op: "withdraw";
      readonly wallet: string;
      readonly paise: number;
      readonly idempotencyKey: string;
    }
  | {
      readonly op: "transfer";
      readonly from: string;
      readonly to: string;
      readonly paise: number;
      readonly idempotencyKey: string;
    };

export type PaymentQuery =
  { readonly op: "balance"; readonly wallet: string } | { readonly op: "total" };

export type PaymentAnswer =
  /** Balances after the payment, by wallet. */
  | { readonly kind: "done"; readonly balances: Readonly<Record<string, number>> }
  | { readonly kind: "insufficient"; readonly paise: number }
  | { readonly kind: "noWallet"; readonly wallet: string }
  /** This key has served another payment: a bug or a fraud, never a retry. */
  | { readonly kind: "keyReused"; readonly idempotencyKey: string }
  | Invalid;

/** So many idempotency keys are remembered; a repeat that comes later is a new payment. */
export const maxKeys = 100_000;

export const paymentsMachine: Machine<PaymentsState> = {
  name: "payments",
  initial: () => ({
    balances: new Map(),
    outcomes: new Map(),
    depositedPaise: 0,
    withdrawnPaise: 0,
  }),
  apply: (state, command) => applyPayment(state, command as PaymentCommand),
  query: (state, query) => queryPayments(state, query as PaymentQuery),
  toJson: (state) => ({
    ...state,
    balances: [...state.balances],
    outcomes: [...state.outcomes],
  }),
  fromJson: (json) => {
    const saved = json as PaymentsState & { balances: [string, number][] };
    return { ...saved, balances: new Map(saved.balances), outcomes: new Map(saved.outcomes) };
  },
};

/** What all wallets hold together, in paise. */
export function totalPaise({ balances }: PaymentsState): number {
  let total = 0;
  for (const paise of balances.values()) total += paise;
  return total;
}

/** The invariant: no money is made or lost, and nobody owes. */
export function isConserved(state: PaymentsState): boolean {
  const isSolvent = [...state.balances.values()].every((paise) => paise >= 0);
  return isSolvent && totalPaise(state) === state.depositedPaise - state.withdrawnPaise;
}

function applyPayment(state: PaymentsState, command: PaymentCommand): PaymentAnswer {
  if (command?.op === "openWallet") return openWallet(state, command.wallet);
  const flaw = flawOf(command);
  if (flaw !== undefined) return invalid(flaw);
  const payment = JSON.stringify(command);
  const { idempotencyKey } = command;
  const earlier = state.outcomes.get(idempotencyKey);
  if (earlier !== undefined) {
    return earlier.payment === payment ? earlier.answer : { kind: "keyReused", idempotencyKey };
  }
  const answer = pay(state, command);
  state.outcomes.set(idempotencyKey, { payment, answer });
  if (state.outcomes.size > maxKeys) forgetOldest(state);
  return answer;
}

function openWallet(state: PaymentsState, wallet: string): PaymentAnswer {
  if (typeof wallet !== "string" || wallet === "") return invalid("a wallet needs a name");
  if (!state.balances.has(wallet)) state.balances.set(wallet, 0);
  return { kind: "done", balances: { [wallet]: state.balances.get(wallet) as number } };
}

type Payment = Exclude<PaymentCommand, { op: "openWallet" }>;

function flawOf(command: Payment): string | undefined {
  if (!["deposit", "withdraw", "transfer"].includes(command?.op)) {
    return "the payments machine knows openWallet, deposit, withdraw and transfer";
  }
  if (!Number.isSafeInteger(command.paise) || command.paise <= 0) {
    return "an amount is a whole number of paise above 0";
  }
  const { idempotencyKey } = command;
  if (typeof idempotencyKey !== "string" || idempotencyKey === "") {
    return "a payment needs an idempotency key";
  }
  if (command.op === "transfer" && command.from === command.to) {
    return `a transfer needs two wallets, but both are ${command.to}`;
  }
  return undefined;
}

function pay(state: PaymentsState, payment: Payment): PaymentAnswer {
  const from = payment.op === "transfer" ? payment.from : undefined;
  const payer = payment.op === "withdraw" ? payment.wallet : from;
  const payee =
    payment.op === "deposit" ? payment.wallet : payment.op === "transfer" ? payment.to : undefined;
  for (const wallet of [payer, payee]) {
    if (wallet !== undefined && !state.balances.has(wallet)) return { kind: "noWallet", wallet };
  }
  const held = payer === undefined ? Infinity : (state.balances.get(payer) as number);
  if (held < payment.paise) return { kind: "insufficient", paise: held };
  if (!Number.isSafeInteger(state.depositedPaise + payment.paise)) {
    return invalid("no more money can be counted exactly");
  }
  if (payment.op === "deposit") state.depositedPaise += payment.paise;
  if (payment.op === "withdraw") state.withdrawnPaise += payment.paise;
  const balances: [string, number][] = [];
  if (payer !== undefined) balances.push([payer, move(state, payer, -payment.paise)]);
  if (payee !== undefined) balances.push([payee, move(state, payee, payment.paise)]);
  return { kind: "done", balances: Object.fromEntries(balances) };
}

function move({ balances }: PaymentsState, wallet: string, paise: number): number {
  const balance = (balances.get(wallet) as number) + paise;
  balances.set(wallet, balance);
  return balance;
}

function forgetOldest({ outcomes }: PaymentsState): void {
  const [oldest] = outcomes.keys();
  outcomes.delete(oldest);
}

function queryPayments(state: PaymentsState, query: PaymentQuery): unknown {
  if (query?.op === "total") return { kind: "ok", paise: totalPaise(state) };
  if (query?.op !== "balance") return invalid("the payments machine answers balance and total");
  const paise = state.balances.get(query.wallet);
  if (paise === undefined) return { kind: "noWallet", wallet: query.wallet };
  return { kind: "ok", paise };
}

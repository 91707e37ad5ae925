/** What is asked of the books of UPI, and what they answer. Amounts are whole paise. */

/**
 * A virtual payment address is "asha@sbi": the part after the @ is the handle of the bank that
 * keeps the account. The payer's device chooses the `transferId`.
 */
export type UpiCommand =
  | { readonly op: "openBank"; readonly bank: string }
  | { readonly op: "openAccount"; readonly address: string }
  | Deposit
  | Withdrawal
  | Transfer
  /** Gives a transfer back whole, once. */
  | { readonly op: "reverse"; readonly transferId: string }
  /** Ends a settlement cycle: the banks pay each other what they owe. */
  | { readonly op: "settle" };

export interface Deposit {
  readonly op: "deposit";
  readonly to: string;
  readonly paise: number;
  readonly transferId: string;
}

export interface Withdrawal {
  readonly op: "withdraw";
  readonly from: string;
  readonly paise: number;
  readonly transferId: string;
}

export interface Transfer {
  readonly op: "transfer";
  readonly from: string;
  readonly to: string;
  readonly paise: number;
  readonly transferId: string;
}

/** Those that move money. */
export type Payment = Deposit | Withdrawal | Transfer;

export type UpiQuery =
  | { readonly op: "balance"; readonly address: string }
  | { readonly op: "statement"; readonly address: string }
  /** What each bank gets from the others (or owes, below 0) since the last settlement. */
  | { readonly op: "positions" }
  | { readonly op: "total" };

export type UpiAnswer = UpiDone | UpiRefusal;

export type UpiDone =
  | { readonly kind: "opened" }
  /** `balancePaise`: the payer's after it, or the payee's of a deposit. */
  | { readonly kind: "paid"; readonly balancePaise: number }
  | { readonly kind: "reversed"; readonly paise: number }
  | { readonly kind: "settled"; readonly positions: Readonly<Record<string, number>> };

/** Nothing has moved. */
export type UpiRefusal =
  | { readonly kind: "insufficient"; readonly balancePaise: number }
  /** This payment was asked for before: `first` is what it was answered then. */
  | { readonly kind: "replayed"; readonly first: UpiAnswer }
  /** This id has served another payment: a bug or a fraud, never a retry. */
  | { readonly kind: "idReused"; readonly transferId: string }
  | { readonly kind: "overLimit"; readonly limitPaise: number }
  | { readonly kind: "noBank"; readonly bank: string }
  | { readonly kind: "noAccount"; readonly address: string }
  | { readonly kind: "noTransfer"; readonly transferId: string }
  | { readonly kind: "alreadyReversed"; readonly transferId: string }
  | { readonly kind: "full"; readonly limit: number }
  | UpiInvalid;

/** What cannot be read. */
export interface UpiInvalid {
  readonly kind: "invalid";
  readonly reason: string;
}

/** A line of a statement: the account got `paise` (gave, below 0), and then held the balance. */
export interface UpiLine {
  /** From 1. */
  readonly number: number;
  readonly what: "deposit" | "withdrawal" | "transfer" | "reversal";
  readonly transferId: string;
  readonly paise: number;
  readonly balancePaise: number;
}

export type UpiLook =
  | { readonly kind: "ok"; readonly paise: number }
  | { readonly kind: "ok"; readonly lines: readonly UpiLine[] }
  | { readonly kind: "ok"; readonly positions: Readonly<Record<string, number>> }
  | { readonly kind: "noAccount"; readonly address: string }
  | UpiInvalid;

export const invalid = (reason: string): UpiInvalid => ({ kind: "invalid", reason });

/** NPCI's usual limit of a transfer between persons: one lakh rupees. */
export const transferLimitPaise = 100_000_00;

/** Ids are kept for ever, so that none serves twice: after so many nothing new is taken. */
export const maxTransfers = 1_000_000;

/** A statement shows the last lines. */
export const statementLines = 50;

/** What is wrong with a payment as it is written; undefined: nothing. */
export function flawOf(payment: Payment): string | undefined {
  const { paise, transferId } = payment;
  if (!Number.isSafeInteger(paise) || paise <= 0) {
    return "an amount is a whole number of paise above 0";
  }
  if (typeof transferId !== "string" || transferId === "") return "a payment needs a transferId";
  if (payment.op === "transfer" && payment.from === payment.to) {
    return `a transfer needs two accounts, but both are ${payment.to}`;
  }
  return undefined;
}

/** The handle of the bank, or undefined for what is no address. */
export function bankOf(address: unknown): string | undefined {
  if (typeof address !== "string") return undefined;
  return /^[a-z0-9][a-z0-9.-]*@([a-z][a-z0-9]*)$/.exec(address)?.[1];
}

export function isHandle(bank: unknown): bank is string {
  return typeof bank === "string" && /^[a-z][a-z0-9]*$/.test(bank);
}

/** The books: banks, accounts, and every payment by its id. Plain data. */
import type { UpiAnswer, UpiLine } from "./commands";

export interface UpiBank {
  /** Paid in over the counter, and out again. */
  depositedPaise: number;
  withdrawnPaise: number;
  /** Got from other banks less given to them, since the beginning. */
  netPaise: number;
  /** Of it, what has been settled. */
  settledPaise: number;
}

export interface UpiAccount {
  readonly bank: string;
  balancePaise: number;
  /** Movements so far, of which `lines` keeps the last. */
  movements: number;
  readonly lines: UpiLine[];
}

export interface UpiRecord {
  readonly op: "deposit" | "withdraw" | "transfer";
  /** Null: over the counter. */
  readonly from: string | null;
  readonly to: string | null;
  readonly paise: number;
  readonly answer: UpiAnswer;
  isReversed: boolean;
}

export interface UpiState {
  readonly banks: Map<string, UpiBank>;
  readonly accounts: Map<string, UpiAccount>;
  /** By transfer id; also those that were refused. */
  readonly records: Map<string, UpiRecord>;
  /** Settlement cycles so far. */
  settlements: number;
}

export interface UpiStateJson {
  readonly banks: readonly (readonly [string, UpiBank])[];
  readonly accounts: readonly (readonly [string, UpiAccount])[];
  readonly records: readonly (readonly [string, UpiRecord])[];
  readonly settlements: number;
}

export function emptyBooks(): UpiState {
  return { banks: new Map(), accounts: new Map(), records: new Map(), settlements: 0 };
}

export function booksToJson({ banks, accounts, records, settlements }: UpiState): UpiStateJson {
  return { banks: [...banks], accounts: [...accounts], records: [...records], settlements };
}

/** Takes nothing over from the JSON by reference. */
export function booksFromJson(json: UpiStateJson): UpiState {
  const { banks, accounts, records, settlements } = structuredClone(json);
  return {
    banks: new Map(banks),
    accounts: new Map(accounts),
    records: new Map(records),
    settlements,
  };
}

/**
 * UPI, the payments between India's banks: its books are a state machine (`machine.ts`) that the
 * banks replicate, so that none of them has to be trusted.
 */
import "../../kernel/in-stock-kernel";
export { maxTransfers, statementLines, transferLimitPaise } from "./commands";
export type { UpiAnswer, UpiCommand, UpiLine, UpiLook, UpiQuery, UpiRefusal } from "./commands";
export { booksFlaw, totalPaise } from "./invariants";
export { upiMachine } from "./machine";
export type { UpiState } from "./state";
export { conflictsIn } from "./evidence";
export { simulateUpi, upiBanks } from "./simulate-banks";
export type { UpiBooks, UpiConviction, UpiOutcome, UpiPhone } from "./simulate-banks";
export type { UpiReceipt, UpiRun } from "./simulate-banks";
export { raftWithThief } from "./simulation/thief";
export { booksOf, differentBooks } from "./simulation/books";
export type { BooksRow } from "./simulation/books";

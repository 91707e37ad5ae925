/** What is always true of the books. */
import type { UpiAccount, UpiState } from "./state";

/** What all accounts hold together, in paise. */
export function totalPaise({ accounts }: UpiState): number {
  let total = 0;
  for (const { balancePaise } of accounts.values()) total += balancePaise;
  return total;
}

/**
 * The first thing wrong with the books, in a sentence; undefined: nothing. Each bank holds what was
 * paid in, less what was paid out, and what came from other banks; among banks nothing is lost.
 */
export function booksFlaw(state: UpiState): string | undefined {
  for (const [address, account] of state.accounts) {
    const flaw = accountFlaw(account);
    if (flaw !== undefined) return `${address} ${flaw}`;
  }
  let netPaise = 0;
  for (const [name, bank] of state.banks) {
    const due = bank.depositedPaise - bank.withdrawnPaise + bank.netPaise;
    const held = heldAt(state, name);
    if (held !== due) return `${name} holds ${held} paise, and should hold ${due}`;
    netPaise += bank.netPaise;
  }
  return netPaise === 0 ? undefined : `banks got ${netPaise} paise more than banks gave`;
}

function accountFlaw({ balancePaise, movements, lines }: UpiAccount): string | undefined {
  if (!Number.isSafeInteger(balancePaise)) return `holds ${balancePaise}, no whole paise`;
  if (balancePaise < 0) return `owes ${-balancePaise} paise`;
  const [first, ...later] = lines;
  let held = first?.balancePaise ?? 0;
  for (const line of later) {
    held += line.paise;
    if (held !== line.balancePaise) return `has a wrong balance in line ${line.number}`;
  }
  if (held !== balancePaise) return `holds ${balancePaise} paise, and its statement says ${held}`;
  if ((lines[lines.length - 1]?.number ?? 0) !== movements) return "has lost a line";
  return undefined;
}

function heldAt({ accounts }: UpiState, bank: string): number {
  let held = 0;
  for (const account of accounts.values()) if (account.bank === bank) held += account.balancePaise;
  return held;
}

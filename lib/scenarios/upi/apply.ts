/** One command done to the books; who is refused finds them as they were, but for the id kept. */
import { bankOf, flawOf, invalid, isHandle, maxTransfers, statementLines } from "./commands";
import { transferLimitPaise } from "./commands";
import type { Payment, Transfer, UpiAnswer, UpiCommand, UpiLine, UpiRefusal } from "./commands";
import type { UpiAccount, UpiBank, UpiRecord, UpiState } from "./state";

/** Never throws, whatever it is given. */
export function applyUpi(state: UpiState, command: UpiCommand | null | undefined): UpiAnswer {
  switch (command?.op) {
    case "openBank":
      return openBank(state, command.bank);
    case "openAccount":
      return openAccount(state, command.address);
    case "deposit":
    case "withdraw":
    case "transfer":
      return payOnce(state, command);
    case "reverse":
      return reverse(state, command.transferId);
    case "settle":
      return settle(state);
    default:
      return invalid(
        "UPI knows openBank, openAccount, deposit, withdraw, transfer, reverse and settle",
      );
  }
}

function openBank({ banks }: UpiState, bank: unknown): UpiAnswer {
  if (!isHandle(bank)) return invalid("a bank's handle is small letters and digits, as in sbi");
  if (!banks.has(bank)) {
    banks.set(bank, { depositedPaise: 0, withdrawnPaise: 0, netPaise: 0, settledPaise: 0 });
  }
  return { kind: "opened" };
}

function openAccount({ banks, accounts }: UpiState, address: string): UpiAnswer {
  const bank = bankOf(address);
  if (bank === undefined) return invalid("an address is a name, an @ and a bank, as in asha@sbi");
  if (!banks.has(bank)) return { kind: "noBank", bank };
  if (!accounts.has(address)) {
    accounts.set(address, { bank, balancePaise: 0, movements: 0, lines: [] });
  }
  return { kind: "opened" };
}

/** The id is looked up first: a payment that comes again moves nothing. */
function payOnce(state: UpiState, payment: Payment): UpiAnswer {
  const flaw = flawOf(payment);
  if (flaw !== undefined) return invalid(flaw);
  const { op, paise, transferId } = payment;
  const { from = null, to = null } = payment as Partial<Transfer>;
  const earlier = state.records.get(transferId);
  if (earlier !== undefined) {
    const isSame =
      earlier.op === op && earlier.from === from && earlier.to === to && earlier.paise === paise;
    return isSame ? { kind: "replayed", first: earlier.answer } : { kind: "idReused", transferId };
  }
  if (state.records.size >= maxTransfers) return { kind: "full", limit: maxTransfers };
  const answer = refusalOf(state, payment) ?? pay(state, payment);
  state.records.set(transferId, { op, from, to, paise, answer, isReversed: false });
  return answer;
}

function refusalOf({ accounts, banks }: UpiState, payment: Payment): UpiRefusal | undefined {
  const { op, paise } = payment;
  for (const address of addressesOf(payment)) {
    if (!accounts.has(address)) return { kind: "noAccount", address };
  }
  if (op === "transfer" && paise > transferLimitPaise) {
    return { kind: "overLimit", limitPaise: transferLimitPaise };
  }
  if (op === "deposit") {
    let depositedPaise = paise;
    for (const bank of banks.values()) depositedPaise += bank.depositedPaise;
    if (Number.isSafeInteger(depositedPaise)) return undefined;
    return invalid("no more money can be counted exactly");
  }
  const { balancePaise } = accounts.get(payment.from) as UpiAccount;
  return balancePaise < paise ? { kind: "insufficient", balancePaise } : undefined;
}

function addressesOf(payment: Payment): readonly string[] {
  if (payment.op === "deposit") return [payment.to];
  return payment.op === "withdraw" ? [payment.from] : [payment.from, payment.to];
}

/** What may be done is done. */
function pay(state: UpiState, payment: Payment): UpiAnswer {
  const { op, paise, transferId } = payment;
  if (op === "deposit") {
    bankWith(state, payment.to).depositedPaise += paise;
    const balancePaise = move(state, payment.to, { what: "deposit", transferId, paise });
    return { kind: "paid", balancePaise };
  }
  if (op === "withdraw") {
    bankWith(state, payment.from).withdrawnPaise += paise;
    const what = "withdrawal";
    const balancePaise = move(state, payment.from, { what, transferId, paise: -paise });
    return { kind: "paid", balancePaise };
  }
  return { kind: "paid", balancePaise: give(state, payment, "transfer") };
}

/** From one account to another; returns what the payer then holds. */
function give(
  state: UpiState,
  { from, to, paise, transferId }: Transfer,
  what: "transfer" | "reversal",
): number {
  bankWith(state, from).netPaise -= paise;
  bankWith(state, to).netPaise += paise;
  const balancePaise = move(state, from, { what, transferId, paise: -paise });
  move(state, to, { what, transferId, paise });
  return balancePaise;
}

function move(
  { accounts }: UpiState,
  address: string,
  movement: Pick<UpiLine, "what" | "transferId" | "paise">,
): number {
  const account = accounts.get(address) as UpiAccount;
  account.balancePaise += movement.paise;
  account.movements++;
  const { balancePaise, movements: number, lines } = account;
  lines.push({ number, ...movement, balancePaise });
  if (lines.length > statementLines) lines.shift();
  return balancePaise;
}

function bankWith({ banks }: UpiState, address: string): UpiBank {
  return banks.get(bankOf(address) as string) as UpiBank;
}

/** The payee may have spent it: then it stays. */
function reverse(state: UpiState, transferId: string): UpiAnswer {
  const record = state.records.get(transferId);
  if (record?.op !== "transfer" || record.answer.kind !== "paid") {
    return { kind: "noTransfer", transferId };
  }
  if (record.isReversed) return { kind: "alreadyReversed", transferId };
  const { from: payer, to: payee, paise } = record as Transfer & UpiRecord;
  const { balancePaise } = state.accounts.get(payee) as UpiAccount;
  if (balancePaise < paise) return { kind: "insufficient", balancePaise };
  give(state, { op: "transfer", from: payee, to: payer, paise, transferId }, "reversal");
  record.isReversed = true;
  return { kind: "reversed", paise };
}

function settle(state: UpiState): UpiAnswer {
  const positions = positionsOf(state);
  for (const bank of state.banks.values()) bank.settledPaise = bank.netPaise;
  state.settlements++;
  return { kind: "settled", positions };
}

/** By bank, in paise since the last settlement. */
export function positionsOf({ banks }: UpiState): Record<string, number> {
  return Object.fromEntries(
    [...banks].map(([bank, { netPaise, settledPaise }]) => [bank, netPaise - settledPaise]),
  );
}

/** What is looked at when a Raft storm is over: equal states, and all the money. */
import type { SimulatedNote } from "../../../hosts";
import type { Violation } from "../invariants";
import { isConserved } from "../machines";
import type { PaymentsState } from "../machines";
import type { Raft } from "../raft";
import { totalPaise } from "./workload";

/** Servers that have applied the same entries have the same state, and no money is made or lost. */
export function stateViolation(servers: readonly Raft[]): Violation | undefined {
  const states = new Map<number, string>();
  for (const { id, machine, machineState, lastApplied, sessions } of servers) {
    const text = JSON.stringify([machine.toJson(machineState), [...sessions.keys()]]);
    const other = states.get(lastApplied) ?? text;
    states.set(lastApplied, text);
    const detail = `after entry ${lastApplied}`;
    if (other !== text) return { property: "sameState", server: id, detail };
    const isWrong = machine.name === "payments" && !isConserved(machineState as PaymentsState);
    if (isWrong) return { property: "moneyConserved", server: id, detail };
  }
  return undefined;
}

/** Clients ask for the total after their deposits, which are all the same ones. */
export function moneySeen(notes: readonly SimulatedNote[]): Violation | undefined {
  const totals = notes.flatMap(({ node, label, detail }) => {
    const { f, value } = detail as { f: string; value?: { paise?: number } };
    return label === "ok" && f === "total" ? [{ node, paise: value?.paise }] : [];
  });
  const wrong = totals.find(({ paise }) => paise !== totalPaise);
  if (wrong === undefined) return undefined;
  const detail = `${wrong.node} was told ${wrong.paise} paise in all`;
  return { property: "moneySeen", server: "", detail };
}

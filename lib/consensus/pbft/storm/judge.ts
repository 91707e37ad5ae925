/** What is looked at when a PBFT storm has calmed: progress, one state, what the clients saw. */
import { checkLinearizable, keyValue, verdictInOneLine } from "../../../checks";
import { notedHistory } from "../../../hosts";
import type { SimulatedNote } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import type { Pbft } from "../pbft";
import { isConserved } from "../../raft/machines";
import type { PaymentsState } from "../../raft/machines";
import type { PbftStormPlan } from "./plan";
import type { PbftWatch } from "./watch";
import { totalPaise } from "./workload";

/** What is not yet as it has to be, in words. */
export function unsettled(
  notes: readonly SimulatedNote[],
  correct: readonly Pbft[],
  { newClient, asked }: { readonly newClient: NodeId; readonly asked: number },
): string | undefined {
  const answers = notes.filter(({ node, label }) => node === newClient && label === "ok").length;
  if (answers < asked) return `a new client got ${answers} of ${asked} answers`;
  const idle = notes.filter(({ label }) => label === "invoke").length;
  const ended = notes.filter(({ label }) => ["ok", "fail", "info"].includes(label)).length;
  if (ended < idle) return `${idle - ended} operations of clients have not ended`;
  const last = Math.max(...correct.map(({ lastExecuted }) => lastExecuted));
  // Who asks alone for the next view waits for the others, but not for what they have done.
  const behind = correct.find(({ lastExecuted }) => lastExecuted < last);
  return behind && `${behind.id} has executed ${behind.lastExecuted} of ${last}`;
}

export interface StormEnd {
  readonly plan: PbftStormPlan;
  readonly notes: readonly SimulatedNote[];
  readonly correct: readonly Pbft[];
}

export function judgeEnd(watch: PbftWatch, { plan, notes, correct }: StormEnd): void {
  const states = new Map<number, { readonly id: NodeId; readonly text: string }>();
  for (const { id, lastExecuted, machine, machineState, replies } of correct) {
    const text = JSON.stringify([machine.toJson(machineState), [...replies]]);
    const other = states.get(lastExecuted);
    if (other === undefined) states.set(lastExecuted, { id, text });
    else if (other.text !== text) {
      watch.fail("sameState", `${other.id} and ${id} differ after ${lastExecuted}`);
    }
    if (plan.machine === "payments" && !isConserved(machineState as PaymentsState)) {
      watch.fail("moneyConserved", `at ${id} after ${lastExecuted}`);
    }
  }
  if (plan.machine === "payments") judgeTotals(watch, notes);
  else judgeHistory(watch, notes);
}

/** Clients ask for the total after their deposits; who was not answered those cannot know it. */
function judgeTotals(watch: PbftWatch, notes: readonly SimulatedNote[]): void {
  const unsure = new Set<NodeId>();
  for (const { node, label, detail } of notes) {
    if (label === "info") unsure.add(node);
    if (unsure.has(node)) continue;
    const { f, value } = detail as { f: string; value?: { paise?: number } };
    if (label !== "ok" || f !== "total" || value?.paise === totalPaise) continue;
    watch.fail("moneySeen", `${node} was told ${value?.paise} paise in all`);
  }
}

function judgeHistory(watch: PbftWatch, notes: readonly SimulatedNote[]): void {
  const verdict = checkLinearizable(notedHistory(notes), keyValue());
  if (verdict.kind === "linearizable") return;
  watch.fail("linearizability", verdictInOneLine(verdict));
}

/** What must hold of a sort after its storm. */
import type { StormFailure } from "../../../hosts";
import { TaskLedger } from "../../storm/task-ledger";
import type { SimulatedSort } from "../simulation/simulate-sort";

/** The first thing that is wrong. */
export function judge(sort: SimulatedSort, keys: readonly string[]): StormFailure | undefined {
  const ledger = new TaskLedger();
  for (const note of sort.notes) ledger.hear(note);
  if (ledger.failure !== undefined) return ledger.failure;
  if (sort.kind !== "done") return { property: "sortEnds", detail: `the sort is ${sort.kind}` };
  if (JSON.stringify(sort.records) === JSON.stringify(stableOrder(keys))) return undefined;
  return { property: "stableOrder", detail: "the output is another one" };
}

/** By Array.sort, with the place of each key in the input. */
export function stableOrder(keys: readonly string[]): (readonly [key: string, place: number])[] {
  const records = keys.map((key, place) => [key, place] as const);
  return records.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

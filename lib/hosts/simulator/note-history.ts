/** Notes of a simulated run read again: as the history of its clients, and as lines of a story. */
import type { HistoryEvent, HistoryEventType } from "../../protocol";
import type { SimulatedNote } from "./options";

const types: readonly string[] = ["invoke", "ok", "fail", "info"];

/**
 * What clients saw, as consistency checks read it: notes `invoke`, `ok`, `fail` and `info` whose
 * detail names the operation in `f`. All other notes are passed over. Times are in ms.
 */
export function notedHistory(notes: readonly SimulatedNote[]): HistoryEvent[] {
  return notes.flatMap((note) => eventOf(note) ?? []);
}

function eventOf({ node, label, detail, atMs }: SimulatedNote): HistoryEvent | undefined {
  if (!types.includes(label)) return undefined;
  const call = detail as Pick<HistoryEvent, "f" | "key" | "value"> | undefined;
  if (typeof call?.f !== "string") return undefined;
  return { process: node, type: label as HistoryEventType, ...call, time: atMs };
}

/** A note as one line to be read: when, who, what. */
export function noteLine({ atMs, node, label, detail }: SimulatedNote): string {
  return `${atMs.toFixed(1).padStart(8)} ms  ${node}  ${label} ${JSON.stringify(detail)}`;
}

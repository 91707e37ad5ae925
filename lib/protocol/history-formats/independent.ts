import { InputError } from "../../basics";
import type { HistoryEvent } from "../history";

/**
 * The history with the key taken out of each value, where values are [key, value] as in tests made
 * of independent objects (jepsen.independent). Events of processes that are no clients stay as they
 * are. Throws InputError with `source` and the line for a client's value that is no such pair.
 */
export function withIndependentKeys(
  history: readonly HistoryEvent[],
  source = "history",
): HistoryEvent[] {
  const clients = new Set(history.flatMap((e) => (e.type === "invoke" ? [e.process] : [])));
  return history.map((event, index) => {
    if (event.key !== undefined || !clients.has(event.process)) return event;
    const pair = event.value;
    if (isPair(pair)) return { ...event, key: pair[0], value: pair[1] };
    // What ended without an answer may say anything; its key is its call's.
    if (event.type === "fail" || event.type === "info") return event;
    const place = `${source}:${event.line ?? `event ${index + 1}`}`;
    throw new InputError(`${place}: the value must be [key, value], not ${JSON.stringify(pair)}`);
  });
}

function isPair(value: unknown): value is [string | number, unknown] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  return typeof value[0] === "string" || typeof value[0] === "number";
}

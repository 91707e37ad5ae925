/**
 * Histories as JSON lines:
 * `{"process":0,"type":"invoke","f":"write","key":"x","value":1,"time":3}`.
 */
import { InputError } from "../../basics";
import type { History, HistoryEvent } from "../history";
import { eventOf } from "./event";

/** Reads one JSON object a line; blank lines are skipped. InputError with `source` and the line. */
export function parseJsonHistory(text: string, source = "history"): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  text.split("\n").forEach((content, index) => {
    if (content.trim() === "") return;
    const line = index + 1;
    events.push(eventOf({ fields: parseObject(content, `${source}:${line}`), source, line }));
  });
  return events;
}

function parseObject(content: string, place: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new InputError(`${place}: this is not JSON (${(error as Error).message})`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new InputError(`${place}: an event must be a JSON object, but this is ${content.trim()}`);
}

/** Writes one JSON object a line. */
export function formatJsonHistory(history: History): string {
  return history
    .map(({ process, type, f, key, value, time }) => {
      return JSON.stringify({ process, type, f, key, value, time }) + "\n";
    })
    .join("");
}

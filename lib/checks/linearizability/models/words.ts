/**
 * What the ready models share: how calls are told apart by key, and how they are put into words.
 */
import { InputError } from "../../../basics";
import type { ModelCall } from "../model";

/** Each key is an object of its own. */
export function keyOf(call: ModelCall): string {
  return call.key === undefined ? "" : String(call.key);
}

/** The [from, to] of a cas. */
export function pairOf({ f, input }: ModelCall): readonly [unknown, unknown] {
  if (Array.isArray(input) && input.length === 2) return input as [unknown, unknown];
  throw new InputError(`${f} takes [from, to], not ${JSON.stringify(input)}`);
}

/** "read -> 3", "write 4", "cas 1 to 2", "write 4 (outcome unknown)". */
export function describeCall({ f, key, input, output, isKnown }: ModelCall): string {
  const name = key === undefined ? f : `${f} ${key}`;
  const isAsking = input === undefined || input === null;
  const told = isAsking ? name : `${name} ${argument(f, input)}`;
  if (!isKnown) return `${told} (outcome unknown)`;
  // A read is called with nothing, so that its answer is all there is to say; null counts as one.
  const isAnswer = /read|get|dequeue|pop/.test(f) || (isAsking && output !== null);
  return isAnswer && output !== undefined ? `${told} -> ${short(output)}` : told;
}

function argument(f: string, input: unknown): string {
  return f === "cas" && Array.isArray(input) ? input.map(short).join(" to ") : short(input);
}

/** A value as JSON, cut at 40 characters. */
export function short(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "null");
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

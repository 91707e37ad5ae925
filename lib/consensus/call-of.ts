/** What clients of replicated machines may be asked for, and what they note for checks to read. */
import { isPlainJson } from "../basics";

/** Who gives clients more to do. No node has this name, and links tell who speaks. */
export const outside = "outside";

type Operation = { readonly command: unknown } | { readonly query: unknown };

/** As histories have it: { op: "cas", key, from, to } is cas of that key with [from, to]. */
export function callOf(operation: Operation): { f: string; key?: string; value?: unknown } {
  const body = "command" in operation ? operation.command : operation.query;
  const { op, key, ...rest } = (body ?? {}) as { op?: string; key?: string };
  const { value, from, to } = rest as { value?: unknown; from?: unknown; to?: unknown };
  if (key === undefined) return { f: `${op}`, value: rest };
  return { f: `${op}`, key, value: op === "cas" ? [from, to] : value };
}

/** What is no JSON would be refused by every correct replica, and never answered. */
export function checkOperations(operations: readonly Operation[]): void {
  const wrong = operations.findIndex((operation) => !isPlainJson(operation));
  if (wrong < 0) return;
  throw new RangeError(`operation ${wrong + 1} must be JSON: finite numbers, at most 100 deep`);
}

/** How a call has ended, as its client notes it. */
export interface Outcome {
  readonly type: "ok" | "fail";
  readonly value: unknown;
}

/**
 * What a machine's answer says: { kind: "ok", value } is that value, another one the answer itself.
 * A compare-and-set that found something else, and a client for whom there is no room, have
 * certainly changed nothing.
 */
export function outcomeOf(result: unknown): Outcome {
  const { kind, value } = (result ?? {}) as { kind?: string; value?: unknown };
  if (kind === "mismatch" || kind === "tooManyClients") return { type: "fail", value };
  return { type: "ok", value: kind === "ok" && value !== undefined ? value : result };
}

import { errorAnswer } from "../../../protocol";
import type { ErrorAnswer, Message } from "../../../protocol";

/** Any message of a workload: what its fields hold is looked at where they are used. */
export interface WorkloadMessage extends Message {
  readonly [field: string]: unknown;
}

/** Error 12: definite, and asking again will not help. */
export function malformed({ requestId }: Message, reason: string): ErrorAnswer & WorkloadMessage {
  return { ...errorAnswer(requestId, "malformedRequest", reason) };
}

/** Error 10: definite. `known` names the requests that the workload has. */
export function notSupported(message: Message, known: string): ErrorAnswer & WorkloadMessage {
  const reason = `there is no request "${message.type}" here: known are ${known}`;
  return { ...errorAnswer(message.requestId, "notSupported", reason) };
}

/** Throws a RangeError for an option that a node does not have. */
export function checkOptions(given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const list = known.length === 0 ? "this node has none" : `known are ${known.join(", ")}`;
  throw new RangeError(`there is no option "${unknown}": ${list}`);
}

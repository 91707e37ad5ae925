/**
 * The requests of Maelstrom's lin-kv as requests to Raft's key-value machine, and back. A value is
 * kept in a list of one, since the machine's null means a missing key, and a null may be written.
 *
 * Source: K. Kingsbury, Maelstrom, doc/workloads.md, "Lin-kv", and doc/services.md.
 */
import { errorAnswer } from "../../protocol";
import type { ErrorAnswer, Message } from "../../protocol";
import type { Answer, ClientOperation, KvAnswer } from "../raft";

export interface LinKvRequest extends Message {
  readonly key?: unknown;
  readonly value?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly create_if_not_exists?: unknown;
}

export type LinKvAnswer =
  | { readonly type: "read_ok"; readonly requestId?: number; readonly value: unknown }
  | { readonly type: "write_ok" | "cas_ok"; readonly requestId?: number }
  | ErrorAnswer;

/** What to do about an answer: tell it, ask who leads, or ask for the other half of a cas. */
export type Verdict =
  | { readonly kind: "answer"; readonly answer: LinKvAnswer }
  | { readonly kind: "redirect"; readonly leader: string }
  | { readonly kind: "next"; readonly operation: ClientOperation; readonly isCreation: boolean };

/** Why a request cannot be understood, by its error; undefined when it can. */
export function refusalOf(request: LinKvRequest): ErrorAnswer | undefined {
  const { type, requestId } = request;
  const needs = { read: ["key"], write: ["key", "value"], cas: ["key", "from", "to"] }[type];
  if (needs === undefined) {
    const reason = `there is no request "${type}" here: known are read, write and cas`;
    return errorAnswer(requestId, "notSupported", reason);
  }
  const missing = needs.find((name) => !(name in request));
  if (missing !== undefined) {
    return errorAnswer(requestId, "malformedRequest", `${type} needs a ${missing}`);
  }
  const { create_if_not_exists: flag } = request;
  if (flag === undefined || typeof flag === "boolean") return undefined;
  return errorAnswer(requestId, "malformedRequest", "create_if_not_exists is true or false");
}

/** `isCreation`: the half of a cas that creates the key, if it still does not exist. */
export function operationOf(request: LinKvRequest, isCreation = false): ClientOperation {
  const key = JSON.stringify(sorted(request.key));
  switch (request.type) {
    case "read":
      return { query: { op: "get", key } };
    case "write":
      return { command: { op: "put", key, value: kept(request.value) } };
    default: {
      const from = isCreation ? null : kept(request.from);
      return { command: { op: "cas", key, from, to: kept(request.to) } };
    }
  }
}

export function judge(request: LinKvRequest, answer: Answer, isCreation: boolean): Verdict {
  const { requestId } = request;
  const refuse = (name: Parameters<typeof errorAnswer>[1], reason: string): Verdict => {
    return { kind: "answer", answer: errorAnswer(requestId, name, reason) };
  };
  switch (answer.kind) {
    case "ok":
      return judgeResult(request, answer.result as KvAnswer, isCreation);
    case "notLeader":
      if (answer.leader !== null) return { kind: "redirect", leader: answer.leader };
      return refuse("temporarilyUnavailable", "no leader is known just now");
    case "busy":
      return refuse("temporarilyUnavailable", answer.reason);
    case "refused":
      return refuse("abort", answer.reason);
    case "unknown":
    case "sessionExpired":
      return refuse("timeout", "leadership changed on the way, so the outcome is not known");
  }
}

function judgeResult(request: LinKvRequest, result: KvAnswer, isCreation: boolean): Verdict {
  const { requestId, type } = request;
  const tell = (answer: LinKvAnswer): Verdict => ({ kind: "answer", answer });
  if (result.kind === "invalid") return tell(errorAnswer(requestId, "abort", result.reason));
  const found = result.value as readonly [unknown] | null;
  if (type === "write") return tell({ type: "write_ok", requestId });
  if (type === "cas" && result.kind === "ok") return tell({ type: "cas_ok", requestId });
  if (type === "read" && found !== null)
    return tell({ type: "read_ok", requestId, value: found[0] });
  if (type === "cas" && request.create_if_not_exists === true) {
    // The key has come or gone between the two halves: the other one may do.
    const isOther = isCreation ? isSame(found, kept(request.from)) : found === null;
    const operation = operationOf(request, !isCreation);
    if (isOther) return { kind: "next", operation, isCreation: !isCreation };
  }
  const key = JSON.stringify(request.key);
  if (found === null) {
    return tell(errorAnswer(requestId, "keyDoesNotExist", `there is no key ${key}`));
  }
  const reason = `${key} holds ${JSON.stringify(found[0])}, not ${JSON.stringify(request.from)}`;
  return tell(errorAnswer(requestId, "preconditionFailed", reason));
}

function kept(value: unknown): readonly [unknown] {
  return [sorted(value)];
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The machine compares JSON text, and the order of an object's fields means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, sorted(field)]));
}

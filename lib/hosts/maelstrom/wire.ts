/**
 * Maelstrom's messages as text, one a line: {"src", "dest", "body": {"type", "msg_id",
 * "in_reply_to"}}, and the way between them and those of the contract. A client's `msg_id` is the
 * `requestId` of the request, and the `in_reply_to` of its answer; what nodes say to each other is
 * left as it is.
 *
 * Source: K. Kingsbury, Maelstrom, doc/protocol.md.
 */
import { errorAnswer } from "../../protocol";
import type { Message, NodeId } from "../../protocol";

export interface Body {
  readonly type: string;
  readonly msg_id?: number;
  readonly in_reply_to?: number;
  readonly [field: string]: unknown;
}

export interface Envelope {
  readonly src: NodeId;
  readonly dest: NodeId;
  readonly body: Body;
}

/** What a line holds; of a malformed one the answer, where it can be told who waits for it. */
export type Parsed =
  | { readonly kind: "envelope"; readonly envelope: Envelope }
  | { readonly kind: "malformed"; readonly reason: string; readonly answer?: Envelope };

export function parseLine(line: string): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return { kind: "malformed", reason: `this is not JSON (${(error as Error).message})` };
  }
  const reason = flawOf(json);
  if (reason === undefined) return { kind: "envelope", envelope: json as Envelope };
  return { kind: "malformed", reason, answer: refusal(json, reason) };
}

function flawOf(json: unknown): string | undefined {
  if (!isObject(json)) return "a message is a JSON object";
  const { src, dest, body } = json;
  if (typeof src !== "string" || src === "") return "a message needs its sender's name as src";
  if (typeof dest !== "string" || dest === "") return "a message needs a node's name as dest";
  if (!isObject(body)) return "a message needs an object as body";
  if (typeof body.type !== "string" || body.type === "") return "a body needs a text as type";
  for (const name of ["msg_id", "in_reply_to"]) {
    const value = body[name];
    if (value !== undefined && !Number.isSafeInteger(value)) return `${name} is a whole number`;
  }
  return undefined;
}

/** Error 12 to the sender; an error or another answer is never answered, or two would never end. */
function refusal(json: unknown, reason: string): Envelope | undefined {
  if (!isObject(json) || typeof json.src !== "string" || typeof json.dest !== "string") {
    return undefined;
  }
  const { body } = json;
  if (!isObject(body) || !Number.isSafeInteger(body.msg_id)) return undefined;
  if (body.in_reply_to !== undefined) return undefined;
  const answer = errorAnswer(body.msg_id as number, "malformedRequest", reason);
  return { src: json.dest, dest: json.src, body: answerBody(answer) };
}

/** A client's body as a request of the contract. */
export function requestOf({ msg_id, ...rest }: Body): Message {
  return { ...rest, requestId: msg_id };
}

/** An answer of the contract as a body for a client. */
export function answerBody({ requestId, ...rest }: Message): Body {
  return { ...rest, in_reply_to: requestId };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

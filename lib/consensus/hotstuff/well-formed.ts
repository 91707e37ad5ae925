/**
 * Messages of a liar may be of any shape: what is not as `messages.ts` says is dropped before
 * anybody looks at it. Commands and results are what their text says: else one name of a block
 * could stand for two.
 */
import { isPlainJson } from "../../basics";
import type { HotStuffMessage } from "./messages";

type Shape = (value: unknown) => boolean;
type Fields = Readonly<Record<string, Shape>>;

const text: Shape = (value) => typeof value === "string";
const count: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const json: Shape = (value) => isPlainJson(value);
const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const recordOf =
  (fields: Fields): Shape =>
  (value) =>
    isRecord(value) && Object.keys(fields).every((name) => (fields[name] as Shape)(value[name]));

const signatures: Shape = (value) => isRecord(value) && Object.values(value).every(text);
const certificate = recordOf({ view: count, block: text, signatures });
const commandFields = { client: text, requestId: count, command: json, signature: text };
const commands = listOf(recordOf(commandFields));
const block = recordOf({ height: count, view: count, commands, justify: certificate });

const shapes: Readonly<Record<HotStuffMessage["type"], Shape>> = {
  request: recordOf(commandFields),
  proposal: recordOf({ block, signature: text, timeouts: optional(signatures) }),
  vote: recordOf({ view: count, block: text, signature: text }),
  newView: recordOf({ view: count, highQC: certificate, signature: text, commands }),
  decide: recordOf({ certificate }),
  fetch: recordOf({ block: text, aboveHeight: count }),
  blocks: recordOf({ blocks: listOf(block) }),
  snapshot: recordOf({ block, data: text }),
  reply: recordOf({ requestId: count, result: json }),
  submit: recordOf({ operation: recordOf({ command: json }) }),
};

export function isWellFormed(message: HotStuffMessage): boolean {
  if (!isRecord(message)) return false;
  return Object.hasOwn(shapes, message.type) && shapes[message.type](message);
}

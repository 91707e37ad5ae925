/**
 * The form of a message from outside: every field there, of its kind, and nothing besides. What
 * passes here can be read without care; whether it is true is another question. Operations and
 * results are what their text says: else one digest could stand for two of them.
 */
import { isPlainJson } from "../../basics";

type Check = (value: unknown) => boolean;

const isName: Check = (value) =>
  typeof value === "string" && value.length > 0 && value.length < 200;
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isFlag: Check = (value) => typeof value === "boolean";
const isText: Check = (value) => typeof value === "string";
const isDigest: Check = (value) => typeof value === "string" && /^[\w-]{43}$/.test(value);
const isJson: Check = (value) => isPlainJson(value);
const isCode: Check = (value) => typeof value === "string" && value.length < 200;
const isProof: Check = (value) => isCode(value) || (isRecord(value) && areCodes(value));
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= maxItems && value.every(check);

/** No list in a message is longer; batches and windows stay below it. */
const maxItems = 100_000;

/** A message is for so many others, at most. */
const maxReceivers = 1_000;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One for each receiver; nothing else proves what is in them, so their size is bounded. */
function areCodes(record: Record<string, unknown>): boolean {
  let receivers = 0;
  for (const id in record) {
    if (++receivers > maxReceivers || !isName(id) || !isCode(record[id])) return false;
  }
  return true;
}

/** Exactly these fields; a field that is undefined counts as missing, as in JSON. */
function fits(value: unknown, fields: Readonly<Record<string, Check>>): boolean {
  if (!isRecord(value)) return false;
  let count = 0;
  for (const name in fields) {
    if (!fields[name](value[name])) return false;
    count++;
  }
  for (const name in value) if (value[name] !== undefined) count--;
  return count === 0;
}

const isOperation: Check = (value) =>
  fits(value, { command: isJson }) || fits(value, { query: isJson });

const place = { type: isText, view: isCount, sequence: isCount, digest: isDigest };
const said = { replica: isName, proof: isProof };
const typed =
  (type: string): Check =>
  (value) =>
    isRecord(value) && value["type"] === type && shapeFlaw(value) === undefined;

const isClaim: Check = (value) =>
  fits(value, { sequence: isCount, view: isCount, digest: isDigest });
const isCertificate: Check = (value) =>
  fits(value, {
    kind: (kind) => kind === "proof",
    prePrepare: typed("prePrepare"),
    prepares: listOf(typed("prepare")),
  }) ||
  fits(value, {
    kind: (kind) => kind === "claim",
    sequence: isCount,
    view: isCount,
    digest: isDigest,
  });

const shapes = new Map<string, Readonly<Record<string, Check>>>([
  [
    "request",
    {
      type: isText,
      client: isName,
      timestamp: isCount,
      operation: isOperation,
      isReadOnly: isFlag,
      proof: isProof,
    },
  ],
  [
    "reply",
    {
      type: isText,
      view: isCount,
      timestamp: isCount,
      client: isName,
      isReadOnly: isFlag,
      result: isJson,
      ...said,
    },
  ],
  ["prePrepare", { ...place, requests: orNull(listOf(typed("request"))), ...said }],
  ["prepare", { ...place, ...said }],
  ["commit", { ...place, ...said }],
  ["checkpoint", { type: isText, sequence: isCount, digest: isDigest, ...said }],
  [
    "viewChange",
    {
      type: isText,
      view: isCount,
      stableSequence: isCount,
      checkpointProof: listOf(typed("checkpoint")),
      prepared: listOf(isCertificate),
      prePrepared: listOf(isClaim),
      ...said,
    },
  ],
  [
    "newView",
    {
      type: isText,
      view: isCount,
      viewChanges: listOf(typed("viewChange")),
      prePrepares: listOf(typed("prePrepare")),
      ...said,
    },
  ],
  [
    "status",
    {
      type: isText,
      view: isCount,
      isActive: isFlag,
      lastExecuted: isCount,
      stableSequence: isCount,
      ...said,
    },
  ],
  ["executed", { type: isText, sequence: isCount, digest: isDigest, ...said }],
  ["fetchBatch", { type: isText, sequence: isCount, digest: isDigest, ...said }],
  [
    "batch",
    { type: isText, sequence: isCount, digest: isDigest, requests: listOf(typed("request")) },
  ],
  [
    "fetchState",
    { type: isText, sequence: isCount, digest: isDigest, page: orNull(isCount), ...said },
  ],
  ["statePages", { type: isText, sequence: isCount, pages: listOf(isDigest) }],
  ["statePage", { type: isText, sequence: isCount, page: isCount, text: isText }],
]);

/** What is wrong with the form of a message; undefined: it has the form of its type. */
export function shapeFlaw(message: unknown): string | undefined {
  const type = isRecord(message) ? message["type"] : undefined;
  if (typeof type !== "string") return "it is no message";
  const shape = shapes.get(type);
  if (shape === undefined) return `there is no message "${type.slice(0, 40)}"`;
  return fits(message, shape) ? undefined : `it has not the form of ${type}`;
}

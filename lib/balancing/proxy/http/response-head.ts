/**
 * The head of a response: read from the back end, and written anew for the client.
 * Source: RFC 9112, sections 4 and 6.3; a length and chunks together count as broken.
 */
import { framingOf, isLeftBehind, listOf, parseFields, valueOf } from "./fields";
import type { Field, Framing } from "./fields";

export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly fields: readonly Field[];
  readonly framing: Framing;
  /** Whether the back end goes on with its connection, and for how long it has said it would. */
  readonly isKeptAlive: boolean;
  readonly keptAliveMs: number;
  /** The words of Connection. */
  readonly named: readonly string[];
}

const statusLine = /^HTTP\/1\.(\d) ([1-9]\d\d)(?: ([^\0-\x08\n-\x1f\x7f]*))?\r\n/;

/** `isToHead`: of a request HEAD, whose response has no body. Undefined for what is malformed. */
export function parseResponseHead(text: string, isToHead: boolean): ResponseHead | undefined {
  const match = statusLine.exec(text);
  if (match === null) return undefined;
  const fields = parseFields(text, match[0].length);
  if (fields === undefined) return undefined;
  const status = Number(match[2]);
  const written = framingOf(fields) ?? { kind: "close" };
  if (written === "ambiguous" || written === "unknown") return undefined;
  const isBare = isToHead || status < 200 || status === 204 || status === 304;
  const framing: Framing = isBare ? { kind: "none" } : written;
  const connection = fields.filter(({ lower }) => lower === "connection");
  const named = connection.flatMap(({ value }) => listOf(value));
  const isAsked = match[1] === "0" ? named.includes("keep-alive") : !named.includes("close");
  return {
    ...{ status, reason: match[3] ?? "", fields, framing, named },
    isKeptAlive: isAsked && framing.kind !== "close",
    keptAliveMs: keptAliveMs(fields),
  };
}

/** Of "Keep-Alive: timeout=5"; Infinity where nothing is said. */
function keptAliveMs(fields: readonly Field[]): number {
  const value = valueOf(fields, "keep-alive");
  const seconds = value === undefined ? undefined : /\btimeout=(\d{1,9})\b/i.exec(value)?.[1];
  return seconds === undefined ? Infinity : Number(seconds) * 1_000;
}

export interface Passing {
  /** Whether the client's connection goes on afterwards. */
  readonly isKeptAlive: boolean;
  /** Whether the body goes in chunks that we make. */
  readonly isChunked: boolean;
}

/** What the client gets: hop-by-hop fields out, Via with us in it. */
export function forwardedResponse(head: ResponseHead, { isKeptAlive, isChunked }: Passing): string {
  const { status, reason, fields, named } = head;
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  let via = "";
  // Neither a 1xx nor a 204 has a length: RFC 9110, section 8.6.
  const isWithoutLength = status < 200 || status === 204;
  for (const { name, lower, value } of fields) {
    if (lower === "via") via += `${value}, `;
    else if (isLeftBehind(lower, named)) continue;
    else if (isWithoutLength && lower === "content-length") continue;
    else text += `${name}: ${value}\r\n`;
  }
  if (status === 101) text += "Connection: upgrade\r\nUpgrade: websocket\r\n";
  else if (!isKeptAlive && status >= 200) text += "Connection: close\r\n";
  if (isChunked) text += "Transfer-Encoding: chunked\r\n";
  return `${text}Via: ${via}1.1 dabbawala\r\n\r\n`;
}

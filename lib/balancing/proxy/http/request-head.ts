/**
 * The head of a request: read, and written anew for the back end.
 *
 * Source: RFC 9112, sections 2 to 6; RFC 9110, section 7.6. Both Content-Length and
 * Transfer-Encoding, either of them twice, and two Hosts are refused, though a list of equal
 * lengths might be taken; so is CONNECT. Of upgrades only "websocket" goes on: the others ("h2c")
 * let a client speak past the proxy.
 */
import { framingOf, isLeftBehind, listOf, parseFields, valueOf } from "./fields";
import type { Field, Framing } from "./fields";

export interface RequestHead {
  readonly kind: "request";
  readonly method: string;
  /** As it goes to the back end: a path with its query, or "*". */
  readonly target: string;
  /** Of HTTP/1.0 or HTTP/1.1. */
  readonly minor: 0 | 1;
  readonly fields: readonly Field[];
  readonly framing: Framing;
  /** Whether the client wants to go on with its connection. */
  readonly isKeptAlive: boolean;
  readonly expectsContinue: boolean;
  readonly isUpgrade: boolean;
  /** The words of Connection. */
  readonly named: readonly string[];
  /** From a target that names it; otherwise the field Host. */
  readonly authority: string | undefined;
  readonly hasHost: boolean;
}

export interface RefusedHead {
  readonly kind: "refused";
  readonly status: number;
  readonly reason: string;
}

// The method, the target, the version.
const requestLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e]+) HTTP\/(\d)\.(\d)\r\n/;
const absolute = /^https?:\/\/([^/?#@]+)(\/[^#]*|\?[^#]*)?$/i;
// A name or an address, with a port or without; empty where a target has no authority.
const host = /^(?:\[[0-9a-f:.]+\]|[!$&'()*+,;=\-._~%0-9a-z]*)(?::\d{0,5})?$/i;
const mostFields = 100;

/** `text`: up to the end of its last field, without the empty line. */
export function parseRequestHead(text: string): RequestHead | RefusedHead {
  const match = requestLine.exec(text);
  if (match === null) return refused(400, "the request line is malformed");
  const [whole, method, target, major, minor] = match;
  if (major !== "1") return refused(505, "only HTTP/1 is spoken here");
  if (method === "CONNECT") return refused(405, "this proxy is no tunnel");
  const fields = parseFields(text, whole.length);
  if (fields === undefined) return refused(400, "a header field is malformed");
  if (fields.length > mostFields) return refused(431, `more than ${mostFields} header fields`);
  return interpreted({ method, target, minor: minor === "0" ? 0 : 1 }, fields);
}

interface Line {
  readonly method: string;
  readonly target: string;
  readonly minor: 0 | 1;
}

function interpreted(line: Line, fields: Field[]): RequestHead | RefusedHead {
  const hosts = fields.filter(({ lower }) => lower === "host").length;
  if (hosts > 1 || (hosts === 0 && line.minor === 1)) return refused(400, "one Host is needed");
  const framing = framingOf(fields) ?? { kind: "none" };
  if (framing === "ambiguous") return refused(400, "the length of the body is ambiguous");
  if (framing === "unknown") return refused(501, "this transfer coding is not known");
  if (framing.kind === "chunked" && line.minor === 0) return refused(400, "chunks in HTTP/1.0");
  const where = targetOf(line);
  if (where === undefined) return refused(400, "the target is neither a path nor http://");
  const isHost = host.test(valueOf(fields, "host") ?? "") && host.test(where.authority ?? "");
  if (!isHost) return refused(400, "the Host is malformed");
  const connection = fields.filter(({ lower }) => lower === "connection");
  const named = connection.flatMap(({ value }) => listOf(value));
  const expectation = valueOf(fields, "expect")?.toLowerCase();
  if (expectation !== undefined && expectation !== "100-continue") {
    return refused(417, "no expectation but 100-continue is known");
  }
  const upgrade = named.includes("upgrade") ? valueOf(fields, "upgrade") : undefined;
  return {
    kind: "request",
    ...line,
    ...where,
    fields,
    framing,
    isKeptAlive: line.minor === 1 && !named.includes("close"),
    expectsContinue: expectation !== undefined && line.minor === 1 && framing.kind !== "none",
    isUpgrade: upgrade?.toLowerCase() === "websocket" && line.minor === 1,
    named,
    hasHost: hosts === 1,
  };
}

/** A target of the form http://host/path gives its host, which then counts. */
function targetOf({ method, target }: Line): Pick<RequestHead, "target" | "authority"> | undefined {
  if (target[0] === "/") return { target, authority: undefined };
  if (target === "*") return method === "OPTIONS" ? { target, authority: undefined } : undefined;
  const match = absolute.exec(target);
  if (match === null) return undefined;
  const path = match[2] ?? "/";
  return { target: path[0] === "?" ? `/${path}` : path, authority: match[1] };
}

function refused(status: number, reason: string): RefusedHead {
  return { kind: "refused", status, reason };
}

export interface Between {
  readonly client: string;
  /** The Host of a request of HTTP/1.0 that has none. */
  readonly backEnd: string;
}

/** What the back end gets: hop-by-hop fields out, X-Forwarded-For and Via with us in them. */
export function forwardedRequest(head: RequestHead, { client, backEnd }: Between): string {
  const { method, target, fields, named, authority, framing } = head;
  let text = `${method} ${target} HTTP/1.1\r\n`;
  let [forwardedFor, via] = ["", ""];
  if (authority !== undefined) text += `Host: ${authority}\r\n`;
  else if (!head.hasHost) text += `Host: ${backEnd}\r\n`;
  for (const { name, lower, value } of fields) {
    if (lower === "x-forwarded-for") forwardedFor += `${value}, `;
    else if (lower === "via") via += `${value}, `;
    else if (isLeftBehind(lower, named)) continue;
    else if (lower === "host" && authority !== undefined) continue;
    else if (lower === "expect" && !head.expectsContinue) continue;
    else text += `${name}: ${value}\r\n`;
  }
  if (framing.kind === "chunked") text += "Transfer-Encoding: chunked\r\n";
  if (head.isUpgrade) text += "Connection: upgrade\r\nUpgrade: websocket\r\n";
  text += `X-Forwarded-For: ${forwardedFor}${client}\r\n`;
  return `${text}Via: ${via}1.${head.minor} dabbawala\r\n\r\n`;
}

/** The answers that a proxy gives itself. */
import { STATUS_CODES } from "node:http";

export interface OwnAnswer {
  readonly status: number;
  readonly reason: string;
  /** Of HEAD, whose answer has no body. */
  readonly isToHead?: boolean;
  readonly isKeptAlive: boolean;
  /** When to come again, for 503. */
  readonly retryAfterSeconds?: number;
}

export function ownAnswer(answer: OwnAnswer): string {
  const { status, reason, isToHead = false, isKeptAlive, retryAfterSeconds } = answer;
  const body = `${status} ${STATUS_CODES[status]}: ${reason}\n`;
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/plain\r\n`;
  text += `Content-Length: ${body.length}\r\n`;
  if (status === 405) text += "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";
  if (retryAfterSeconds !== undefined) text += `Retry-After: ${retryAfterSeconds}\r\n`;
  if (!isKeptAlive) text += "Connection: close\r\n";
  return `${text}\r\n${isToHead ? "" : body}`;
}

/** Jepsen's history.edn: a map for each event, one a line or all in one vector. */
import { InputError } from "../../basics";
import type { History, HistoryEvent } from "../history";
import { readEdn } from "./edn";
import type { EdnForm } from "./edn";
import { eventOf } from "./event";

/**
 * Reads Jepsen's EDN. A value that is an independent tuple gives its first part as the key.
 * Throws InputError with `source` and the line.
 */
export function parseEdnHistory(text: string, source = "history"): HistoryEvent[] {
  return readEdn(text, source).map((form) => eventOf({ ...record(form, source), source }));
}

function record(
  { value, line }: EdnForm,
  source: string,
): { fields: Record<string, unknown>; line: number } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const shown = JSON.stringify(value);
    throw new InputError(`${source}:${line}: an event must be a map, but this is ${shown}`);
  }
  const fields = { ...(value as Record<string, unknown>) };
  for (const name of ["process", "type", "f", "key"]) fields[name] = withoutColon(fields[name]);
  const inner = fields["value"] as { independent?: unknown } | null | undefined;
  if (typeof inner === "object" && inner !== null && Array.isArray(inner.independent)) {
    [fields["key"], fields["value"]] = inner.independent as unknown[];
  }
  return { fields, line };
}

function withoutColon(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^:/, "") : value;
}

/** Writes Jepsen's EDN, one event a line. */
export function formatEdnHistory(history: History): string {
  return history.map((event) => formatEvent(event) + "\n").join("");
}

function formatEvent({ process, type, f, key, value, time }: HistoryEvent): string {
  const who = typeof process === "number" ? String(process) : keyword(process);
  const parts = [`:process ${who}`, `:type :${type}`, `:f ${keyword(f)}`];
  if (key !== undefined) parts.push(`:key ${formatEdn(key)}`);
  parts.push(`:value ${formatEdn(value)}`);
  if (time !== undefined) parts.push(`:time ${time}`);
  return `{${parts.join(", ")}}`;
}

const keywordForm = /^[^\s,;()[\]{}"\\:#^@~`][^\s,;()[\]{}"\\]*$/;

function keyword(name: string): string {
  return keywordForm.test(name) ? `:${name}` : JSON.stringify(name);
}

/** A JSON value as EDN; a string that begins with a colon was a keyword and becomes one again. */
function formatEdn(value: unknown): string {
  if (value === null || value === undefined) return "nil";
  if (typeof value === "string") {
    const isKeyword = value.startsWith(":") && keywordForm.test(value.slice(1));
    return isKeyword ? value : JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(formatEdn).join(" ")}]`;
  if (typeof value === "object") {
    const entries = Object.entries(value).map(([name, item]) => {
      return `${keyword(name)} ${formatEdn(item)}`;
    });
    return `{${entries.join(", ")}}`;
  }
  return typeof value === "number" ? formatNumber(value) : String(value);
}

function formatNumber(value: number): string {
  // A whole number past what JavaScript holds exactly would be read back as text without a point.
  if (Number.isInteger(value) && /^-?\d+$/.test(String(value))) {
    return Number.isSafeInteger(value) ? String(value) : `${value}.0`;
  }
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "##NaN" : value > 0 ? "##Inf" : "##-Inf";
}

/**
 * Header fields, read strictly: what two readers could take in two ways is refused, because what
 * lies between two readings is how requests are smuggled past a proxy.
 *
 * Source: RFC 9110, section 5; RFC 9112, section 5. No line is folded, no space stands before the
 * colon, every line ends with CR LF, and no control character but the tab is in a value.
 */
export interface Field {
  /** As it was written. */
  readonly name: string;
  readonly lower: string;
  readonly value: string;
}

// A name, its value with the spaces after it, the end of the line.
const line = /([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\0-\x08\n-\x1f\x7f]*)\r\n/y;

/** The fields of the text from `at` on, to its end; undefined for what breaks the grammar. */
export function parseFields(text: string, at: number): Field[] | undefined {
  const fields: Field[] = [];
  line.lastIndex = at;
  while (line.lastIndex < text.length) {
    const match = line.exec(text);
    if (match === null) return undefined;
    fields.push({ name: match[1], lower: match[1].toLowerCase(), value: trimmed(match[2]) });
  }
  return fields;
}

/** Without the spaces and tabs at the end; a byte 160 is no space here. */
function trimmed(value: string): string {
  let end = value.length;
  while (end > 0 && (value[end - 1] === " " || value[end - 1] === "\t")) end--;
  return end === value.length ? value : value.slice(0, end);
}

/** The value of the first field of that name, in small letters. */
export function valueOf(fields: readonly Field[], lower: string): string | undefined {
  for (const field of fields) if (field.lower === lower) return field.value;
  return undefined;
}

/** The words of a list such as that of Connection, in small letters. */
export function listOf(value: string): string[] {
  return value
    .toLowerCase()
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** About one connection and not for whoever comes after it: RFC 9110, section 7.6.1. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Never named by Connection: a client could make the back end lose them so. */
const neverDropped = new Set(["content-length", "host", "x-forwarded-for", "via", "date"]);

/** Whether a field stays behind; `named` are the words of Connection. */
export function isLeftBehind(lower: string, named: readonly string[]): boolean {
  if (hopByHop.has(lower)) return true;
  return named.length > 0 && named.includes(lower) && !neverDropped.has(lower);
}

/** How a body ends. */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly bytes: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" };

/** Of Content-Length and Transfer-Encoding together; undefined where neither is there. */
export function framingOf(fields: readonly Field[]): Framing | "ambiguous" | "unknown" | undefined {
  let length: string | undefined;
  let coding: string | undefined;
  for (const { lower, value } of fields) {
    if (lower === "content-length") {
      if (length !== undefined) return "ambiguous";
      length = value;
    } else if (lower === "transfer-encoding") {
      if (coding !== undefined) return "ambiguous";
      coding = value;
    }
  }
  if (coding !== undefined) {
    if (length !== undefined) return "ambiguous";
    return coding.toLowerCase() === "chunked" ? { kind: "chunked" } : "unknown";
  }
  if (length === undefined) return undefined;
  // Up to 15 digits: a number that is exact.
  if (!/^\d{1,15}$/.test(length)) return "ambiguous";
  return { kind: "length", bytes: Number(length) };
}

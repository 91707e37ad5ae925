/**
 * The columns of lines, some of them perhaps in quotes.
 *
 * Source: Y. Shafranovich, RFC 4180, section 2, rules 5 to 7, without line ends in fields.
 */
import type { LineShape } from "../shape";
import { separatorByte } from "../shape";
import type { RecordTable } from "./record-table";

const carriageReturn = 13;
const noQuote = -1;

function quoteByte({ quote }: LineShape): number {
  return quote === undefined ? noQuote : quote.charCodeAt(0);
}

/** Finds a column of a line: the bytes [from, to) of `source`. */
export class FieldFinder {
  from = 0;
  to = 0;
  /** The bytes that lines lie in, or, where quotes in a field are doubled, those of the field. */
  source: Uint8Array;
  private readonly separator: number;
  private readonly quote: number;

  constructor(
    shape: LineShape,
    private readonly bytes: Uint8Array,
  ) {
    this.source = bytes;
    this.separator = separatorByte(shape);
    this.quote = quoteByte(shape);
  }

  /** Of the line [start, end); a column that is not there is empty; 0 is the line as it stands. */
  find(start: number, end: number, column: number): void {
    this.source = this.bytes;
    let at = start;
    for (let left = column - 1; left > 0 && at <= end; left--) at = this.endOf(at, end) + 1;
    this.from = Math.min(at, end);
    if (column === 0 || at >= end) return void (this.to = end);
    this.to = this.endOf(at, end);
    if (this.quote !== noQuote) this.unquote(end);
  }

  private endOf(start: number, end: number): number {
    const { bytes, separator } = this;
    let at = start;
    if (bytes[at] === this.quote && at < end) at = closingQuote(bytes, { start, end }, this.quote);
    while (at < end && bytes[at] !== separator) at++;
    return at;
  }

  private unquote(end: number): void {
    const { bytes, quote, from } = this;
    if (this.to === end && this.to > from && bytes[end - 1] === carriageReturn) this.to--;
    if (bytes[from] !== quote || this.to - from < 2) return;
    this.from++;
    this.to--;
    const inner = bytes.subarray(this.from, this.to);
    if (inner.includes(quote)) this.takeSingly(inner);
  }

  private takeSingly(inner: Uint8Array): void {
    const taken = new Uint8Array(inner.length);
    let count = 0;
    for (let i = 0; i < inner.length; i++) {
      taken[count++] = inner[i] as number;
      if (inner[i] === this.quote) i++;
    }
    this.source = taken;
    this.from = 0;
    this.to = count;
  }
}

/** Of the field that begins with a quote at `start`; `end` when it is not closed before. */
function closingQuote(
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
  quote: number,
): number {
  let at = start + 1;
  for (; at < end; at++) {
    if (bytes[at] !== quote) continue;
    if (at + 1 >= end || bytes[at + 1] !== quote) return at;
    at++;
  }
  return end;
}

/** What is wrong with the quotes of the line [start, end); undefined: nothing. */
export function quoteFault(
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
  shape: LineShape,
): string | undefined {
  const [separator, quote] = [separatorByte(shape), quoteByte(shape)];
  for (let at = start; at < end; at++) {
    if (bytes[at] === quote) {
      at = closingQuote(bytes, { start: at, end }, quote);
      if (at === end) return "a field in quotes goes on in the next line, but lines are sorted";
      const isLast = at + 1 === end || (at + 2 === end && bytes[at + 1] === carriageReturn);
      if (!isLast && bytes[at + 1] !== separator) {
        return "a field goes on after its closing quote: a quote in it must be doubled";
      }
    }
    while (at < end && bytes[at] !== separator) at++;
  }
  return undefined;
}

/** The first line of the table whose quotes are wrong; undefined: none is. */
export function firstQuoteFault(
  bytes: Buffer,
  { starts, lengths, count }: RecordTable,
  shape: LineShape,
): { readonly start: number; readonly why: string } | undefined {
  if (count === 0) return undefined;
  const quote = quoteByte(shape);
  const last = count - 1;
  const used = bytes.subarray(0, (starts[last] as number) + (lengths[last] as number));
  let next = used.indexOf(quote, starts[0]);
  for (let i = 0; i < count && next >= 0; i++) {
    const start = starts[i] as number;
    const end = start + (lengths[i] as number) - 1;
    if (next >= end) continue;
    const why = quoteFault(bytes, { start, end }, shape);
    if (why !== undefined) return { start, why };
    next = used.indexOf(quote, end);
  }
  return undefined;
}

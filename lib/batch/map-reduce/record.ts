/**
 * One record as the bytes that it is: a line, whose text and fields are decoded only when they are
 * asked for. The same object is used for every record, so keep what you need of it, not itself.
 */
import type { Block, Bytes } from "./scan/scanner";
import { TextCache } from "./scan/text-cache";

const carriageReturn = 13;
const quote = 34;
const emptyBlock: Block = {
  bytes: Buffer.alloc(0) as Bytes,
  start: 0,
  places: new Uint32Array(0),
  count: 0,
  lines: 0,
  offset: 0,
  isAscii: true,
  hasQuotes: false,
};

export class MapRecord {
  private block = emptyBlock;
  private start = 0;
  private end = 0;
  /** Index of the record's first separator among the block's places, and of its line end. */
  private first = 0;
  private last = 0;
  private readonly cache = new TextCache();
  private from = 0;
  private to = 0;

  /** `columns`: the names of the header line; empty for records that are lines. */
  constructor(
    private readonly columns: ReadonlyMap<string, number>,
    /** The file that the record comes from. */
    readonly file: string,
  ) {}

  /** Goes to another block. */
  enter(block: Block): void {
    this.block = block;
  }

  /** Makes this object the line from `start` to the line end `places[last]`. */
  set(start: number, first: number, last: number): this {
    const { bytes, places } = this.block;
    const end = places[last] as number;
    this.start = start;
    this.end = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
    this.first = first;
    this.last = last;
    return this;
  }

  /** The place of the record's first byte in its file (unpacked, where the file is compressed). */
  get at(): number {
    return this.block.offset + this.start;
  }

  /** The whole line as text (UTF-8), without its end. */
  get line(): string {
    return this.decode(this.start, this.end);
  }

  /**
   * The text of a column. Throws RangeError for an unknown one, Error where the line ends early.
   */
  text(column: string): string {
    this.findField(column);
    const { from, to, block } = this;
    if (block.hasQuotes && block.bytes[from] === quote) return unquote(this.decode(from, to));
    return this.cache.text(block, from, to);
  }

  /** The number in a column; throws an Error when it holds none. */
  number(column: string): number {
    this.findField(column);
    const { from, to, block } = this;
    let value = 0;
    for (let at = from; at < to; at++) {
      const byte = block.bytes[at] as number;
      if (byte < 48 || byte > 57) return this.slowNumber(column);
      value = value * 10 + byte - 48;
    }
    return to === from || to - from > 15 ? this.slowNumber(column) : value;
  }

  /** Signs, points, exponents and quotes; and nonsense, which is told. */
  private slowNumber(column: string): number {
    const text = this.text(column);
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value)) return value;
    throw new Error(`the column ${column} holds "${text}", which is no number`);
  }

  /** Puts the column's range into `from` and `to`. */
  private findField(column: string): void {
    const index = this.columns.get(column);
    if (index === undefined) throw this.unknownColumn(column);
    const place = this.first + index;
    if (place > this.last) throw new Error(`the line ends before the column ${column}`);
    const { places } = this.block;
    this.from = index === 0 ? this.start : (places[place - 1] as number) + 1;
    this.to = place === this.last ? this.end : (places[place] as number);
  }

  private unknownColumn(column: string): RangeError {
    const known = [...this.columns.keys()].join(", ") || "none, since its input is lines";
    return new RangeError(`the input has no column "${column}": its columns are ${known}`);
  }

  private decode(from: number, to: number): string {
    const { bytes, isAscii } = this.block;
    return isAscii ? bytes.latin1Slice(from, to) : bytes.utf8Slice(from, to);
  }
}

/** A field in quotes, in which a quote is written twice. RFC 4180, section 2, rule 7. */
export function unquote(field: string): string {
  const inner = field.endsWith('"') && field.length > 1 ? field.slice(1, -1) : field.slice(1);
  return inner.replace(/""/g, '"');
}

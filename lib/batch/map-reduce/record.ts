/**
 * One record as the bytes that it is: a line, whose text and fields are decoded only when they are
 * asked for. The same object is used for every record, so keep what you need of it, not itself.
 */
const comma = 44;
const carriageReturn = 13;

export class MapRecord {
  private bytes: Buffer = Buffer.alloc(0);
  private start = 0;
  private end = 0;
  private readonly ends: number[] = [];
  private hasFields = false;

  /** `columns`: the names of the header line; empty for records that are lines. */
  constructor(private readonly columns: ReadonlyMap<string, number>) {}

  /** Makes this object the record in [start, end) of `bytes`. A carriage return is cut off. */
  set(bytes: Buffer, start: number, end: number): this {
    this.bytes = bytes;
    this.start = start;
    this.end = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
    this.hasFields = false;
    return this;
  }

  /** The whole line as text (UTF-8), without its end. */
  get line(): string {
    return this.bytes.toString("utf8", this.start, this.end);
  }

  /** The text of a column. Throws RangeError for an unknown one, Error where the line ends early. */
  text(column: string): string {
    const [from, to] = this.field(column);
    return this.bytes.toString("utf8", from, to);
  }

  /** The number in a column; throws an Error when it holds none. */
  number(column: string): number {
    const [from, to] = this.field(column);
    let value = 0;
    for (let at = from; at < to; at++) {
      const byte = this.bytes[at] as number;
      if (byte < 48 || byte > 57) return this.slowNumber(column, from, to);
      value = value * 10 + byte - 48;
    }
    return to === from ? this.slowNumber(column, from, to) : value;
  }

  /** Signs, points and exponents; and nonsense, which is told. */
  private slowNumber(column: string, from: number, to: number): number {
    const text = this.bytes.toString("utf8", from, to);
    const value = Number(text);
    if (text !== "" && Number.isFinite(value)) return value;
    throw new Error(`the column ${column} holds "${text}", which is no number`);
  }

  private field(column: string): [number, number] {
    const index = this.columns.get(column);
    if (index === undefined) {
      const known = [...this.columns.keys()].join(", ") || "none, since its input is lines";
      throw new RangeError(`the input has no column "${column}": its columns are ${known}`);
    }
    if (!this.hasFields) this.findFields();
    const to = this.ends[index];
    if (to === undefined) throw new Error(`the line ends before the column ${column}`);
    return [index === 0 ? this.start : (this.ends[index - 1] as number) + 1, to];
  }

  private findFields(): void {
    this.ends.length = 0;
    for (let at = this.start; at < this.end; at++) {
      if (this.bytes[at] === comma) this.ends.push(at);
    }
    this.ends.push(this.end);
    this.hasFields = true;
  }
}

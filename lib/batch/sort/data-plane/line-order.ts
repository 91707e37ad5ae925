/** The order of lines by the keys of a `LineShape`. */
import type { LineShape, SortKey } from "../shape";
import { encodeNumber, readNumber } from "./decimal";
import { FieldFinder } from "./fields";
import type { EncodedKey, KeyOrder } from "./key-order";
import type { RecordTable } from "./record-table";

/** A longer key is cut off in samples, so that they stay small. */
const longestEncodedKey = 256;

export class LineOrder implements KeyOrder {
  private readonly fields: FieldFinder;
  private readonly keys: readonly Required<SortKey>[];
  private readonly number = new Float64Array(1);
  private readonly numberWords = new Uint32Array(this.number.buffer);

  /**
   * `common`: what most texts of the first key begin with. A prefix is then of the bytes after it;
   * of texts that begin otherwise it says which side of the others they are on.
   */
  constructor(
    shape: LineShape,
    bytes: Uint8Array,
    private readonly common: Uint8Array,
  ) {
    this.fields = new FieldFinder(shape, bytes);
    const keys = shape.keys === undefined || shape.keys.length === 0 ? [{}] : shape.keys;
    const whole = { column: 0, kind: "text", order: "ascending" } as const;
    this.keys = keys.map((key) => ({ ...whole, ...key }));
  }

  readPrefixes({ starts, lengths, high, low, count }: RecordTable): void {
    const { fields } = this;
    const first = this.keys[0] as Required<SortKey>;
    const isNumber = first.kind === "number";
    const flip = first.order === "descending" ? 0xffffffff : 0;
    for (let i = 0; i < count; i++) {
      const start = starts[i] as number;
      fields.find(start, start + (lengths[i] as number) - 1, first.column);
      let [upper, lower] = [0, 0];
      if (isNumber) {
        this.number[0] = readNumber(fields.source, fields.from, fields.to);
        [lower, upper] = [this.numberWords[0] as number, this.numberWords[1] as number];
        const isNegative = upper >>> 31 === 1;
        upper = isNegative ? ~upper : upper ^ 0x80000000;
        if (isNegative) lower = ~lower;
      } else {
        const side = this.sideOfCommon();
        const at = fields.from + this.common.length;
        upper = side === 0 ? this.word(at) : side;
        lower = side === 0 ? this.word(at + 4) : side;
        if (side < 0) upper = lower = 0; // they may share it with others: then they are compared
      }
      high[i] = upper ^ flip;
      low[i] = lower ^ flip;
    }
  }

  /** 0: it begins with what is common; -1: it comes before all that do; else after them. */
  private sideOfCommon(): number {
    const { common, fields } = this;
    const { source, from, to } = fields;
    for (let i = 0; i < common.length; i++) {
      if (from + i >= to) return -1;
      const difference = (source[from + i] as number) - (common[i] as number);
      if (difference !== 0) return difference < 0 ? -1 : 0xffffffff;
    }
    return 0;
  }

  private word(at: number): number {
    const { source: bytes, to } = this.fields;
    if (at + 4 <= to) {
      const upper = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
      return (upper << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    }
    let word = 0;
    for (let i = 0; i < 4; i++) word = (word << 8) | (at + i < to ? (bytes[at + i] as number) : 0);
    return word;
  }

  compare(left: number, leftBytes: number, right: number, rightBytes: number): number {
    const { fields } = this;
    for (const { column, kind, order } of this.keys) {
      fields.find(left, left + leftBytes - 1, column);
      const { source, from, to } = fields;
      fields.find(right, right + rightBytes - 1, column);
      const difference =
        kind === "number"
          ? this.compareNumbers(source, from, to)
          : this.compareTexts(source, from, to);
      if (difference !== 0) return order === "descending" ? -difference : difference;
    }
    return 0;
  }

  /** With the column found last, as the other one. */
  private compareTexts(source: Uint8Array, from: number, to: number): number {
    const { source: other, from: otherFrom, to: otherTo } = this.fields;
    const difference = to - from - (otherTo - otherFrom);
    const shorter = difference < 0 ? to - from : otherTo - otherFrom;
    for (let i = 0; i < shorter; i++) {
      const step = (source[from + i] as number) - (other[otherFrom + i] as number);
      if (step !== 0) return step;
    }
    return difference;
  }

  private compareNumbers(source: Uint8Array, from: number, to: number): number {
    const { source: other, from: otherFrom, to: otherTo } = this.fields;
    const difference = readNumber(source, from, to) - readNumber(other, otherFrom, otherTo);
    const isShort = to - from <= 15 && otherTo - otherFrom <= 15;
    if (difference > 0 || difference < 0 || isShort) return difference;
    const left = Buffer.from(encodeNumber(source, from, to));
    return left.compare(Buffer.from(encodeNumber(other, otherFrom, otherTo)));
  }

  encode(start: number, length: number): EncodedKey {
    const { fields } = this;
    const all: number[] = [];
    for (const { column, kind, order } of this.keys) {
      fields.find(start, start + length - 1, column);
      const { source, from, to } = fields;
      const key = kind === "number" ? encodeNumber(source, from, to) : encodeText(source, from, to);
      for (const byte of key) all.push(order === "descending" ? 255 - byte : byte);
      if (all.length > longestEncodedKey) break;
    }
    const key = Buffer.from(all.slice(0, longestEncodedKey)).toString("latin1");
    return { key, isWhole: all.length <= longestEncodedKey };
  }
}

/** None is the beginning of another: a zero is followed by 255, the end is two zeros. */
function encodeText(bytes: Uint8Array, from: number, to: number): number[] {
  const key: number[] = [];
  for (let at = from; at < to && key.length <= longestEncodedKey; at++) {
    key.push(bytes[at] as number);
    if (bytes[at] === 0) key.push(255);
  }
  key.push(0, 0);
  return key;
}

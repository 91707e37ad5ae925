/** Reads the numbers of a column from their bytes. */
import { RecordError } from "../record-error";
import type { BlockRows } from "./block-rows";
import type { Fields } from "./fields";

const [zero, nine, minus, point] = [48, 57, 45, 46];
/** Whole numbers of so many digits are exact in 64-bit floating point, and 10 to the 22nd is. */
const exactDigits = 15;
const powersOfTen = Array.from({ length: exactDigits + 1 }, (_, digits) => 10 ** digits);
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export class NumberColumn {
  /** Of the block's rows; NaN where the field is empty. */
  values = new Float64Array(0);

  constructor(
    private readonly name: string,
    private readonly index: number,
  ) {}

  read(rows: BlockRows, fields: Fields): void {
    if (this.values.length < rows.count) this.values = new Float64Array(rows.starts.length);
    const { values, index } = this;
    for (let row = 0; row < rows.count; row++) {
      fields.find(row, index);
      const { bytes, from, to } = fields;
      let value = 0;
      let at = from;
      for (; at < to; at++) {
        const digit = (bytes[at] as number) - zero;
        if (digit < 0 || digit > 9) break;
        value = value * 10 + digit;
      }
      const isWhole = at === to && to - from <= exactDigits;
      values[row] = isWhole ? (to === from ? NaN : value) : this.readDecimal(fields, row);
    }
  }

  /**
   * A sign and a point, of few digits: W. Clinger, "How to Read Floating Point Numbers Accurately",
   * PLDI 1990: an exact whole number divided by an exact power of ten is rounded once.
   */
  private readDecimal(fields: Fields, row: number): number {
    const { bytes, from, to } = fields;
    const isNegative = bytes[from] === minus;
    let [value, digits, decimals] = [0, 0, -1];
    for (let at = isNegative ? from + 1 : from; at < to; at++) {
      const byte = bytes[at] as number;
      if (byte === point && decimals < 0) decimals = digits;
      else if (byte < zero || byte > nine) return this.readAny(fields, row);
      else {
        value = value * 10 + byte - zero;
        digits++;
      }
    }
    if (digits === 0 || digits > exactDigits) return this.readAny(fields, row);
    const scaled = decimals < 0 ? value : value / (powersOfTen[digits - decimals] as number);
    return isNegative ? -scaled : scaled;
  }

  /** Exponents and many digits; and nonsense, which is told. */
  private readAny(fields: Fields, row: number): number {
    const text = Buffer.from(fields.bytes.subarray(fields.from, fields.to)).toString();
    if (decimal.test(text)) return Number(text);
    const message = `the column ${this.name} holds "${text}", which is no number`;
    throw new RecordError(message, fields.at(row));
  }
}

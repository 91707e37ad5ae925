/**
 * Fields of rows as bytes, written straight into a buffer: no strings on the way. Four or eight
 * bytes go in one store, the last of them perhaps beyond the field, where the next field
 * overwrites them. Hence no branch asks how long a field is.
 */
import { AsciiTexts, bytesPerWord } from "./ascii-texts";

export const comma = 44;
export const newline = 10;
const zero = 48;

/** Every number below 10,000 as four digits, the first in the low eight bits. */
const fourDigits = Uint32Array.from({ length: 10_000 }, (_, value) => {
  const digit = (unit: number): number => zero + (Math.floor(value / unit) % 10);
  return digit(1_000) | (digit(100) << 8) | (digit(10) << 16) | (digit(1) << 24);
});

/** The two hexadecimal digits of every byte, the first in the low eight bits. */
const hexDigits = Uint16Array.from({ length: 256 }, (_, byte) => {
  const text = byte.toString(16).padStart(2, "0");
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8);
});

/** Digits of a number from 0 to 9,999. */
function digitCount(value: number): number {
  return 1 + ((9 - value) >>> 31) + ((99 - value) >>> 31) + ((999 - value) >>> 31);
}

/** Numbers below this fit into four bytes with a separator behind them. */
const shortNumbers = 1_000;
/** Their lengths with the separator. */
const lengthsAnd = Uint8Array.from({ length: shortNumbers }, (_, value) => digitCount(value) + 1);

/** A character that stands behind numbers. */
export class Separator {
  /** Every short number with the character, the first digit in the low eight bits. */
  readonly numbers: Uint32Array;

  /** `code`: of an ASCII character. */
  constructor(readonly code: number) {
    this.numbers = Uint32Array.from({ length: shortNumbers }, (_, value) => {
      const bits = 8 * digitCount(value);
      return (fourDigits[value] >>> (32 - bits)) | (code << bits);
    });
  }
}

export const thenComma = new Separator(comma);

export class RowWriter {
  at = 0;
  readonly bytes: Uint8Array;
  readonly view: DataView;

  /**
   * A writer with room for `capacity` bytes, used before where one is free: a new one of several
   * megabytes has to be cleared first, which takes a tenth of the time of filling it.
   */
  static borrow(capacity: number): RowWriter {
    const writer = RowWriter.free.pop();
    if (writer !== undefined && writer.bytes.length >= capacity + AsciiTexts.mostBytes) {
      writer.at = 0;
      return writer;
    }
    return new RowWriter(capacity);
  }

  /** A copy of what has been written; the writer, which was borrowed, must not be used again. */
  giveBack(): Uint8Array {
    const copy = this.bytes.slice(0, this.at);
    if (RowWriter.free.length < RowWriter.mostFree) RowWriter.free.push(this);
    return copy;
  }

  private static readonly free: RowWriter[] = [];
  private static readonly mostFree = 2;

  /** `capacity`: the most bytes that are ever written. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity + AsciiTexts.mostBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** What has been written so far. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** Milliseconds since midnight as "10:00:03.123". */
  clock(ms: number): void {
    const seconds = (ms / 1_000) | 0;
    const minutes = (seconds / 60) | 0;
    const hours = (minutes / 60) | 0;
    const [view, at] = [this.view, this.at];
    view.setUint32(at, (fourDigits[hours] >>> 16) | (58 << 16), true);
    view.setUint32(at + 3, (fourDigits[minutes - hours * 60] >>> 16) | (58 << 16), true);
    view.setUint32(at + 6, (fourDigits[seconds - minutes * 60] >>> 16) | (46 << 16), true);
    view.setUint32(at + 9, fourDigits[ms - seconds * 1_000] >>> 8, true);
    this.at = at + 12;
  }

  /** A date given as the number 19840317, as "1984-03-17". */
  date(value: number): void {
    const month = (value / 100) | 0;
    const year = (value / 10_000) | 0;
    const [view, at] = [this.view, this.at];
    view.setUint32(at, fourDigits[year], true);
    view.setUint32(at + 4, 45 | ((fourDigits[month - year * 100] >>> 8) & 0xffff00), true);
    view.setUint32(at + 7, 45 | ((fourDigits[value - month * 100] >>> 8) & 0xffff00), true);
    this.at = at + 10;
  }

  /** A whole number from 0 to 2^31 - 1, without leading zeros. */
  number(value: number): void {
    if (value >= 10_000) {
      const high = (value / 10_000) | 0;
      if (high >= 10_000) this.number(high);
      else this.leading(high);
      this.four(value - high * 10_000);
    } else this.leading(value);
  }

  /** As `number`, and a separator behind it. */
  numberAnd(separator: Separator, value: number): void {
    if (value < shortNumbers) {
      this.view.setUint32(this.at, separator.numbers[value], true);
      this.at += lengthsAnd[value];
    } else {
      this.number(value);
      this.bytes[this.at++] = separator.code;
    }
  }

  /** The numbers of `source` from place `from` to before `to`, a separator behind each. */
  numbersAnd(separator: Separator, source: Uint32Array, from: number, to: number): void {
    const { view } = this;
    const { numbers } = separator;
    let { at } = this;
    for (let i = from; i < to; i++) {
      const value = source[i];
      if (value < shortNumbers) {
        view.setUint32(at, numbers[value], true);
        at += lengthsAnd[value];
      } else {
        this.at = at;
        this.numberAnd(separator, value);
        at = this.at;
      }
    }
    this.at = at;
  }

  /** A number below 10,000 without leading zeros. */
  private leading(value: number): void {
    const length = digitCount(value);
    this.view.setUint32(this.at, fourDigits[value] >>> (32 - 8 * length), true);
    this.at += length;
  }

  /** The last `length` digits of a number below 2^31, with leading zeros. */
  digits(value: number, length: number): void {
    const high = (value / 10_000) | 0;
    const digits = fourDigits[value - high * 10_000];
    if (length > 4) {
      this.digits(high, length - 4);
      this.view.setUint32(this.at, digits, true);
      this.at += 4;
    } else {
      this.view.setUint32(this.at, digits >>> (32 - 8 * length), true);
      this.at += length;
    }
  }

  /** A number below 10,000 as four digits. */
  private four(value: number): void {
    this.view.setUint32(this.at, fourDigits[value], true);
    this.at += 4;
  }

  /** The twelve digits of an Aadhaar number, more than `digits` takes. */
  twelveDigits(value: number): void {
    const high = Math.floor(value / 100_000_000);
    const low = value - high * 100_000_000;
    const middle = (low / 10_000) | 0;
    this.four(high);
    this.four(middle);
    this.four(low - middle * 10_000);
  }

  /** A number below 2^32 as eight hexadecimal digits. */
  eightHexDigits(value: number): void {
    const high = hexDigits[value >>> 24] | (hexDigits[(value >>> 16) & 255] << 16);
    const low = hexDigits[(value >>> 8) & 255] | (hexDigits[value & 255] << 16);
    this.view.setUint32(this.at, high, true);
    this.view.setUint32(this.at + 4, low, true);
    this.at += 8;
  }

  /** `count` bytes, an even number, as hexadecimal digits. */
  hex(source: Uint8Array, from: number, count: number): void {
    const { view, at } = this;
    for (let i = 0; i < count; i += 2) {
      const digits = hexDigits[source[from + i]] | (hexDigits[source[from + i + 1]] << 16);
      view.setUint32(at + 2 * i, digits, true);
    }
    this.at = at + 2 * count;
  }

  /** Text `index` of `texts`. */
  copy(texts: AsciiTexts, index: number): void {
    const { words, wordsEach } = texts;
    const from = index * wordsEach;
    for (let i = 0; i < wordsEach; i++) {
      this.view.setFloat64(this.at + bytesPerWord * i, words[from + i], true);
    }
    this.at += texts.lengths[index];
  }

  /** What stands from `from` to `to` in `source`: ASCII, at least eight characters. */
  copyRange(source: DataView, from: number, to: number): void {
    const { view, at } = this;
    const last = to - bytesPerWord;
    for (let i = from; i < last; i += bytesPerWord) {
      view.setFloat64(at + i - from, source.getFloat64(i, true), true);
    }
    view.setFloat64(at + last - from, source.getFloat64(last, true), true);
    this.at = at + to - from;
  }

  /** Text of ASCII characters. */
  text(source: string): void {
    for (let i = 0; i < source.length; i++) this.bytes[this.at++] = source.charCodeAt(i);
  }
}

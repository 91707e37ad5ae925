/**
 * Fields of rows as bytes, written straight into a buffer: no strings on the way. Four bytes go in
 * one store, the last of them perhaps beyond the field, where the next field overwrites them.
 */
export const comma = 44;
export const newline = 10;
const zero = 48;
/** Bytes that a store may reach beyond what is written. */
const slackBytes = 4;

/** Every number below 10,000 as four digits, the first in the low eight bits. */
const fourDigits = Uint32Array.from({ length: 10_000 }, (_, value) => {
  const text = String(value).padStart(4, "0");
  return Buffer.from(text).readUInt32LE();
});

/** A text that is written often, cut into little-endian words of four bytes. */
export interface EncodedText {
  readonly length: number;
  readonly words: Uint32Array;
}

export class RowWriter {
  at = 0;
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  /** `capacity`: the most bytes that are ever written. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity + slackBytes);
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
      this.number(high);
      this.four(value - high * 10_000);
      return;
    }
    const length = value < 10 ? 1 : value < 100 ? 2 : value < 1_000 ? 3 : 4;
    this.view.setUint32(this.at, fourDigits[value] >>> (32 - 8 * length), true);
    this.at += length;
  }

  /** The last `length` digits of a number below 2^31, with leading zeros. */
  digits(value: number, length: number): void {
    let rest = value | 0;
    for (let at = this.at + length - 1; at >= this.at; at--) {
      const next = (rest / 10) | 0;
      this.bytes[at] = zero + rest - next * 10;
      rest = next;
    }
    this.at += length;
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

  copy({ words, length }: EncodedText): void {
    for (let i = 0; i < words.length; i++) this.view.setUint32(this.at + 4 * i, words[i], true);
    this.at += length;
  }

  copyRange(source: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.bytes[this.at++] = source[i];
  }

  /** Text of ASCII characters. */
  text(source: string): void {
    for (let i = 0; i < source.length; i++) this.bytes[this.at++] = source.charCodeAt(i);
  }
}

/** ASCII texts, ready to be copied. */
export function encodeNames(names: readonly string[]): EncodedText[] {
  return names.map((name) => {
    const padded = Buffer.from(name.padEnd(4 * Math.ceil(name.length / 4), "\0"));
    const words = Uint32Array.from({ length: padded.length / 4 }, (_, i) =>
      padded.readUInt32LE(4 * i),
    );
    return { length: name.length, words };
  });
}

/** Fields, each with the comma that follows it. */
export function withComma(names: readonly string[]): EncodedText[] {
  return encodeNames(names.map((name) => `${name},`));
}

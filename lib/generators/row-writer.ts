/** Fields of rows as bytes, written straight into a buffer: no strings on the way. */
export const comma = 44;
export const newline = 10;
const zero = 48;
/** Every number below 100 as two digits. */
const twoDigits = encodeNames(Array.from({ length: 100 }, (_, n) => String(n).padStart(2, "0")));

export class RowWriter {
  at = 0;

  /** `bytes` must have room for everything that is written. */
  constructor(readonly bytes: Uint8Array) {}

  /** What has been written so far. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** A number below 100 as two digits, and a separator. */
  pair(value: number, separator: number): void {
    const digits = twoDigits[value];
    this.bytes[this.at++] = digits[0];
    this.bytes[this.at++] = digits[1];
    this.bytes[this.at++] = separator;
  }

  /** Milliseconds since midnight as "10:00:03.123". */
  clock(ms: number): void {
    const seconds = Math.floor(ms / 1000);
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    this.pair(hours, 58);
    this.pair(minutes - hours * 60, 58);
    this.pair(seconds - minutes * 60, 46);
    this.digits(ms - seconds * 1000, 3);
  }

  /** A date given as the number 19840317, as "1984-03-17". */
  date(value: number): void {
    this.digits(Math.floor(value / 10_000), 4);
    this.byte(45);
    this.pair(Math.floor(value / 100) % 100, 45);
    this.digits(value % 100, 2);
  }

  /** A whole number from 0 to 2^31 - 1, without leading zeros. */
  number(value: number): void {
    if (value < 10) {
      this.bytes[this.at++] = zero + value;
      return;
    }
    let length = 2;
    for (let bound = 100; value >= bound; bound *= 10) length++;
    this.digits(value, length);
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

  copy(source: Uint8Array): void {
    for (let i = 0; i < source.length; i++) this.bytes[this.at++] = source[i];
  }

  /** Text of ASCII characters. */
  text(source: string): void {
    for (let i = 0; i < source.length; i++) this.bytes[this.at++] = source.charCodeAt(i);
  }
}

export function encodeNames(names: readonly string[]): Uint8Array[] {
  return names.map((name) => new Uint8Array(Buffer.from(name)));
}

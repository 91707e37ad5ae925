/** Fields of rows as bytes, written straight into a buffer: no strings on the way. */
export const comma = 44;
export const newline = 10;
const zero = 48;
/** Every number below 1,000 as three digits, one after another. */
const threeDigits = Uint8Array.from(
  { length: 3_000 },
  (_, i) => zero + (Math.floor(Math.floor(i / 3) / [100, 10, 1][i % 3]) % 10),
);

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
    this.bytes[this.at++] = threeDigits[value * 3 + 1];
    this.bytes[this.at++] = threeDigits[value * 3 + 2];
    this.bytes[this.at++] = separator;
  }

  /** Milliseconds since midnight as "10:00:03.123". */
  clock(ms: number): void {
    const seconds = (ms / 1_000) | 0;
    const minutes = (seconds / 60) | 0;
    const hours = (minutes / 60) | 0;
    this.pair(hours, 58);
    this.pair(minutes - hours * 60, 58);
    this.pair(seconds - minutes * 60, 46);
    this.three(ms - seconds * 1_000);
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
    if (value >= 1_000) {
      const high = (value / 1_000) | 0;
      this.number(high);
      this.three(value - high * 1_000);
      return;
    }
    if (value >= 100) this.bytes[this.at++] = threeDigits[value * 3];
    if (value >= 10) this.bytes[this.at++] = threeDigits[value * 3 + 1];
    this.bytes[this.at++] = threeDigits[value * 3 + 2];
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

  /** A number below 1,000 as three digits. */
  private three(value: number): void {
    const from = value * 3;
    this.bytes[this.at++] = threeDigits[from];
    this.bytes[this.at++] = threeDigits[from + 1];
    this.bytes[this.at++] = threeDigits[from + 2];
  }

  /** The twelve digits of an Aadhaar number, more than `digits` takes. */
  twelveDigits(value: number): void {
    const high = Math.floor(value / 1_000_000);
    const low = value - high * 1_000_000;
    const [highThousands, lowThousands] = [(high / 1_000) | 0, (low / 1_000) | 0];
    this.three(highThousands);
    this.three(high - highThousands * 1_000);
    this.three(lowThousands);
    this.three(low - lowThousands * 1_000);
  }

  copy(source: Uint8Array): void {
    for (let i = 0; i < source.length; i++) this.bytes[this.at++] = source[i];
  }

  copyRange(source: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.bytes[this.at++] = source[i];
  }

  /** Text of ASCII characters. */
  text(source: string): void {
    for (let i = 0; i < source.length; i++) this.bytes[this.at++] = source.charCodeAt(i);
  }
}

export function encodeNames(names: readonly string[]): Uint8Array[] {
  return names.map((name) => new Uint8Array(Buffer.from(name)));
}

/** A whole number of 64 bits in two halves, changed in place: JavaScript's numbers hold only 53. */
export class Uint64 {
  high: number;
  low: number;

  /** Both from 0 to 2^32 - 1. */
  constructor(high: number, low: number) {
    this.high = high >>> 0;
    this.low = low >>> 0;
  }

  /** Modulo 2^64, as all the others. */
  multiply(high: number, low: number): this {
    const upper = Math.imul(this.high, low) + Math.imul(this.low, high);
    this.high = (highOfProduct(this.low, low) + upper) >>> 0;
    this.low = Math.imul(this.low, low) >>> 0;
    return this;
  }

  add(high: number, low: number): this {
    const sum = this.low + low;
    this.high = (this.high + high + (sum > 0xffffffff ? 1 : 0)) >>> 0;
    this.low = sum >>> 0;
    return this;
  }

  xor(high: number, low: number): this {
    this.high = (this.high ^ high) >>> 0;
    this.low = (this.low ^ low) >>> 0;
    return this;
  }

  /** To the left, by 1 to 63 bits. */
  rotate(bits: number): this {
    const [high, low] = bits < 32 ? [this.high, this.low] : [this.low, this.high];
    const by = bits % 32;
    if (by === 0) {
      [this.high, this.low] = [high, low];
      return this;
    }
    this.high = ((high << by) | (low >>> (32 - by))) >>> 0;
    this.low = ((low << by) | (high >>> (32 - by))) >>> 0;
    return this;
  }

  /** 16 digits. */
  toString(): string {
    return hex(this.high) + hex(this.low);
  }
}

/** The upper 32 bits of the product of two whole numbers of 32 bits. */
function highOfProduct(left: number, right: number): number {
  const leftLow = left & 0xffff;
  const leftHigh = left >>> 16;
  const rightLow = right & 0xffff;
  const rightHigh = right >>> 16;
  const across = leftLow * rightHigh;
  const other = leftHigh * rightLow;
  const middle = ((leftLow * rightLow) >>> 16) + (across & 0xffff) + (other & 0xffff);
  return (leftHigh * rightHigh + (across >>> 16) + (other >>> 16) + (middle >>> 16)) >>> 0;
}

function hex(half: number): string {
  return half.toString(16).padStart(8, "0");
}

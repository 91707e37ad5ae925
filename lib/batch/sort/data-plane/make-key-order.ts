/** The order that a shape asks for: lines have a file of their own, the other two are here. */
import { receiveComparison } from "../rows/ship-comparison";
import { recordSizes } from "../shape";
import type { ComparedShape, RecordShape, SortShape } from "../shape";
import type { Arena } from "./arena";
import type { EncodedKey, KeyOrder } from "./key-order";
import { LineOrder } from "./line-order";
import type { RecordTable } from "./record-table";

/** `common`: what most texts of the first key begin with, one character a byte. */
export function makeKeyOrder(shape: SortShape, arena: Arena, common: string): KeyOrder {
  if (shape.kind === "records") return new RecordOrder(shape, arena.bytes);
  if (shape.kind === "compared") return new ComparedOrder(shape, arena.bytes);
  return new LineOrder(shape, arena.bytes, Buffer.from(common, "latin1"));
}

class RecordOrder implements KeyOrder {
  private readonly keyBytes: number;

  constructor(
    shape: RecordShape,
    private readonly bytes: Uint8Array,
  ) {
    this.keyBytes = recordSizes(shape).keyBytes;
  }

  readPrefixes({ starts, high, low, count }: RecordTable): void {
    for (let i = 0; i < count; i++) {
      const start = starts[i] as number;
      high[i] = this.word(start, this.keyBytes);
      low[i] = this.word(start + 4, this.keyBytes - 4);
    }
  }

  private word(at: number, left: number): number {
    const { bytes } = this;
    let word = 0;
    for (let i = 0; i < 4; i++) word = (word << 8) | (i < left ? (bytes[at + i] as number) : 0);
    return word >>> 0;
  }

  compare(left: number, _leftBytes: number, right: number): number {
    const { bytes, keyBytes } = this;
    for (let i = 0; i < keyBytes; i++) {
      const difference = (bytes[left + i] as number) - (bytes[right + i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  encode(start: number): EncodedKey {
    const key = Buffer.from(this.bytes.subarray(start, start + this.keyBytes));
    return { key: key.toString("latin1"), isWhole: true };
  }
}

/** No prefix: the function is asked about every pair. */
class ComparedOrder implements KeyOrder {
  private readonly comparison: (left: string, right: string) => number;

  constructor(
    shape: ComparedShape,
    private readonly bytes: Buffer,
  ) {
    this.comparison = receiveComparison(shape);
  }

  readPrefixes({ high, low, count }: RecordTable): void {
    high.fill(0, 0, count);
    low.fill(0, 0, count);
  }

  compare(left: number, leftBytes: number, right: number, rightBytes: number): number {
    return this.comparison(this.line(left, leftBytes), this.line(right, rightBytes));
  }

  private line(start: number, bytes: number): string {
    return this.bytes.toString("utf8", start, start + bytes - 1);
  }

  encode(): EncodedKey {
    return { key: "", isWhole: false };
  }
}

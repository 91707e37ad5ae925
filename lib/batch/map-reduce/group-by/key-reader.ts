/** Finds the group of each row of a block: from the bytes of one column, or of several together. */
import { RecordError } from "../record-error";
import type { Block } from "../scan/scanner";
import type { BlockRows } from "./block-rows";
import type { Fields } from "./fields";
import type { ColumnSlice } from "./group-by";
import { hashBytes } from "./group-table";
import type { GroupTable } from "./group-table";

/**
 * Stands between the parts of a key: lower than any other byte, so keys are sorted part by part.
 */
export const partEnd = 0;
/** What `groupBy` takes for the end of a field. */
const wholeField = 2 ** 30;
const carriageReturn = 13;

export interface IndexedPart extends ColumnSlice {
  readonly index: number;
}

export class KeyReader {
  /** Of the block's rows. */
  groups = new Uint32Array(0);
  /** Where keys of several parts are put together. */
  private joined = new Uint8Array(256);

  /** Whole columns side by side, in the order of the file. */
  private readonly areNeighbours: boolean;

  constructor(private readonly parts: readonly IndexedPart[]) {
    const isWhole = ({ from, to }: IndexedPart): boolean => from === 0 && to >= wholeField;
    this.areNeighbours = parts.every(
      (part, i) => isWhole(part) && part.index === (parts[0] as IndexedPart).index + i,
    );
  }

  /** May change the block's separators: to be called when all else has been read of it. */
  read(rows: BlockRows, fields: Fields, table: GroupTable): void {
    if (this.groups.length < rows.count) this.groups = new Uint32Array(rows.starts.length);
    if (this.parts.length > 1 && this.areNeighbours && isPlain(fields.block)) {
      this.readNeighbours(rows, fields, table);
    } else if (this.parts.length > 1) this.readJoined(rows, fields, table);
    else this.readSingle(rows, fields, table);
  }

  private readSingle(rows: BlockRows, fields: Fields, table: GroupTable): void {
    const { groups } = this;
    const part = this.parts[0] as IndexedPart;
    for (let row = 0; row < rows.count; row++) {
      cut(fields, part, row);
      const { bytes, from, to } = fields;
      groups[row] = table.find(bytes, from, to, hashBytes(bytes, from, to));
    }
  }

  /** The key lies in the block as it is, but for its separators: nothing is copied. */
  private readNeighbours(rows: BlockRows, fields: Fields, table: GroupTable): void {
    const { groups, parts } = this;
    const { starts, firsts } = rows;
    const { bytes, places } = fields.block;
    const first = (parts[0] as IndexedPart).index;
    const last = first + parts.length - 1;
    const isAtEnd = fields.isLast(last);
    for (let row = 0; row < rows.count; row++) {
      const place = firsts[row] as number;
      const before =
        first === 0 ? (starts[row] as number) : (places[place + first - 1] as number) + 1;
      let to = places[place + last] as number;
      if (isAtEnd && bytes[to - 1] === carriageReturn) to--;
      for (let i = place + first; i < place + last; i++) bytes[places[i] as number] = partEnd;
      groups[row] = table.find(bytes, before, to, hashBytes(bytes, before, to));
    }
  }

  private readJoined(rows: BlockRows, fields: Fields, table: GroupTable): void {
    const { groups } = this;
    for (let row = 0; row < rows.count; row++) {
      const length = this.join(fields, row);
      groups[row] = table.find(this.joined, 0, length, hashBytes(this.joined, 0, length));
    }
  }

  private join(fields: Fields, row: number): number {
    let length = 0;
    for (let i = 0; i < this.parts.length; i++) {
      cut(fields, this.parts[i] as IndexedPart, row);
      const { bytes, from, to } = fields;
      if (length + to - from + 1 > this.joined.length) this.grow(to - from + 1);
      if (i > 0) this.joined[length++] = partEnd;
      for (let at = from; at < to; at++) {
        const byte = bytes[at] as number;
        if (byte === partEnd) throw new RecordError("a key holds a zero byte", fields.at(row));
        this.joined[length++] = byte;
      }
    }
    return length;
  }

  private grow(atLeast: number): void {
    const joined = new Uint8Array(this.joined.length * 2 + atLeast);
    joined.set(this.joined);
    this.joined = joined;
  }
}

/** No quotes, and no byte that is a `partEnd` already. */
function isPlain({ bytes, start, places, count, hasQuotes }: Block): boolean {
  return !hasQuotes && !bytes.subarray(start, places[count - 1]).includes(partEnd);
}

/** Goes to a part of a field. */
function cut(fields: Fields, { index, from, to }: IndexedPart, row: number): void {
  fields.find(row, index);
  const length = fields.to - fields.from;
  if (to < length) fields.to = fields.from + to;
  if (from > 0) fields.from = from < length ? fields.from + from : fields.to;
}

/** Finds the group of each row of a block: from the bytes of one column, or of several together. */
import { RecordError } from "../record-error";
import type { BlockRows } from "./block-rows";
import type { Fields } from "./fields";
import type { ColumnSlice } from "./group-by";
import { hashBytes } from "./group-table";
import type { GroupTable } from "./group-table";

/**
 * Stands between the parts of a key: lower than any other byte, so keys are sorted part by part.
 */
export const partEnd = 0;

export interface IndexedPart extends ColumnSlice {
  readonly index: number;
}

export class KeyReader {
  /** Of the block's rows. */
  groups = new Uint32Array(0);
  /** Where keys of several parts are put together. */
  private joined = new Uint8Array(256);

  constructor(private readonly parts: readonly IndexedPart[]) {}

  read(rows: BlockRows, fields: Fields, table: GroupTable): void {
    if (this.groups.length < rows.count) this.groups = new Uint32Array(rows.starts.length);
    if (this.parts.length > 1) this.readJoined(rows, fields, table);
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

/** Goes to a part of a field. */
function cut(fields: Fields, { index, from, to }: IndexedPart, row: number): void {
  fields.find(row, index);
  const length = fields.to - fields.from;
  if (to < length) fields.to = fields.from + to;
  if (from > 0) fields.from = from < length ? fields.from + from : fields.to;
}

/** Reads a split a chunk of whole records at a time. */
import { closeSync, openSync, readSync } from "fs";
import { InputError } from "../../../basics";
import { newline, recordSizes } from "../shape";
import type { LineShape, SortShape } from "../shape";
import type { SortSplit } from "../tasks";
import type { Arena } from "./arena";
import { firstQuoteFault } from "./fields";
import { lineNumberAt } from "./line-number";
import type { RecordTable } from "./record-table";

export interface Chunk {
  /** Where the bytes go in the arena; one more than `bytes` must be free. */
  readonly from: number;
  readonly bytes: number;
  readonly longestRecordBytes: number;
}

const pieceBytes = 65_536;

export class ChunkReader {
  private readonly descriptor: number;
  /** Place in the file of what is read next. */
  private at: number;

  constructor(
    private readonly split: SortSplit,
    private readonly shape: SortShape,
    private readonly arena: Arena,
  ) {
    this.descriptor = openSync(split.file, "r");
    this.at = split.startByte;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** Reads the next records into the table, as many as it and the chunk hold; false at the end. */
  next(table: RecordTable, chunk: Chunk): boolean {
    table.count = 0;
    if (this.shape.kind === "records") return this.nextRecords(table, chunk);
    if (this.at === this.split.startByte && this.at > 0) this.at = this.firstLine(chunk);
    if (this.at >= this.split.endByte) return false;
    const filled = this.fillLines(chunk);
    const taken = this.findLines(table, chunk, chunk.from + filled);
    if (this.shape.kind === "lines") this.checkQuotes(table, chunk, this.shape);
    this.at += taken;
    return true;
  }

  private checkQuotes(table: RecordTable, { from }: Chunk, shape: LineShape): void {
    if (shape.quote === undefined) return;
    const fault = firstQuoteFault(this.arena.bytes, table, shape);
    if (fault === undefined) return;
    const { file } = this.split;
    const line = lineNumberAt(file, this.at + fault.start - from);
    throw new InputError(`${file}, line ${line}: ${fault.why}`);
  }

  private nextRecords(table: RecordTable, chunk: Chunk): boolean {
    if (this.shape.kind !== "records" || this.at >= this.split.endByte) return false;
    const { recordBytes } = recordSizes(this.shape);
    const capacity = Math.min(Math.floor(chunk.bytes / recordBytes), table.starts.length);
    const wanted = Math.min(capacity * recordBytes, this.split.endByte - this.at);
    if (this.read(chunk.from, wanted, this.at) < wanted) throw this.shrunk();
    table.count = Math.floor(wanted / recordBytes);
    for (let i = 0; i < table.count; i++) {
      table.starts[i] = chunk.from + i * recordBytes;
      table.lengths[i] = recordBytes;
    }
    this.at += wanted;
    return true;
  }

  private shrunk(): InputError {
    return new InputError(`${this.split.file} became shorter while it was sorted`);
  }

  /** Where the first line of the split begins: after the line end at or behind its start. */
  private firstLine({ from }: Chunk): number {
    for (let at = this.split.startByte - 1; at < this.split.endByte; at += pieceBytes) {
      const read = this.read(from, Math.min(pieceBytes, this.split.endByte - at), at);
      const end = this.arena.bytes.subarray(from, from + read).indexOf(newline);
      if (end >= 0) return at + end + 1;
      if (read === 0) break;
    }
    return this.split.endByte;
  }

  /** Fills the chunk with whole lines; the last of the file gets a line end if it has none. */
  private fillLines(chunk: Chunk): number {
    const { from, bytes } = chunk;
    const wanted = Math.min(bytes, this.split.endByte - this.at);
    const read = this.read(from, wanted, this.at);
    if (read < wanted) throw this.shrunk();
    const isEnd = this.at + read === this.split.endByte;
    const filled = isEnd ? this.readToLineEnd(chunk, read) : read;
    const last = this.arena.bytes.subarray(from, from + filled).lastIndexOf(newline);
    if (last < 0) throw this.tooLong(chunk);
    return last + 1;
  }

  /** Reads on, past the end of the split, to the end of its last line; returns what is filled. */
  private readToLineEnd({ from, bytes }: Chunk, read: number): number {
    const all = this.arena.bytes;
    let filled = read;
    while (all[from + filled - 1] !== newline && filled < bytes) {
      const room = Math.min(pieceBytes, bytes - filled);
      const more = this.read(from + filled, room, this.at + filled);
      const end = all.subarray(from + filled, from + filled + more).indexOf(newline);
      if (end >= 0) return filled + end + 1;
      if (more === 0) {
        all[from + filled] = newline;
        return filled + 1;
      }
      filled += more;
    }
    return filled;
  }

  /** Returns the bytes of the lines that were found. */
  private findLines(table: RecordTable, chunk: Chunk, to: number): number {
    const { starts, lengths } = table;
    const { bytes } = this.arena;
    const capacity = starts.length;
    let [at, count] = [chunk.from, 0];
    while (at < to && count < capacity) {
      const next = bytes.indexOf(newline, at) + 1;
      if (next - at > chunk.longestRecordBytes) throw this.tooLong(chunk);
      starts[count] = at;
      lengths[count++] = next - at;
      at = next;
    }
    table.count = count;
    return at - chunk.from;
  }

  private tooLong({ longestRecordBytes }: Chunk): InputError {
    return new InputError(
      `${this.split.file} has a line of more than ${longestRecordBytes} bytes, ` +
        `too long for so little memory: sort with more`,
    );
  }

  private read(to: number, length: number, position: number): number {
    let read = 0;
    while (read < length) {
      const { bytes } = this.arena;
      const more = readSync(this.descriptor, bytes, to + read, length - read, position + read);
      if (more === 0) break;
      read += more;
    }
    return read;
  }
}

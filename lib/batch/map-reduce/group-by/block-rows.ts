/** The rows of a block that count: where each begins, and which separator is its first. */
import { newline } from "../scan/scanner";
import type { Block } from "../scan/scanner";
import { RecordError } from "../record-error";

const carriageReturn = 13;

export class BlockRows {
  count = 0;
  /** Row r begins at starts[r] of the block's bytes; its first separator is places[firsts[r]]. */
  starts = new Uint32Array(0);
  firsts = new Uint32Array(0);
  recordsRead = 0;
  bytesRead = 0;
  badRecords = 0;

  constructor(
    private readonly columnCount: number,
    /** Places of records, in the file, that are left out. */
    private readonly skipped: ReadonlySet<number>,
  ) {}

  enter(block: Block): void {
    this.count = 0;
    if (this.starts.length < block.lines) {
      this.starts = new Uint32Array(block.lines);
      this.firsts = new Uint32Array(block.lines);
    }
    const hasHeader = block.offset + block.start === 0;
    const end = (block.places[block.count - 1] as number) + 1;
    this.bytesRead += end - block.start;
    if (this.isRegular(block) && !hasHeader && this.skipped.size === 0) this.enterRegular(block);
    else this.enterAny(block);
  }

  /** Every line has as many columns as the header, so that line ends need not be looked for. */
  private isRegular({ bytes, places, count, lines }: Block): boolean {
    const step = this.columnCount;
    if (step === 1 || count !== lines * step) return false;
    for (let last = step - 1; last < count; last += step) {
      if (bytes[places[last] as number] !== newline) return false;
    }
    return true;
  }

  private enterRegular({ start, places, lines }: Block): void {
    const { starts, firsts, columnCount } = this;
    starts[0] = start;
    firsts[0] = 0;
    for (let row = 1, first = columnCount; row < lines; row++, first += columnCount) {
      starts[row] = (places[first - 1] as number) + 1;
      firsts[row] = first;
    }
    this.count = lines;
    this.recordsRead += lines;
  }

  private enterAny(block: Block): void {
    const { bytes, places, count, offset } = block;
    let start = block.start;
    for (let first = 0, last = 0; last < count; last++) {
      const place = places[last] as number;
      if (bytes[place] !== newline) continue;
      const isBlank = place - start < 2 && (place === start || bytes[start] === carriageReturn);
      if (offset + start > 0 && !isBlank) this.enterRow(start, first, { last, at: offset + start });
      start = place + 1;
      first = last + 1;
    }
  }

  private enterRow(start: number, first: number, { last, at }: { last: number; at: number }): void {
    this.recordsRead++;
    if (this.skipped.has(at)) return void this.badRecords++;
    const found = last - first + 1;
    if (found !== this.columnCount) {
      const wanted = this.columnCount;
      throw new RecordError(`the line has ${found} columns, but the header ${wanted}`, at);
    }
    this.starts[this.count] = start;
    this.firsts[this.count++] = first;
  }
}

/** Finds the bytes of one column in the rows of a block, without quotes and line ends. */
import { assert } from "../../../basics";
import type { Block } from "../scan/scanner";
import type { BlockRows } from "./block-rows";

const quote = 34;
const carriageReturn = 13;

/** The bytes [from, to) of `bytes`. One object for all fields: nothing is made for a field. */
export class Fields {
  from = 0;
  to = 0;
  bytes: Uint8Array = new Uint8Array(0);
  /** The block's; `bytes` are others for a field with quotes in it. */
  private blockBytes = Buffer.alloc(0) as Buffer;
  private offset = 0;
  private starts = new Uint32Array(0);
  private firsts = new Uint32Array(0);
  private places = new Uint32Array(0);
  private hasQuotes = false;
  private entered: Block | undefined;

  constructor(
    private readonly rows: BlockRows,
    private readonly columnCount: number,
  ) {}

  enter(block: Block): void {
    this.entered = block;
    this.bytes = this.blockBytes = block.bytes;
    this.offset = block.offset;
    this.places = block.places;
    this.hasQuotes = block.hasQuotes;
    this.starts = this.rows.starts;
    this.firsts = this.rows.firsts;
  }

  /** The block itself, for keys that lie in it as they are. Throws before the first `enter`. */
  get block(): Block {
    assert(this.entered !== undefined, "no block was entered", {});
    return this.entered;
  }

  isLast(column: number): boolean {
    return column === this.columnCount - 1;
  }

  /** Where in the file the row begins. */
  at(row: number): number {
    return this.offset + (this.starts[row] as number);
  }

  /** Goes to the field of `column` in `row`. */
  find(row: number, column: number): void {
    const place = (this.firsts[row] as number) + column;
    this.from =
      column === 0 ? (this.starts[row] as number) : (this.places[place - 1] as number) + 1;
    this.to = this.places[place] as number;
    if (this.hasQuotes) this.bytes = this.blockBytes;
    if (this.isLast(column) && this.to > this.from && this.bytes[this.to - 1] === carriageReturn)
      this.to--;
    if (this.hasQuotes) this.findQuoted();
  }

  /** A field in quotes, in which a quote is written twice. RFC 4180, section 2, rule 7. */
  private findQuoted(): void {
    const bytes = this.blockBytes;
    if (this.to - this.from < 2 || bytes[this.from] !== quote) return;
    this.from++;
    if (bytes[this.to - 1] === quote) this.to--;
    const inner = bytes.subarray(this.from, this.to);
    if (!inner.includes(quote)) return;
    this.bytes = Buffer.from(inner.toString("latin1").replace(/""/g, '"'), "latin1");
    this.from = 0;
    this.to = this.bytes.length;
  }
}

/**
 * Reads a split a block of whole lines at a time, with the places of all separators in it.
 *
 * A line belongs to the split in which it begins: a reader skips the rest of a line that began
 * before its range, and reads its own last line to the end, past its range.
 * Cost: one block in memory, whatever the split; about 0.3 ns a byte for the separators.
 */
import { isAscii } from "buffer";
import { InputError } from "../../../basics";
import { isCompressed } from "../splits";
import type { Split } from "../tasks";
import { dropQuotedSeparators } from "./quotes";
import { separatorFinder } from "./separator-module";
import type { FindSeparators } from "./separator-module";
import { openSource } from "./source";
import type { Source } from "./source";

export const newline = 10;
export const comma = 44;
const quote = 34;

/** Node's buffers have these two, which are the fast way in; its types do not tell. */
export interface Bytes extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

/** Whole lines: the first begins at `start`, the last ends at the last of the places. */
export interface Block {
  readonly bytes: Bytes;
  readonly start: number;
  /** Where the separators and line ends are in `bytes`; the first `count` are of this block. */
  readonly places: Uint32Array;
  readonly count: number;
  readonly lines: number;
  /** The place in the (unpacked) file of the first of `bytes`. */
  readonly offset: number;
  /** No byte above 127: text can be decoded the fast way. */
  readonly isAscii: boolean;
  readonly hasQuotes: boolean;
}

/** False: that was enough. */
export type BlockListener = (block: Block) => void | false;

/** A block fits into the cache of a core. Rule of thumb: an eighth of the second-level cache. */
const defaultBlockBytes = 262_144;
const longestLineBytes = 2 ** 28;
/** What the separator finder may touch past the end of the bytes, and past the last place. */
const slackBytes = 64;

export class Scanner {
  private blockBytes = 0;
  private find: FindSeparators | undefined;
  private bytes = Buffer.alloc(0) as Bytes;
  private isStopped = false;
  private places = new Uint32Array(0);

  /** `separator`: `comma` for fields, `newline` for lines alone. */
  constructor(
    private readonly separator: number,
    blockBytes = defaultBlockBytes,
  ) {
    this.reserve(blockBytes);
  }

  /** Tells every block of the split, in order. Not to be called again before it has ended. */
  async scan(split: Split, listen: BlockListener): Promise<void> {
    this.isStopped = false;
    const isWhole = isCompressed(split.file);
    const end = isWhole ? Infinity : split.endByte;
    // One byte earlier, to see whether a line begins right at the start of the range.
    let position = isWhole ? 0 : Math.max(0, split.startByte - 1);
    let isInForeignLine = position < split.startByte && !isWhole;
    let held = 0;
    const source = openSource(split.file, position);
    try {
      for (;;) {
        const read = await this.read(source, held, end - position);
        if (read === 0) return this.finish(held, position - held, listen);
        position += read;
        let [start, filled] = [0, held + read];
        if (isInForeignLine) {
          start = this.bytes.subarray(0, filled).indexOf(newline) + 1;
          isInForeignLine = start === 0;
          if (isInForeignLine) start = filled;
        }
        if (position > end) filled = this.cutAfterLine(held, filled);
        const isLast = position > end && filled > 0 && this.bytes[filled - 1] === newline;
        const next = this.tell({ start, filled, offset: position - held - read }, listen);
        held = this.keep(next, filled);
        if (isLast || this.isStopped || (held === 0 && position >= end)) return;
      }
    } finally {
      source.close();
    }
  }

  /**
   * Reads into the room behind the `held` bytes, up to `left` bytes; past them when none is left.
   */
  private read(source: Source, held: number, left: number): number | Promise<number> {
    if (held === this.blockBytes) this.reserve(this.blockBytes * 2);
    const room = this.blockBytes - held;
    const wanted = left > 0 ? Math.min(room, left) : room;
    return source.read(this.bytes.subarray(held, held + wanted));
  }

  /** The bytes after `held` are past the range: only the rest of the line counts. */
  private cutAfterLine(held: number, filled: number): number {
    const found = this.bytes.subarray(held, filled).indexOf(newline);
    return found < 0 ? filled : held + found + 1;
  }

  /** Tells the whole lines of [start, filled); returns where the first line not told begins. */
  private tell(
    { start, filled, offset }: { start: number; filled: number; offset: number },
    listen: BlockListener,
  ): number {
    const { bytes, places, blockBytes } = this;
    bytes.fill(0, filled, filled + 16);
    const placesAt = blockBytes + slackBytes;
    let count = (this.find as FindSeparators)(start, filled, this.separator, placesAt);
    const lines = new Uint32Array(bytes.buffer, placesAt - 4, 1)[0] as number;
    while (count > 0 && bytes[places[count - 1] as number] !== newline) count--;
    if (count === 0) return start;
    const end = (places[count - 1] as number) + 1;
    const content = bytes.subarray(start, end);
    const hasQuotes = this.separator !== newline && content.includes(quote);
    const block = { bytes, start, places, lines, offset, isAscii: isAscii(content), hasQuotes };
    if (hasQuotes) count = dropQuotedSeparators({ ...block, count });
    if (listen({ ...block, count }) === false) this.isStopped = true;
    return end;
  }

  private keep(next: number, filled: number): number {
    if (next > 0) this.bytes.copyWithin(0, next, filled);
    return filled - next;
  }

  /** The last line of the file, which may have no end of its own. */
  private finish(held: number, offset: number, listen: BlockListener): void {
    if (held === 0) return;
    if (held === this.blockBytes) this.reserve(this.blockBytes * 2);
    this.bytes[held] = newline;
    this.tell({ start: 0, filled: held + 1, offset }, listen);
  }

  private reserve(blockBytes: number): void {
    if (blockBytes > longestLineBytes) {
      throw new InputError(`a line is longer than ${longestLineBytes} bytes: is this a text file?`);
    }
    const placesAt = blockBytes + slackBytes;
    const { memory, find } = separatorFinder(placesAt + 4 * blockBytes + slackBytes);
    const bytes = Buffer.from(memory) as Bytes;
    this.bytes.copy(bytes, 0, 0, this.blockBytes);
    this.bytes = bytes;
    this.places = new Uint32Array(memory, placesAt, blockBytes);
    this.find = find;
    this.blockBytes = blockBytes;
  }
}

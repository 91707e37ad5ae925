/**
 * Writes a stretch of a file through a buffer of an arena, in pieces, and waits for each.
 *
 * A second buffer, written meanwhile by another thread, was slower here: sorting keeps all cores
 * busy, so that there was nobody to write it. And pieces are small: for large ones the page cache
 * of Linux takes large blocks of memory that was not used lately, which cost three times as much.
 */
import { writeSync } from "fs";
import type { Arena } from "./arena";

const pieceBytes = 65_536;

export class Sink {
  /** Where the next byte goes in the arena; whoever puts bytes there moves it on. */
  at: number;
  /** The end of the buffer. */
  readonly limit: number;
  private readonly start: number;
  private position: number;

  /** The buffer has `bytes` from the address `from`; `position`: in the file. */
  constructor(
    private readonly arena: Arena,
    private readonly descriptor: number,
    { from, bytes, position }: { from: number; bytes: number; position: number },
  ) {
    this.start = this.at = from;
    this.limit = from + bytes;
    this.position = position;
  }

  /** Appends bytes of the arena, however many. */
  put(from: number, length: number): void {
    let [at, left] = [from, length];
    while (left > 0) {
      if (this.at === this.limit) this.flush();
      const piece = Math.min(left, this.limit - this.at);
      this.arena.copy(this.at, at, piece);
      this.at += piece;
      at += piece;
      left -= piece;
    }
  }

  /** Writes what the buffer holds. */
  flush(): void {
    const { arena, descriptor, at: to } = this;
    let at = this.start;
    while (at < to) {
      const wanted = Math.min(pieceBytes, to - at);
      const written = writeSync(descriptor, arena.bytes, at, wanted, this.position);
      at += written;
      this.position += written;
    }
    this.at = this.start;
  }
}

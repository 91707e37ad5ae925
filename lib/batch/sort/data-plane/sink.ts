/**
 * Writes a stretch of a file through two buffers of an arena: one is filled while the other is
 * being written.
 */
import { write } from "fs";
import type { Arena } from "./arena";

export class Sink {
  /** Where the next byte goes in the arena; whoever puts bytes there moves it on. */
  at: number;
  /** The end of the buffer that is being filled. */
  limit: number;
  private start: number;
  private readonly middle: number;
  private readonly first: number;
  private position: number;
  private pending: Promise<void> = Promise.resolve();

  /** `bytes`: of both buffers, at the address `from`; `position`: in the file. */
  constructor(
    private readonly arena: Arena,
    private readonly descriptor: number,
    { from, bytes, position }: { from: number; bytes: number; position: number },
  ) {
    this.first = this.start = this.at = from;
    this.middle = this.limit = from + (bytes >> 1);
    this.position = position;
  }

  /** Appends bytes of the arena, however many. */
  async put(from: number, length: number): Promise<void> {
    let [at, left] = [from, length];
    while (left > 0) {
      if (this.at === this.limit) await this.turn();
      const piece = Math.min(left, this.limit - this.at);
      this.arena.copy(this.at, at, piece);
      this.at += piece;
      at += piece;
      left -= piece;
    }
  }

  /** Has the buffer written and goes to the other one, as soon as that has been written. */
  async turn(): Promise<void> {
    const [from, to, position] = [this.start, this.at, this.position];
    await this.pending;
    this.pending = this.write(from, to, position);
    this.pending.catch(() => undefined); // told to whoever awaits the next turn or the end
    this.position += to - from;
    const half = this.middle - this.first;
    this.start = this.at = from === this.first ? this.middle : this.first;
    this.limit = this.start + half;
  }

  async end(): Promise<void> {
    await this.turn();
    await this.pending;
  }

  private async write(from: number, to: number, start: number): Promise<void> {
    let [at, position] = [from, start];
    while (at < to) {
      const written = await this.writeOnce(at, to - at, position);
      at += written;
      position += written;
    }
  }

  private writeOnce(at: number, length: number, position: number): Promise<number> {
    return new Promise((resolve, reject) => {
      write(this.descriptor, this.arena.bytes, at, length, position, (error, written) => {
        if (error) reject(error);
        else resolve(written);
      });
    });
  }
}

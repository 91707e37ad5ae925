/** A partition as a file of its own: chunks of encoded rows. It appears whole, by renaming. */
import { readShuffleFile, ShuffleFileWriter } from "./shuffle-file";

const chunkRows = 8_192;

export class RowFile {
  private readonly writer: ShuffleFileWriter;
  private held: unknown[] = [];

  constructor(file: string) {
    this.writer = new ShuffleFileWriter(file, 1);
  }

  add(rows: readonly unknown[]): void {
    for (const row of rows) this.held.push(row);
    if (this.held.length >= chunkRows) this.flush();
  }

  finish(): { rows: number; bytes: number } {
    this.flush();
    this.writer.finish();
    const { rows, bytes } = this.writer;
    return { rows, bytes };
  }

  abandon(): void {
    this.writer.abandon();
  }

  private flush(): void {
    this.writer.add(0, this.held);
    this.held = [];
  }
}

/** Writes all rows at once; returns the bytes. */
export function writeRows(file: string, rows: readonly unknown[]): number {
  const target = new RowFile(file);
  for (let from = 0; from < rows.length; from += chunkRows) {
    target.add(rows.slice(from, from + chunkRows));
  }
  return target.finish().bytes;
}

/** Tells the rows a chunk at a time. */
export function readRows(file: string, listen: (rows: readonly unknown[]) => void): void {
  readShuffleFile(file, 0, listen);
}

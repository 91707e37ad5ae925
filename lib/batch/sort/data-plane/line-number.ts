/** Lines by their numbers, for people, where readers know bytes. */
import { closeSync, openSync, readSync } from "fs";
import { newline } from "../shape";

const pieceBytes = 65_536;

/** The number, from 1, of the line that begins at the byte. Cost: reads the file up to there. */
export function lineNumberAt(file: string, atByte: number): number {
  const piece = Buffer.alloc(pieceBytes);
  const descriptor = openSync(file, "r");
  try {
    let line = 1;
    for (let from = 0; from < atByte;) {
      const read = readSync(descriptor, piece, 0, Math.min(pieceBytes, atByte - from), from);
      if (read === 0) break;
      for (let at = 0; at < read; at++) if (piece[at] === newline) line++;
      from += read;
    }
    return line;
  } finally {
    closeSync(descriptor);
  }
}

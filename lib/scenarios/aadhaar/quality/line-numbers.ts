/** The numbers of lines that begin at given bytes of a file. */
import { createReadStream } from "fs";

const chunkBytes = 2 ** 20;
const newline = 10;

/** `places`: bytes from the start, ascending; the answer counts lines from 1. */
export async function lineNumbers(file: string, places: readonly number[]): Promise<number[]> {
  const numbers: number[] = [];
  let [line, start] = [1, 0];
  for await (const chunk of createReadStream(file, { highWaterMark: chunkBytes })) {
    const bytes = chunk as Buffer;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, end + 1)) {
      while (places[numbers.length] <= start + end) numbers.push(line);
      line++;
    }
    start += bytes.length;
    if (numbers.length === places.length) break;
  }
  // What is left begins in a last line without an end.
  while (numbers.length < places.length) numbers.push(line);
  return numbers;
}

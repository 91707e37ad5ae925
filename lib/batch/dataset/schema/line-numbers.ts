/** Lines by their numbers, for people, where readers know bytes. */
import { Scanner, newline } from "../../map-reduce/scan/scanner";

/**
 * The numbers, from 1, of the lines that begin at the bytes; in the order in which they are given.
 * Cost: one pass over the file up to the last of them.
 */
export async function lineNumbers(file: string, starts: readonly number[]): Promise<number[]> {
  const numbers = new Map<number, number>();
  const sorted = [...new Set(starts)].sort((a, b) => a - b);
  const endByte = (sorted.at(-1) ?? 0) + 1;
  let [next, line] = [0, 1];
  await new Scanner(newline).scan({ file, startByte: 0, endByte }, (block) => {
    let start = block.offset + block.start;
    for (let i = 0; i < block.count && next < sorted.length; i++) {
      if (sorted[next] === start) numbers.set(sorted[next++], line);
      start = block.offset + block.places[i] + 1;
      line++;
    }
    return next < sorted.length ? undefined : false;
  });
  return starts.map((start) => numbers.get(start) ?? line);
}

/** Bytes that this process has read and written, all of its threads together, as Linux counts. */
import { readFileSync } from "fs";

export interface ProcessBytes {
  /** Asked of the system, from the disk or from its cache of pages. */
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** Undefined on systems that do not tell (all but Linux). */
export function processBytes(): ProcessBytes | undefined {
  let text: string;
  try {
    text = readFileSync("/proc/self/io", "utf8");
  } catch {
    return undefined;
  }
  const of = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, "m").exec(text)?.[1]);
  return { readBytes: of("rchar"), writtenBytes: of("wchar") };
}

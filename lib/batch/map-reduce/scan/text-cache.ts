import type { Block } from "./scanner";

const slots = 4_096;
const longestCached = 24;

/**
 * Decodes short fields, and gives the same string again for the same bytes where it can: the
 * fields of logs repeat, and a call out of JavaScript to decode one costs more than to compare it.
 */
export class TextCache {
  private readonly texts: string[] = new Array<string>(slots).fill("");

  text({ bytes, isAscii }: Block, from: number, to: number): string {
    if (!isAscii) return bytes.utf8Slice(from, to);
    if (to - from > longestCached) return bytes.latin1Slice(from, to);
    let hash = 0;
    for (let at = from; at < to; at++) hash = Math.imul(hash, 31) + (bytes[at] as number);
    const slot = (hash ^ (hash >>> 12)) & (slots - 1);
    const cached = this.texts[slot] as string;
    if (isSame(cached, bytes, from, to)) return cached;
    return (this.texts[slot] = bytes.latin1Slice(from, to));
  }
}

function isSame(text: string, bytes: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== bytes[from + i]) return false;
  }
  return true;
}

/** The files that the MapReduce benchmarks read, generated once under data/generated. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { AtomicFile, Random } from "dabbawala/basics";
import { ensureIrctcLog, generatedFolder } from "dabbawala/generators";

const bytesPerRow = 86.3;
const seed = 7;

/** An IRCTC log of about that many bytes. */
export function ensureLog(bytes: number): Promise<string> {
  const rows = Math.max(1_000, Math.round(bytes / bytesPerRow / 1_000) * 1_000);
  return ensureIrctcLog({ rows, seed });
}

const vocabulary = 50_000;
const wordsPerLine = 12;

/**
 * Lines of 12 words drawn by Zipf's law (exponent 1) from a vocabulary of 50,000 made of two or
 * three syllables and a number, as if it were prose.
 */
export async function ensureText(bytes: number): Promise<string> {
  const file = join(generatedFolder, `words-${Math.round(bytes / 1e6)}mb.txt`);
  if (existsSync(file)) return file;
  mkdirSync(generatedFolder, { recursive: true });
  const random = new Random(seed);
  const words = Array.from({ length: vocabulary }, (_, rank) => spell(rank));
  const target = new AtomicFile(file);
  try {
    for (let written = 0; written < bytes;) {
      let text = "";
      while (text.length < 2 ** 20) text += lineOf(words, random);
      target.write(text);
      written += text.length;
    }
    target.commit();
    return file;
  } finally {
    target.abandon();
  }
}

function lineOf(words: readonly string[], random: Random): string {
  let line = "";
  for (let i = 0; i < wordsPerLine; i++) {
    // The inverse of the harmonic sum: rank = vocabulary to the power u is Zipf's law.
    const rank = Math.floor(Math.pow(vocabulary, random.next())) - 1;
    line += (i > 0 ? " " : "") + (words[rank] as string);
  }
  return line + "\n";
}

const syllables = ["ra", "ki", "mo", "te", "su", "na", "vi", "lo", "pa", "ge", "dha", "shi", "bu"];

function spell(rank: number): string {
  let [word, left] = ["", rank];
  do {
    word += syllables[left % syllables.length] as string;
    left = Math.floor(left / syllables.length);
  } while (left > 0);
  return word;
}

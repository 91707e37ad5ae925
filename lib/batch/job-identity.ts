/** By what a job is known again: its input files, and any text. */
import { createHash } from "crypto";
import { statSync } from "fs";
import { resolve } from "path";
import type { JobIdentity } from "./job-journal";

/** A file that was written to has another time, or another size. */
export function identityOfFiles(files: readonly string[]): JobIdentity {
  const entries = files.map((file, i) => {
    const { size, mtime } = statSync(file);
    return [`input ${i + 1}`, `${resolve(file)} (${size} bytes, of ${mtime.toISOString()})`];
  });
  return Object.fromEntries(entries) as JobIdentity;
}

/** Short enough for a sentence; two texts that differ have the same once in 2^48 times. */
export function identityOfText(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

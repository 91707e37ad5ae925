/** What all work on a gallery takes: threads, progress, a way to stop it. */
import { availableParallelism } from "os";
import { wholeInRange } from "../../../basics";
import type { MatcherKind } from "./matcher";

export interface IrisOptions {
  /** Threads, 1 to 64; default: one a core. The answer is the same for any number. */
  readonly workers?: number;
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the threads and rejects; work on one thread looks at it only before it starts. */
  readonly signal?: AbortSignal;
  /** How bits are counted; default "simd"; "plain" is TypeScript only, its oracle. */
  readonly kind?: MatcherKind;
}

export function parallelOptions(options: IrisOptions): {
  workers: number;
  onProgress?: (done: number, total: number) => void;
  signal: AbortSignal | undefined;
} {
  const { workers = Math.min(64, availableParallelism()), onProgress, signal } = options;
  wholeInRange("workers", workers, { min: 1, max: 64 });
  return { workers, signal, ...(onProgress === undefined ? {} : { onProgress }) };
}

/** A trace through a cache. */
import type { Cache } from "./cache";

/** Asks for each key, brings in what misses, and returns hits by requests: 0 to 1. */
export function hitRatio(cache: Cache<number, boolean>, trace: ArrayLike<number>): number {
  let hits = 0;
  for (let i = 0; i < trace.length; i++) {
    if (cache.get(trace[i]) === undefined) cache.set(trace[i], true);
    else hits++;
  }
  return trace.length === 0 ? 0 : hits / trace.length;
}

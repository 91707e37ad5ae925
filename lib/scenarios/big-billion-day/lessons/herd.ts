/** Tasks that all fail at one moment, and again until what they need is back: when they come. */
import { inRange, Random, wholeInRange } from "../../../basics";

export interface HerdOptions {
  readonly seed: number;
  readonly tasks: number;
  /** What they need is away so long. */
  readonly downMs: number;
  /** How long a task waits that has failed; `previousMs`: what this said of it before. */
  readonly waitMs: (retries: number, random: () => number, previousMs?: number) => number;
}

export interface Herd {
  /** Retries in each 50 ms from the failure on, until four times `downMs`. */
  readonly counts: readonly number[];
  /** The most in 50 ms, as a part of the herd. */
  readonly peakShare: number;
  /** When the last one got through. */
  readonly lastMs: number;
}

const binMs = 50;
/** Waits of nothing would never bring a task past the time that all is down. */
const mostRetries = 1_000;

export function herdComesBack({ seed, tasks, downMs, waitMs }: HerdOptions): Herd {
  wholeInRange("tasks", tasks, { min: 1, max: 1_000_000 });
  inRange("downMs", downMs, { min: 1, max: 1e6 });
  const random = new Random(seed);
  const counts = new Array<number>(Math.ceil((4 * downMs) / binMs)).fill(0);
  let lastMs = 0;
  for (let task = 0; task < tasks; task++) {
    let [atMs, previousMs]: [number, number | undefined] = [0, undefined];
    for (let retries = 0; atMs < downMs && retries < mostRetries; retries++) {
      previousMs = waitMs(retries, () => random.next(), previousMs);
      atMs += previousMs;
      const bin = Math.floor(atMs / binMs);
      if (bin < counts.length) counts[bin]++;
    }
    lastMs = Math.max(lastMs, atMs);
  }
  return { counts, peakShare: Math.max(...counts) / tasks, lastMs };
}

/** Requests to try caches with: whole numbers as keys, from a seed. */
import { inRange, onlyKnown, Random, wholeInRange } from "../basics";

const counts = { min: 1, max: 2 ** 30 };

export interface ZipfOptions {
  /** How many keys there are: 0 to `keys` - 1. */
  readonly keys: number;
  readonly requests: number;
  /** Key of rank r is asked for in proportion to 1 / r^exponent; 0 to 4, default 0.99 (YCSB). */
  readonly exponent?: number;
  readonly seed: number;
}

const zipfNames = ["keys", "requests", "exponent", "seed"];

/** Independent requests by Zipf's law; which key has which rank is shuffled. */
export function zipfTrace(options: ZipfOptions): Int32Array {
  onlyKnown("zipfTrace", options, zipfNames);
  const random = new Random(options.seed);
  const rank = zipfRanks(options, random);
  const keyOf = shuffledKeys(options.keys, random);
  return new Int32Array(wholeInRange("requests", options.requests, counts)).map(
    () => keyOf[rank() - 1],
  );
}

export interface ScanOptions extends ZipfOptions {
  /** Requests by Zipf's law between two scans. */
  readonly everyRequests: number;
  /** Keys in a scan: new ones each time, from `keys` up, each asked for once. */
  readonly scanKeys: number;
}

/** Zipf, broken by scans of keys that never come again: a report, a backup, a crawler. */
export function scanTrace(options: ScanOptions): Int32Array {
  onlyKnown("scanTrace", options, [...zipfNames, "everyRequests", "scanKeys"]);
  const { everyRequests, scanKeys: keysOfAScan, ...zipf } = options;
  const usual = zipfTrace(zipf);
  const every = wholeInRange("everyRequests", everyRequests, counts);
  const scanKeys = wholeInRange("scanKeys", keysOfAScan, counts);
  const trace = new Int32Array(options.requests);
  let [fresh, taken] = [options.keys, 0];
  for (let i = 0; i < trace.length; i++) {
    const isScan = i % (every + scanKeys) >= every;
    trace[i] = isScan ? fresh++ : usual[taken++];
  }
  return trace;
}

/** Keys 0 to `keys` - 1 in order, again and again. */
export function loopTrace(options: { keys: number; requests: number }): Int32Array {
  onlyKnown("loopTrace", options, ["keys", "requests"]);
  const keys = wholeInRange("keys", options.keys, counts);
  return new Int32Array(wholeInRange("requests", options.requests, counts)).map((_, i) => i % keys);
}

export interface ShiftOptions extends ZipfOptions {
  /** After so many requests popularity changes hands. */
  readonly everyRequests: number;
  /** By how many ranks: what was at rank 1 is then at 1 + `shiftRanks`, the last come first. */
  readonly shiftRanks: number;
}

/** Zipf whose favourites change: news, sales, trains of the day. */
export function shiftingTrace(options: ShiftOptions): Int32Array {
  onlyKnown("shiftingTrace", options, [...zipfNames, "everyRequests", "shiftRanks"]);
  const every = wholeInRange("everyRequests", options.everyRequests, counts);
  const shift = wholeInRange("shiftRanks", options.shiftRanks, { min: 0, max: options.keys });
  const random = new Random(options.seed);
  const rank = zipfRanks(options, random);
  const keyOf = shuffledKeys(options.keys, random);
  return new Int32Array(wholeInRange("requests", options.requests, counts)).map((_, i) => {
    const moved = Math.floor(i / every) * shift;
    return keyOf[(rank() - 1 + moved) % options.keys];
  });
}

function shuffledKeys(keys: number, random: Random): Int32Array {
  const result = new Int32Array(keys).map((_, i) => i);
  for (let i = keys - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [result[i], result[j]] = [result[j], result[i]];
  }
  return result;
}

/**
 * Draws of ranks from 1, without a table.
 *
 * Source: W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates from monotone
 * discrete distributions", ACM TOMACS 6(3), 1996.
 * Cost: about 1.1 trials a draw.
 */
export function zipfRanks(
  options: Pick<ZipfOptions, "keys" | "exponent">,
  random: Random,
): () => number {
  const keys = wholeInRange("keys", options.keys, counts);
  const exponent = inRange("exponent", options.exponent ?? 0.99, { min: 0, max: 4 });
  const power = 1 - exponent;
  const isHarmonic = Math.abs(power) < 1e-9;
  const area = (x: number): number => (isHarmonic ? Math.log(x) : (x ** power - 1) / power);
  const inverse = (y: number): number =>
    isHarmonic ? Math.exp(y) : (1 + y * power) ** (1 / power);
  const lowest = area(1.5) - 1;
  const highest = area(keys + 0.5);
  return () => {
    for (;;) {
      const y = lowest + random.next() * (highest - lowest);
      const rank = Math.min(keys, Math.max(1, Math.round(inverse(y))));
      if (y >= area(rank + 0.5) - rank ** -exponent) return rank;
    }
  };
}

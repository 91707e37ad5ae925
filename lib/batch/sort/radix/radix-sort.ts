/**
 * Radix sort of whole numbers on one thread: by their first 8 bits into buckets that fit into the
 * cache, then each bucket by the other 24 bits in two passes, least significant first.
 *
 * Source: D. Knuth, The Art of Computer Programming 3, section 5.2.5; ours begins with the most
 * significant digit, so that the scattered writes of the other passes stay within the cache.
 * Guarantees: ascending; equal keys cannot be told apart, so it is stable in any sense.
 * Cost: 3 passes, and the memory of the keys once more.
 */
const digitBits = 12;
const digits = 2 ** digitBits;
const mask = digits - 1;
/** Fewer are sorted by the engine's own sort, which needs no tables. */
const smallSize = 4_096;

/** Sorts the keys in place. */
export function radixSort(keys: Uint32Array): Uint32Array {
  if (keys.length < smallSize) return keys.sort();
  const other = new Uint32Array(keys.length);
  const shift = bucketShift(keys, { from: 0, to: keys.length });
  const ends = countBuckets(keys, { from: 0, to: keys.length }, shift);
  let sum = 0;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const count = ends[bucket] as number;
    ends[bucket] = sum;
    sum += count;
  }
  scatterBuckets({ from: keys, to: other }, { from: 0, to: keys.length }, { places: ends, shift });
  const tables = makeTables();
  for (let bucket = 0, from = 0; bucket < bucketCount; bucket++) {
    const to = ends[bucket] as number;
    sortBucket({ from: other, to: keys }, { from, to }, tables);
    from = to;
  }
  return keys;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

interface FromTo {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

export const bucketCount = 256;

/** How far to shift a key so that its 8 most significant bits of those that occur are left. */
export function bucketShift(keys: Uint32Array, { from, to }: Range): number {
  let any = 0;
  for (let i = from; i < to; i++) any |= keys[i] as number;
  return Math.max(0, 24 - Math.clz32(any));
}

/** How many keys of the range fall into each bucket. */
export function countBuckets(keys: Uint32Array, { from, to }: Range, shift: number): Uint32Array {
  const counts = new Uint32Array(bucketCount);
  for (let i = from; i < to; i++) counts[(keys[i] as number) >>> shift]++;
  return counts;
}

/** `places`: where the next key of each bucket goes; moved on. */
export function scatterBuckets(
  { from: keys, to: target }: FromTo,
  { from, to }: Range,
  { places, shift }: { places: Uint32Array; shift: number },
): void {
  for (let i = from; i < to; i++) {
    const key = keys[i] as number;
    target[places[key >>> shift]++] = key;
  }
}

/** Two tables of digits, to be used again for every bucket. */
export function makeTables(): readonly [Uint32Array, Uint32Array] {
  return [new Uint32Array(digits), new Uint32Array(digits)];
}

/** Sorts a range of `from` by the lower 24 bits into the same range of `to`. */
export function sortBucket(
  { from: keys, to: target }: FromTo,
  { from, to }: Range,
  [lower, upper]: readonly [Uint32Array, Uint32Array],
): void {
  if (to - from < smallSize) {
    target.set(keys.subarray(from, to), from);
    target.subarray(from, to).sort();
    return;
  }
  lower.fill(0);
  upper.fill(0);
  for (let i = from; i < to; i++) {
    const key = keys[i] as number;
    lower[key & mask]++;
    upper[(key >>> digitBits) & mask]++;
  }
  let [sum, upperSum] = [from, from];
  for (let digit = 0; digit < digits; digit++) {
    const [count, upperCount] = [lower[digit] as number, upper[digit] as number];
    lower[digit] = sum;
    upper[digit] = upperSum;
    sum += count;
    upperSum += upperCount;
  }
  for (let i = from; i < to; i++) {
    const key = keys[i] as number;
    target[lower[key & mask]++] = key;
  }
  for (let i = from; i < to; i++) {
    const key = target[i] as number;
    keys[upper[(key >>> digitBits) & mask]++] = key;
  }
  target.set(keys.subarray(from, to), from);
}

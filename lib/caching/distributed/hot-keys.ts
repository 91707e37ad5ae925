/**
 * Which keys are asked for so often that one server should not answer for them alone.
 *
 * Source: A. Metwally, D. Agrawal, A. El Abbadi, "Efficient computation of frequent and top-k
 * elements in data streams", ICDT 2005: Space-Saving. Ours starts anew after a window of requests
 * and remembers what was hot in the last one.
 * Guarantees: with k counters every key over 1/k of the window is counted, by at most 1/k of the
 * window too often; that much is taken off before a key is called hot.
 * Cost: k counters; a request is constant, or k where a counter changes hands.
 */
const counters = 64;

export interface HotKeys {
  /** Count, and how much of it may be an earlier key's. */
  readonly counts: Map<string, { count: number; error: number }>;
  readonly hot: Set<string>;
  seen: number;
}

export interface HotOptions {
  readonly hotShare: number;
  readonly hotWindow: number;
}

/** Before so many requests nothing is called hot. */
const leastSeen = 100;

export function noHotKeys(): HotKeys {
  return { counts: new Map(), hot: new Set(), seen: 0 };
}

/** One more request; true when the key is hot now and was not before it. */
export function countRequest(keys: HotKeys, key: string, options: HotOptions): boolean {
  if (keys.seen >= options.hotWindow) startWindow(keys, options);
  keys.seen++;
  const known = keys.counts.get(key);
  if (known !== undefined) known.count++;
  else takeCounter(keys.counts, key);
  if (keys.hot.has(key) || keys.seen < Math.min(leastSeen, options.hotWindow)) return false;
  if (!isOver(keys, key, options)) return false;
  keys.hot.add(key);
  return true;
}

function takeCounter(counts: HotKeys["counts"], key: string): void {
  if (counts.size < counters) return void counts.set(key, { count: 1, error: 0 });
  let [least, lowest] = ["", Infinity];
  for (const [other, { count }] of counts) if (count < lowest) [least, lowest] = [other, count];
  counts.delete(least);
  counts.set(key, { count: lowest + 1, error: lowest });
}

function isOver({ counts, seen }: HotKeys, key: string, { hotShare }: HotOptions): boolean {
  const found = counts.get(key);
  return found !== undefined && found.count - found.error > hotShare * seen;
}

function startWindow(keys: HotKeys, options: HotOptions): void {
  for (const key of keys.hot) if (!isOver(keys, key, options)) keys.hot.delete(key);
  keys.counts.clear();
  keys.seen = 0;
}

/** The policies again, as plainly as can be: arrays that are searched, weights of 1, no values. */
import { FrequencySketch } from "dabbawala/caching";
import { avalanche32 } from "dabbawala/dist/basics/murmur3";

/** True for a hit. A miss brings the key in. */
export type Oracle = (key: number) => boolean;

/** Takes a value out of an array; false where it was not in. */
function take(from: number[], key: number): boolean {
  const at = from.indexOf(key);
  if (at >= 0) from.splice(at, 1);
  return at >= 0;
}

export function lru(capacity: number): Oracle {
  const keys: number[] = []; // the most recent one last
  return (key) => {
    const isHit = take(keys, key);
    keys.push(key);
    if (keys.length > capacity) keys.shift();
    return isHit;
  };
}

export function clock(capacity: number): Oracle {
  const frames: { key: number; isUsed: boolean }[] = [];
  let hand = 0;
  return (key) => {
    const frame = frames.find((each) => each.key === key);
    if (frame !== undefined) return (frame.isUsed = true);
    if (frames.length < capacity) {
      frames.push({ key, isUsed: false });
      return false;
    }
    while (frames[hand].isUsed) {
      frames[hand].isUsed = false;
      hand = (hand + 1) % capacity;
    }
    frames[hand] = { key, isUsed: false };
    hand = (hand + 1) % capacity;
    return false;
  };
}

export function lfu(capacity: number): Oracle {
  let entries: { key: number; uses: number; at: number }[] = [];
  let time = 0;
  return (key) => {
    const entry = entries.find((each) => each.key === key);
    time++;
    if (entry !== undefined) {
      entry.uses++;
      entry.at = time;
      return true;
    }
    entries.sort((a, b) => b.uses - a.uses || b.at - a.at);
    entries = entries.slice(0, capacity - 1);
    entries.push({ key, uses: 1, at: time });
    return false;
  };
}

export function slru(capacity: number): Oracle {
  const [probation, guarded]: number[][] = [[], []];
  return (key) => {
    if (take(guarded, key)) return guarded.push(key) > 0;
    if (take(probation, key)) {
      guarded.push(key);
      if (guarded.length > Math.floor(0.8 * capacity)) probation.push(guarded.shift() as number);
      return true;
    }
    if (probation.length + guarded.length === capacity) {
      if (probation.length > 0) probation.shift();
      else guarded.shift();
    }
    probation.push(key);
    return false;
  };
}

/** Figure 4 of the paper, line by line. */
export function arc(c: number): Oracle {
  const [t1, t2, b1, b2]: number[][] = [[], [], [], []];
  let p = 0;
  const replace = (isInB2: boolean): void => {
    if (t1.length >= 1 && ((isInB2 && t1.length === p) || t1.length > p)) {
      b1.push(t1.shift() as number);
    } else b2.push(t2.shift() as number);
  };
  return (x) => {
    if (take(t1, x) || take(t2, x)) return t2.push(x) > 0;
    if (b1.includes(x)) {
      p = Math.min(c, p + Math.max(b2.length / b1.length, 1));
      replace(false);
      take(b1, x);
      t2.push(x);
    } else if (b2.includes(x)) {
      p = Math.max(0, p - Math.max(b1.length / b2.length, 1));
      replace(true);
      take(b2, x);
      t2.push(x);
    } else {
      const all = t1.length + t2.length + b1.length + b2.length;
      if (t1.length + b1.length === c) {
        if (t1.length < c) {
          b1.shift();
          replace(false);
        } else t1.shift();
      } else if (all >= c) {
        if (all === 2 * c) b2.shift();
        replace(false);
      }
      t1.push(x);
    }
    return false;
  };
}

export function sieve(capacity: number): Oracle {
  const queue: { key: number; isVisited: boolean }[] = []; // the oldest one first
  let hand = 0;
  return (key) => {
    const entry = queue.find((each) => each.key === key);
    if (entry !== undefined) return (entry.isVisited = true);
    if (queue.length === capacity) {
      if (hand >= queue.length) hand = 0;
      while (queue[hand].isVisited) {
        queue[hand].isVisited = false;
        hand = (hand + 1) % queue.length;
      }
      queue.splice(hand, 1);
      if (hand === queue.length) hand = 0; // it stood at the newest: it begins again at the oldest
    }
    queue.push({ key, isVisited: false });
    return false;
  };
}

/** Algorithm 1 of the paper, line by line. */
export function s3Fifo(capacity: number): Oracle {
  const [small, main, ghosts]: number[][] = [[], [], []];
  const smallSize = Math.max(1, Math.floor(0.1 * capacity));
  let hasEvicted = false;
  const uses = new Map<number, number>();
  const evictMain = (): void => {
    for (;;) {
      const t = main.shift() as number;
      const left = uses.get(t) as number;
      if (left === 0) return;
      uses.set(t, left - 1);
      main.push(t);
    }
  };
  const evictSmall = (): void => {
    while (small.length > 0) {
      const t = small.shift() as number;
      if ((uses.get(t) as number) > 1) {
        uses.set(t, 0);
        main.push(t);
        if (main.length > capacity - smallSize) evictMain();
      } else {
        ghosts.push(t);
        if (ghosts.length > capacity - smallSize) ghosts.shift();
        return;
      }
    }
  };
  return (key) => {
    if (small.includes(key) || main.includes(key)) {
      uses.set(key, Math.min(3, (uses.get(key) as number) + 1));
      return true;
    }
    const wasGhost = take(ghosts, key);
    while (small.length + main.length >= capacity) {
      hasEvicted = true;
      const fromSmall = small.length >= smallSize || main.length === 0;
      if (fromSmall) evictSmall();
      else evictMain();
    }
    uses.set(key, 0);
    const isFirstFill = !hasEvicted && small.length >= smallSize;
    (wasGhost || isFirstFill ? main : small).push(key);
    return false;
  };
}

/** Windows and segments anew; the sketch is the library's own, which has its own tests. */
export function wTinyLfu(capacity: number): Oracle {
  const [recent, probation, guarded]: number[][] = [[], [], []];
  const windowSize = Math.max(1, Math.floor(0.01 * capacity));
  const guardedSize = Math.floor(0.8 * (capacity - windowSize));
  const sketch = new FrequencySketch(capacity);
  const frequency = (key: number): number => sketch.estimate(avalanche32(key));
  return (key) => {
    sketch.add(avalanche32(key));
    if (take(recent, key)) return recent.push(key) > 0;
    if (take(guarded, key)) return guarded.push(key) > 0;
    if (take(probation, key)) {
      guarded.push(key);
      if (guarded.length > guardedSize) probation.push(guarded.shift() as number);
      return true;
    }
    recent.push(key);
    if (recent.length <= windowSize) return false;
    const candidate = recent.shift() as number;
    const isFull = recent.length + probation.length + guarded.length === capacity;
    if (!isFull) probation.push(candidate);
    else if (probation.length > 0 && frequency(candidate) > frequency(probation[0])) {
      probation.shift();
      probation.push(candidate);
    }
    return false;
  };
}

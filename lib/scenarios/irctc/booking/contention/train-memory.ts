/**
 * Trains in memory that threads share: a word a berth, whose bits are its taken stretches; a lock
 * and a version a train.
 *
 * Cost: 4 bytes a berth; a choice reads all berths of its train.
 */
import type { Stops } from "../berth-map";

export const berthsEach = 720;
const stretches = 20;

export interface SharedTrains {
  /** Berth b of train t is number t x 720 + b. */
  readonly taken: Int32Array;
  /** 0 free, 1 held, 2 held and waited for. */
  readonly locks: Int32Array;
  /** Odd while somebody writes. */
  readonly versions: Int32Array;
}

export function sharedTrains(trains: number): SharedTrains {
  const words = (count: number): Int32Array => new Int32Array(new SharedArrayBuffer(4 * count));
  return { taken: words(trains * berthsEach), locks: words(trains), versions: words(trains) };
}

export function maskOf({ from, to }: Stops): number {
  return ((1 << (to - from)) - 1) << from;
}

/** The free berth that wastes least, as `tightestBerth`; -1 for none. */
export function tightest({ taken }: SharedTrains, train: number, stops: Stops): number {
  const mask = maskOf(stops);
  let best = -1;
  let least = Infinity;
  for (let berth = train * berthsEach; berth < (train + 1) * berthsEach; berth++) {
    const word = taken[berth] as number;
    if ((word & mask) !== 0) continue;
    const waste = wasteOf(word, stops);
    if (waste >= least) continue;
    least = waste;
    best = berth;
  }
  return best;
}

function wasteOf(word: number, { from, to }: Stops): number {
  const before = word & ((1 << from) - 1);
  const behind = word >>> to;
  const left = before === 0 ? from : from - (32 - Math.clz32(before));
  const right = behind === 0 ? stretches - to : 31 - Math.clz32(behind & -behind);
  return left + right;
}

/** Journeys of a thread, always the same for the same seed; see `Random`. */
export function journeyFrom(draw: () => number): Stops {
  const from = Math.floor(draw() * stretches);
  return { from, to: from + 1 + Math.floor(draw() * (stretches - from)) };
}

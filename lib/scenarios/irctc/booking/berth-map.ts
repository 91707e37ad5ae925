/**
 * Which berths are taken on which stretches of a train's way, as bits: 32 berths a word, so that
 * one instruction asks 32 of them.
 *
 * Source: vertical bit slices, as in P. O'Neil and D. Quass, "Improved query performance with
 * variant indexes", SIGMOD 1997; best fit as in D. Knuth, The Art of Computer Programming, volume
 * 1, section 2.5, along the way instead of along memory.
 * Cost: berths x stretches / 8 bytes; a journey of k stretches is asked with k x berths / 32 words.
 */
import { assert } from "../../../basics";

/** Plain data. Berths are numbered from 0; what a word has beyond the last berth is never asked. */
export interface BerthMap {
  readonly stretches: number;
  /** Of 32 berths each. */
  readonly words: number;
  /** Word w of stretch s is number w x stretches + s; a set bit is a taken berth. */
  readonly taken: Int32Array;
}

/** A set of berths, a bit each. */
export type BerthSet = Int32Array;

/** From one stop to a later one; stretch i is from stop i to stop i + 1. */
export interface Stops {
  readonly from: number;
  readonly to: number;
}

export function emptyBerthMap(berths: number, stretches: number): BerthMap {
  const words = Math.ceil(berths / 32);
  return { stretches, words, taken: new Int32Array(words * stretches) };
}

/** Puts those of `within` that are free on the whole journey into `free`; returns how many. */
export function freeBerths(
  { stretches, words, taken }: BerthMap,
  { from, to }: Stops,
  { within, free }: { readonly within: BerthSet; readonly free: BerthSet },
): number {
  let count = 0;
  for (let word = 0; word < words; word++) {
    let left = within[word] as number;
    const base = word * stretches;
    for (let at = base + from; at < base + to && left !== 0; at++) left &= ~(taken[at] as number);
    free[word] = left;
    if (left !== 0) count += bitsOf(left);
  }
  return count;
}

/** Marks a berth as taken on a journey. It must be free there. */
export function takeBerth(map: BerthMap, berth: number, { from, to }: Stops): void {
  const bit = 1 << (berth & 31);
  const base = (berth >> 5) * map.stretches;
  for (let at = base + from; at < base + to; at++) {
    assert(((map.taken[at] as number) & bit) === 0, "a berth is sold once", { berth, from, to });
    (map.taken[at] as number) |= bit;
  }
}

/** The berth is free again on that journey; on others it stays as it was. */
export function releaseBerth(map: BerthMap, berth: number, { from, to }: Stops): void {
  const base = (berth >> 5) * map.stretches;
  for (let at = base + from; at < base + to; at++) {
    (map.taken[at] as number) &= ~(1 << (berth & 31));
  }
}

export function isTaken(map: BerthMap, berth: number, stretch: number): boolean {
  const word = map.taken[(berth >> 5) * map.stretches + stretch] as number;
  return (word & (1 << (berth & 31))) !== 0;
}

/**
 * The berth of `candidates` (free on the journey, and of `liked` if given) that wastes least: whose
 * free stretches just before and just behind the journey are fewest together; of equals the lowest.
 * -1 for none.
 */
export function tightestBerth(
  map: BerthMap,
  stops: Stops,
  { candidates, liked }: { readonly candidates: BerthSet; readonly liked?: BerthSet },
): number {
  let best = nothing;
  for (let word = 0; word < map.words; word++) {
    let bits = candidates[word] as number;
    if (liked !== undefined) bits &= liked[word] as number;
    if (bits !== 0) best = tightestOfWord(map, stops, { word, bits, best });
  }
  return best === nothing ? -1 : best & 0xffff;
}

/** No berth; one that is found is its waste times 2^16 and its number, so that less is better. */
export const nothing = 0x7fff_ffff;

/** The better of `best` and the berths that `bits` has in a word. */
export function tightestOfWord(
  { stretches, taken }: BerthMap,
  { from, to }: Stops,
  { word, bits, best }: { readonly word: number; readonly bits: number; readonly best: number },
): number {
  const base = word * stretches;
  let found = best;
  let rest = bits;
  // A berth with a higher number than the best one has to waste less, not as much.
  const isBehind = (best & 0xffff) < word * 32;
  for (let before = 0; rest !== 0; before++) {
    const most = (found >> 16) - (isBehind && found === best ? 1 : 0);
    if (before > most) break;
    const isEdge = before === from;
    let some = isEdge ? rest : rest & (taken[base + from - 1 - before] as number);
    if (some === 0) continue;
    rest &= ~some;
    for (let waste = before; waste <= most; waste++) {
      const stretch = to + waste - before;
      const ends = stretch === stretches ? some : some & (taken[base + stretch] as number);
      if (ends !== 0) {
        const here = (waste << 16) | (word * 32 + 31 - Math.clz32(ends & -ends));
        if (here < found) found = here;
        break; // others of these waste more
      }
      some &= ~ends;
    }
  }
  return found;
}

/** How many bits are set: Warren, Hacker's Delight (2012), section 5-1. */
export function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

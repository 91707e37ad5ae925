/**
 * Chooses berths for passengers who travel together: one passenger gets the berth of the type asked
 * for that wastes least of the train's way; a group gets one bay if it can, else one coach, else
 * the fullest bays that there are.
 *
 * Source: best fit, see berth-map.ts. A group takes the bay that it fills best, and where it has to
 * be split, the bays with most free berths first, which makes the fewest parts.
 * Guarantees: finds berths whenever so many are free on the whole journey.
 * Cost: a few instructions for 32 berths and stretch; O(bays) more for a group.
 */
import { bitsOf, freeBerths, nothing, tightestBerth, tightestOfWord } from "./berth-map";
import type { BerthMap, BerthSet, Stops } from "./berth-map";
import type { Layout } from "./layout";
import type { BerthType } from "./train-plan";

/** The berth type that each passenger would like; null for any. */
export type Wishes = readonly (BerthType | null)[];

/** One for each wish, in their order, or undefined where `within` has too few. */
export function chooseBerths(
  { map, layout, within }: { map: BerthMap; layout: Layout; within: BerthSet },
  stops: Stops,
  wishes: Wishes,
): number[] | undefined {
  if (scratch.length < map.words) scratch = new Int32Array(map.words);
  const free = scratch;
  if (freeBerths(map, stops, { within, free }) < wishes.length) return undefined;
  if (wishes.length > 1) return seatGroup({ map, layout, free }, stops, wishes);
  const liked = likedOf(layout, wishes[0]);
  const berth = liked === undefined ? -1 : tightestBerth(map, stops, { candidates: free, liked });
  return [berth < 0 ? tightestBerth(map, stops, { candidates: free }) : berth];
}

/** Of one call only: a new array for each would cost more than the search. */
let scratch: BerthSet = new Int32Array(64);

function likedOf(layout: Layout, wish: BerthType | null | undefined): BerthSet | undefined {
  return wish === null || wish === undefined ? undefined : layout.ofType[wish];
}

function seatGroup(
  { map, layout, free }: { map: BerthMap; layout: Layout; free: BerthSet },
  stops: Stops,
  wishes: Wishes,
): number[] {
  const chosen: number[] = [];
  const [first, last] = rangeFor(wishes.length, free, layout);
  while (chosen.length < wishes.length) {
    const bay = fullest(first, last);
    const word = bay >> 2;
    let left = byteOf(free, bay) << ((bay & 3) * 8);
    counts[bay] = 0;
    while (left !== 0 && chosen.length < wishes.length) {
      const liked = likedOf(layout, wishes[chosen.length]);
      const wanted = liked === undefined ? 0 : left & (liked[word] as number);
      const bits = wanted === 0 ? left : wanted;
      const berth = tightestOfWord(map, stops, { word, bits, best: nothing }) & 0xffff;
      left &= ~(1 << (berth & 31));
      chosen.push(berth);
    }
  }
  return chosen;
}

/** The bays to fill, from the first to before the last: one, else a coach's, else all. */
function rangeFor(passengers: number, free: BerthSet, layout: Layout): [number, number] {
  const { bays, baysPerCoach } = layout;
  if (counts.length < bays) [counts, coaches] = [new Uint8Array(bays), new Uint8Array(bays)];
  for (let bay = 0; bay < bays; bay++) counts[bay] = bitsOf(byteOf(free, bay));
  const single = smallestOf(counts, passengers, bays);
  if (single >= 0) return [single, single + 1];
  for (let coach = 0; coach * baysPerCoach < bays; coach++) {
    coaches[coach] = 0;
    for (let i = 0; i < baysPerCoach; i++) {
      (coaches[coach] as number) += counts[coach * baysPerCoach + i] as number;
    }
  }
  const coach = smallestOf(coaches, passengers, bays / baysPerCoach);
  return coach < 0 ? [0, bays] : [coach * baysPerCoach, (coach + 1) * baysPerCoach];
}

/** Free berths of each bay and of each coach, of one call only. */
let counts = new Uint8Array(128);
let coaches = new Uint8Array(128);

function fullest(first: number, last: number): number {
  let best = first;
  for (let bay = first + 1; bay < last; bay++) {
    if ((counts[bay] as number) > (counts[best] as number)) best = bay;
  }
  return best;
}

/** The place of the smallest count that suffices; the first of equals; -1 for none. */
function smallestOf(list: Uint8Array, needed: number, length: number): number {
  let best = -1;
  for (let i = 0; i < length; i++) {
    const count = list[i] as number;
    if (count < needed || (best >= 0 && count >= (list[best] as number))) continue;
    best = i;
    if (count === needed) break;
  }
  return best;
}

function byteOf(berths: BerthSet, bay: number): number {
  return ((berths[bay >> 2] as number) >>> ((bay & 3) * 8)) & 255;
}

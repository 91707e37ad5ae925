/** Places on Chord's circle of 2^bits, and who comes before whom on it. */
import { murmur32 } from "../../basics";
import type { NodeId } from "../../protocol";
import type { Arc } from "./messages";
import type { ChordOptions } from "./options";

type Circle = Pick<ChordOptions, "bits" | "places">;

/** Of a node or a key: its hash (section IV.B), unless a table says otherwise. */
export function placeOf({ bits, places }: Circle, name: NodeId | string): number {
  return places[name] ?? murmur32(name) >>> (32 - bits);
}

/** How far it is from one place on to another. */
export function distance({ bits }: Circle, from: number, to: number): number {
  return to >= from ? to - from : to - from + 2 ** bits;
}

/** After one and before the other; where both are one, anywhere but there. */
export function isBetween(place: number, after: number, before: number): boolean {
  if (after < before) return after < place && place < before;
  return place > after || place < before;
}

/** After one, and before the other or there; where both are one, anywhere. */
export function isIn(place: number, { after, upTo }: Arc): boolean {
  return place === upTo || after === upTo || isBetween(place, after, upTo);
}

/** Section IV.E.1, fix_fingers: one finger at a time is looked up anew. */
import type { NodeId } from "../../protocol";
import type { ChordHost } from "./messages";
import { isIn, placeOf } from "./places";
import { search } from "./searching";
import type { ChordState } from "./state";

/** Fingers as near as the successor cost nothing: the next that has to be asked for is. */
export function fixNextFinger(state: ChordState, host: ChordHost): void {
  const { options, fingers, successors } = state;
  const [successor] = successors as [NodeId];
  const near = { after: state.place, upTo: placeOf(options, successor) };
  for (let tries = 0; tries < options.bits; tries++) {
    const index = state.nextFinger;
    state.nextFinger = (index + 1) % options.bits;
    const place = (state.place + 2 ** index) % 2 ** options.bits;
    if (!isIn(place, near)) return search(state, { place, goal: { kind: "finger", index } }, host);
    fingers[index] = successor;
  }
}

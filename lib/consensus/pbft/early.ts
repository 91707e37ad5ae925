/**
 * Messages of the three phases that come before the view they belong to. Of each replica one is
 * kept for a phase, a sequence number of the window, and a view, the next or the one awaited: so a
 * liar fills its own room only, and nobody who repeats what others have said takes theirs.
 *
 * Source: ours; Castro and Liskov 1999, section 4.2, drop what is not of the current view.
 */
import { batchFlaw } from "./batches";
import { accuse } from "./evidence";
import type { Commit, PrePrepare, Prepare } from "./messages";
import { drop } from "./state";
import type { PbftHost, PbftState } from "./state";

type Phase = PrePrepare | Prepare | Commit;

export function keepEarly(pbft: PbftState, message: Phase, host: PbftHost): void {
  if (message.view > pbft.view + 1) return drop(pbft, { reason: "view", message }, host);
  const { type, view, sequence, replica } = message;
  const place = `${view}/${sequence}/${type}/${replica}`;
  const known = pbft.early.get(place);
  if (known === undefined) pbft.early.set(place, provenPart(pbft, message));
  else if (known.digest === message.digest) drop(pbft, { reason: "unneeded", message }, host);
  else {
    accuse(pbft, { first: known, second: message }, host);
    drop(pbft, { reason: "conflict", message }, host);
  }
}

/** Requests are not under the primary's proof: others may have put wrong ones in their place. */
function provenPart(pbft: PbftState, message: Phase): Phase {
  if (message.type !== "prePrepare" || message.requests === null) return message;
  const flaw = batchFlaw(pbft, message, message.requests);
  return flaw === undefined ? message : { ...message, requests: null };
}

/** Those of the view that has begun, in the order in which they came; older ones are forgotten. */
export function takeEarly(pbft: PbftState): Phase[] {
  const now = [...pbft.early.values()].filter(({ view }) => view === pbft.view);
  forgetEarly(pbft, ({ view }) => view <= pbft.view);
  return now;
}

export function forgetEarly(pbft: PbftState, isOver: (message: Phase) => boolean): void {
  for (const [place, message] of pbft.early) if (isOver(message)) pbft.early.delete(place);
}

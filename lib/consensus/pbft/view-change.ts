/**
 * Leaving a view: replicas that wait too long ask for the next one, and say what they know.
 *
 * Source: Castro and Liskov 1999, sections 4.4 and 4.5.2. A view change that is lost is repeated
 * after a status, see `status.ts`.
 */
import { accuse } from "./evidence";
import { isWellFounded } from "./certificates";
import { forgetEarly } from "./early";
import { textOf } from "./encoding";
import type { ViewChange } from "./messages";
import { tryNewView } from "./new-view";
import { timeoutMs } from "./requests";
import { drop, leaveView, multicast, provenCheckpoint, prove } from "./state";
import type { PbftHost, PbftState } from "./state";
import { saveView } from "./storage";

/** <VIEW-CHANGE, v+1, n, C, P, i>: from here on no message of an earlier view is accepted. */
function startViewChange(pbft: PbftState, view: number, host: PbftHost): void {
  pbft.view = view;
  pbft.isActive = false;
  pbft.attempts++;
  pbft.newView = null;
  leaveView(pbft);
  forgetEarly(pbft, (early) => early.view < view);
  const message = viewChangeOf(pbft);
  pbft.ownViewChange = message;
  pbft.viewChanges.set(pbft.id, message);
  saveView(pbft, host);
  host.note("viewChange", { view });
  stopWaiting(pbft, host);
  multicast(pbft, message, host);
  afterViewChange(pbft, host);
}

function viewChangeOf(pbft: PbftState): ViewChange {
  const { id, view, slots, authentication } = pbft;
  const { sequence: stableSequence, proof: checkpointProof } = provenCheckpoint(pbft);
  const above = [...slots.values()]
    .filter(({ sequence }) => sequence > stableSequence)
    .sort((left, right) => left.sequence - right.sequence);
  const prepared = above.flatMap((slot) => slot.prepared ?? []);
  const prePrepared = authentication.isTransferable
    ? []
    : above.flatMap(({ sequence, prePrepared: views }) =>
        [...views].map(([digest, of]) => ({ sequence, view: of, digest })),
      );
  return prove<ViewChange>(pbft, {
    type: "viewChange",
    view,
    stableSequence,
    checkpointProof,
    prepared,
    prePrepared,
    replica: id,
  });
}

export function onViewChange(pbft: PbftState, message: ViewChange, host: PbftHost): void {
  const { view, replica } = message;
  if (view < pbft.view || (view === pbft.view && pbft.isActive)) {
    return drop(pbft, { reason: "view", message }, host);
  }
  const known = pbft.viewChanges.get(replica);
  if (known !== undefined && known.view > view) {
    return drop(pbft, { reason: "unneeded", message }, host);
  }
  if (known?.view === view) {
    if (textOf(known) === textOf(message)) return;
    accuse(pbft, { first: known, second: message }, host);
    return drop(pbft, { reason: "conflict", message }, host);
  }
  if (!isWellFounded(pbft, message)) return drop(pbft, { reason: "certificate", message }, host);
  pbft.viewChanges.set(replica, message);
  afterViewChange(pbft, host);
}

/** f + 1 replicas cannot all be faulty: joins them in the lowest view that they ask for. */
function afterViewChange(pbft: PbftState, host: PbftHost): void {
  const higher = [...pbft.viewChanges.values()].filter(({ view }) => view > pbft.view);
  if (higher.length > pbft.size.f) {
    return startViewChange(pbft, Math.min(...higher.map(({ view }) => view)), host);
  }
  if (pbft.isActive) return;
  tryNewView(pbft, host);
  if (!pbft.isActive) awaitNewView(pbft, host);
}

/**
 * The timer runs as soon as a quorum waits for this primary (section 4.5.2), or has waited: who
 * asks for a later view has asked for this one, and that message may have been lost.
 */
function awaitNewView(pbft: PbftState, host: PbftHost): void {
  const { view, rules, size } = pbft;
  const waiting = [...pbft.viewChanges.values()].filter((message) => message.view >= view);
  if (waiting.length < rules.viewChangesNeeded(size) || pbft.awaitedView === view) return;
  pbft.awaitedView = view;
  host.setTimer("newView", timeoutMs(pbft));
}

export function onNewViewTimeout(pbft: PbftState, host: PbftHost): void {
  if (pbft.isActive || pbft.awaitedView !== pbft.view) return;
  startViewChange(pbft, pbft.view + 1, host);
}

export function onRequestTimeout(pbft: PbftState, host: PbftHost): void {
  if (pbft.timed === null || !pbft.isActive) return;
  pbft.timed = null;
  startViewChange(pbft, pbft.view + 1, host);
}

function stopWaiting(pbft: PbftState, host: PbftHost): void {
  if (pbft.awaitedView !== null) host.cancelTimer("newView");
  pbft.awaitedView = null;
}

/**
 * Entering a view: its primary proves what it begins with, and backups compute the same.
 *
 * Source: Castro and Liskov 1999, section 4.4. O has digests alone; requests that are missing are
 * asked for.
 */
import { acceptPrePrepare, onCommit, onPrepare, onPrePrepare } from "./agreement";
import { areDistinct, isWellFounded } from "./certificates";
import { becomeStable } from "./checkpoints";
import { takeEarly } from "./early";
import { textOf } from "./encoding";
import { accuse } from "./evidence";
import type { NewView, PrePrepare, ViewChange } from "./messages";
import { planOf } from "./new-view-plan";
import type { NewViewPlan } from "./new-view-plan";
import { drop, isPrimary, leaveView, multicast, primaryOf, prove } from "./state";
import type { PbftHost, PbftState } from "./state";
import { saveView } from "./storage";
import { flawOf, isSaid } from "./verification";

/** <NEW-VIEW, v+1, V, O>, once a quorum asks for the view whose primary this is. */
export function tryNewView(pbft: PbftState, host: PbftHost): void {
  if (pbft.isActive || !isPrimary(pbft)) return;
  const { id, view, rules, size, replicas } = pbft;
  const viewChanges = replicas
    .flatMap((replica) => pbft.viewChanges.get(replica) ?? [])
    .filter((message) => message.view === view);
  if (viewChanges.length < rules.viewChangesNeeded(size)) return;
  const plan = planFor(pbft, viewChanges);
  if (plan === undefined) return;
  const prePrepares = plan.digests.map(({ sequence, digest }) => {
    const said = { type: "prePrepare", view, sequence, digest, requests: null } as const;
    return prove<PrePrepare>(pbft, { ...said, replica: id });
  });
  const said = { type: "newView", view, viewChanges, prePrepares, replica: id } as const;
  const message = prove<NewView>(pbft, said);
  enterView(pbft, { message, plan }, host);
  multicast(pbft, message, host);
}

function planFor(pbft: PbftState, viewChanges: readonly ViewChange[]): NewViewPlan | undefined {
  const { rules, size, authentication } = pbft;
  return planOf(viewChanges, { rules, size, isTransferable: authentication.isTransferable });
}

export function onNewView(pbft: PbftState, message: NewView, host: PbftHost): void {
  const { view } = message;
  if (view === pbft.view && pbft.isActive) return compare(pbft, message, host);
  if (view < pbft.view) return drop(pbft, { reason: "view", message }, host);
  const plan = provenPlan(pbft, message);
  if (plan === undefined) return drop(pbft, { reason: "certificate", message }, host);
  enterView(pbft, { message, plan }, host);
}

/** A primary begins its view once. */
function compare(pbft: PbftState, message: NewView, host: PbftHost): void {
  const known = pbft.newView;
  if (known === null || textOf(known) === textOf(message)) return;
  accuse(pbft, { first: known, second: message }, host);
  drop(pbft, { reason: "conflict", message }, host);
}

/** The plan that V proves, if O is the same. */
function provenPlan(
  pbft: PbftState,
  { view, viewChanges, prePrepares }: NewView,
): NewViewPlan | undefined {
  const { rules, size } = pbft;
  if (!areDistinct(pbft, viewChanges)) return undefined;
  if (viewChanges.length < rules.viewChangesNeeded(size)) return undefined;
  const areValid = viewChanges.every((message) => {
    return message.view === view && isSaid(pbft, message) && isWellFounded(pbft, message);
  });
  if (!areValid) return undefined;
  const plan = planFor(pbft, viewChanges);
  if (plan === undefined || !rules.checksNewView) return plan;
  return isPlanned(pbft, plan, { view, prePrepares }) ? plan : undefined;
}

/** O is what was planned, and each of it could be shown to others later. */
function isPlanned(
  pbft: PbftState,
  { digests }: NewViewPlan,
  { view, prePrepares }: Pick<NewView, "view" | "prePrepares">,
): boolean {
  const primary = primaryOf(pbft, view);
  if (prePrepares.length !== digests.length) return false;
  return prePrepares.every((prePrepare, i) => {
    const { sequence, digest } = digests[i];
    const isSame = prePrepare.sequence === sequence && prePrepare.digest === digest;
    const isOfPrimary = prePrepare.replica === primary && prePrepare.view === view;
    if (!isSame || !isOfPrimary || prePrepare.requests !== null) return false;
    // With codes the signature of the whole message covers it.
    return !pbft.authentication.isTransferable || isSaid(pbft, prePrepare);
  });
}

function enterView(
  pbft: PbftState,
  { message, plan }: { message: NewView; plan: NewViewPlan },
  host: PbftHost,
): void {
  const { view, prePrepares } = message;
  const top = Math.max(plan.low, ...prePrepares.map(({ sequence }) => sequence));
  Object.assign(pbft, { view, isActive: true, newView: message, ownViewChange: null });
  pbft.lastProposed = Math.max(top, pbft.stable.sequence);
  // What is prepared above max-s cannot be committed anywhere, or V would have it.
  pbft.highestPrepared = Math.min(pbft.highestPrepared, pbft.lastProposed);
  pbft.unproposed = new Set(pbft.pending.keys());
  saveView(pbft, host);
  host.note("newView", { view, low: plan.low, top });
  stopWaiting(pbft, host);
  leaveView(pbft);
  takeStable(pbft, plan, host);
  for (const prePrepare of prePrepares) begin(pbft, prePrepare, host);
  hearEarly(pbft, host);
}

function stopWaiting(pbft: PbftState, host: PbftHost): void {
  if (pbft.awaitedView !== null) host.cancelTimer("newView");
  if (pbft.timed !== null) host.cancelTimer("request");
  pbft.awaitedView = null;
  pbft.timed = null;
  for (const [replica, { view }] of pbft.viewChanges) {
    if (view <= pbft.view) pbft.viewChanges.delete(replica);
  }
}

function takeStable(pbft: PbftState, { low, proof }: NewViewPlan, host: PbftHost): void {
  if (low > 0) becomeStable(pbft, { sequence: low, digest: proof[0].digest, proof }, host);
}

function begin(pbft: PbftState, prePrepare: PrePrepare, host: PbftHost): void {
  if (prePrepare.sequence > pbft.stable.sequence) acceptPrePrepare(pbft, prePrepare, host);
}

/** Messages of this view that came before it began; they are checked as if they came now. */
function hearEarly(pbft: PbftState, host: PbftHost): void {
  for (const message of takeEarly(pbft)) {
    if (flawOf(pbft, message) !== undefined) continue;
    if (message.type === "prePrepare") onPrePrepare(pbft, message, host);
    else if (message.type === "prepare") onPrepare(pbft, message, host);
    else onCommit(pbft, message, host);
  }
}

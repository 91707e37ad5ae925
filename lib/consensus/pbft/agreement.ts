/**
 * The three phases: pre-prepare and prepare fix the order within a view, prepare and commit make
 * sure that it survives into the next.
 *
 * Source: Castro and Liskov 1999, section 4.2.
 */
import { assert } from "../../basics";
import { batchFlaw, enterBatch, fetchBatch, missingDigest } from "./batches";
import { keepEarly } from "./early";
import { accuse, takeFirst, votesFor } from "./evidence";
import { batchDigest, nullDigest } from "./encoding";
import type { Batch, Commit, Digest, PrePrepare, Prepare } from "./messages";
import { isLesson, learn } from "./learning";
import { drop, isBetweenWatermarks, isPrimary, multicast, prove, slotAt } from "./state";
import type { DropReason, PbftHost, PbftState, Slot } from "./state";
import { savePrepared, savePrePrepare } from "./storage";

/** Why a message of the three phases is not taken now; undefined: it is of this view. */
function placeFlaw(
  pbft: PbftState,
  message: PrePrepare | Prepare | Commit,
): DropReason | "early" | undefined {
  const { view, isActive } = pbft;
  if (message.view < view) return "view";
  if (!isBetweenWatermarks(pbft, message.sequence)) return "watermarks";
  return message.view > view || !isActive ? "early" : undefined;
}

/**
 * True when the message is of this view and window; if not it is kept for later or dropped. Others
 * that are ahead, by a view or by more than the window, are asked how they got there.
 */
function isInPlace(
  pbft: PbftState,
  message: PrePrepare | Prepare | Commit,
  host: PbftHost,
): boolean {
  const flaw = placeFlaw(pbft, message);
  if (flaw === undefined) return true;
  const isAhead = flaw !== "view" && message.sequence > pbft.stable.sequence;
  if (isAhead) pbft.rejoining = Math.max(1, pbft.rejoining);
  if (flaw === "early") keepEarly(pbft, message, host);
  else drop(pbft, { reason: flaw, message }, host);
  return false;
}

export function onPrePrepare(pbft: PbftState, message: PrePrepare, host: PbftHost): void {
  if (!isInPlace(pbft, message, host)) return;
  const slot = slotAt(pbft, message.sequence);
  const accepted = slot.prePrepare ?? slot.held;
  if (!pbft.rules.isConsistent(accepted?.digest ?? null, message.digest)) {
    accuse(pbft, { first: accepted as PrePrepare, second: message }, host);
    return drop(pbft, { reason: "conflict", message }, host);
  }
  if (slot.prePrepare === null) consider(pbft, { slot, message }, host);
}

/** Accepts a pre-prepare, or holds it until its requests are here and known to be the clients'. */
function consider(
  pbft: PbftState,
  { slot, message }: { slot: Slot; message: PrePrepare },
  host: PbftHost,
): void {
  const { requests, digest } = message;
  if (requests === null) {
    if (slot.held !== null) return; // it was asked for
    slot.held = message;
    return fetchBatch(pbft, { slot, digest }, host);
  }
  const reason = batchFlaw(pbft, message, requests);
  if (reason === undefined) return acceptPrePrepare(pbft, message, host);
  if (reason !== "proof" || pbft.authentication.isTransferable) {
    return drop(pbft, { reason, message }, host);
  }
  slot.held = message;
  acceptIfVouched(pbft, slot, host);
}

/**
 * A code that a client made wrong for this replica may be right for others: f backups and the
 * primary who accept the batch cannot all be faulty (Castro and Liskov 2002, section 3.2.2).
 */
function acceptIfVouched(pbft: PbftState, slot: Slot, host: PbftHost): void {
  const { held } = slot;
  if (held === null || held.requests === null) return;
  if (votesFor(slot.prepares, held.digest).length < pbft.size.f) return;
  acceptPrePrepare(pbft, held, host);
}

/** Requests that were asked for; of a new view's batches the view changes vouch for the clients. */
export function onBatch(pbft: PbftState, message: Batch, host: PbftHost): void {
  const { sequence, digest, requests } = message;
  const slot = pbft.slots.get(sequence);
  if (slot === undefined || missingDigest(slot) !== digest) {
    return drop(pbft, { reason: "unneeded", message }, host);
  }
  if (!pbft.rules.isDigestOf(digest, batchDigest(requests))) {
    return drop(pbft, { reason: "digest", message }, host);
  }
  if (slot.prePrepare === null && slot.learned !== digest) {
    return consider(pbft, { slot, message: { ...(slot.held as PrePrepare), requests } }, host);
  }
  enterBatch(pbft, slot, { digest, requests, areChecked: false }, host);
  advance(pbft, slot, host);
}

/** Enters a pre-prepare of this view; a backup says so with its prepare. */
export function acceptPrePrepare(pbft: PbftState, message: PrePrepare, host: PbftHost): void {
  const { sequence, digest, requests, view } = message;
  assert(pbft.isActive && view === pbft.view, "a pre-prepare is of this view", { view });
  const slot = slotAt(pbft, sequence);
  slot.prePrepare = requests === null ? message : { ...message, requests: null };
  slot.held = null;
  slot.prePrepared.set(digest, view);
  if (requests !== null) enterBatch(pbft, slot, { digest, requests, areChecked: true }, host);
  else if (digest === nullDigest) slot.batches.set(digest, []);
  else takeKnownBatch(pbft, { slot, digest }, host);
  savePrePrepare(slot, host);
  host.note("prePrepared", { view, sequence, digest });
  if (!isPrimary(pbft)) sendPrepare(pbft, slot, digest, host);
  advance(pbft, slot, host);
}

/** A new view's batch comes without its requests, which this replica may have. */
function takeKnownBatch(
  pbft: PbftState,
  { slot, digest }: { slot: Slot; digest: Digest },
  host: PbftHost,
): void {
  const requests = slot.batches.get(digest);
  if (requests === undefined) fetchBatch(pbft, { slot, digest }, host);
  else enterBatch(pbft, slot, { digest, requests, areChecked: false }, host);
}

function sendPrepare(pbft: PbftState, slot: Slot, digest: Digest, host: PbftHost): void {
  const { id, view } = pbft;
  const { sequence } = slot;
  const said = { type: "prepare", view, sequence, digest, replica: id } as const;
  const prepare = prove<Prepare>(pbft, said);
  slot.prepares.set(id, prepare);
  multicast(pbft, prepare, host);
}

export function onPrepare(pbft: PbftState, message: Prepare, host: PbftHost): void {
  if (isInPlace(pbft, message, host)) takeVote(pbft, message, host);
}

export function onCommit(pbft: PbftState, message: Commit, host: PbftHost): void {
  if (isLesson(pbft, message)) learn(pbft, message, host);
  else if (isInPlace(pbft, message, host)) takeVote(pbft, message, host);
}

function takeVote(pbft: PbftState, message: Prepare | Commit, host: PbftHost): void {
  const slot = slotAt(pbft, message.sequence);
  const votes: Map<string, Prepare | Commit> =
    message.type === "prepare" ? slot.prepares : slot.commits;
  if (!takeFirst(pbft, { said: votes, message }, host)) return;
  if (slot.held !== null) acceptIfVouched(pbft, slot, host);
  advance(pbft, slot, host);
}

/** Becomes prepared and committed as soon as the votes are there. */
export function advance(pbft: PbftState, slot: Slot, host: PbftHost): void {
  const { rules, size, isActive } = pbft;
  if (slot.prePrepare === null || !isActive) return;
  const { digest } = slot.prePrepare;
  if (!slot.isPrepared) {
    const isKnown = slot.batches.has(digest);
    const prepares = votesFor(slot.prepares, digest);
    if (!isKnown || prepares.length < rules.preparesNeeded(size)) return;
    becomePrepared(pbft, slot, prepares, host);
  }
  if (slot.isCommitted) return;
  if (votesFor(slot.commits, digest).length < rules.commitsNeeded(size)) return;
  slot.isCommitted = true;
  host.note("committed", { view: pbft.view, sequence: slot.sequence, digest });
}

function becomePrepared(
  pbft: PbftState,
  slot: Slot,
  prepares: readonly Prepare[],
  host: PbftHost,
): void {
  const { id, view, size, rules } = pbft;
  const { sequence } = slot;
  const prePrepare = slot.prePrepare as PrePrepare;
  const { digest } = prePrepare;
  slot.isPrepared = true;
  slot.prepared = pbft.authentication.isTransferable
    ? { kind: "proof", prePrepare, prepares: prepares.slice(0, rules.preparesNeeded(size)) }
    : { kind: "claim", sequence, view, digest };
  pbft.highestPrepared = Math.max(pbft.highestPrepared, sequence);
  savePrepared(slot, host);
  const said = { type: "commit", view, sequence, digest, replica: id } as const;
  const commit = prove<Commit>(pbft, said);
  slot.commits.set(id, commit);
  host.note("prepared", { view, sequence, digest });
  multicast(pbft, commit, host);
}

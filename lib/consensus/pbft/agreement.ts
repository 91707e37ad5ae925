/**
 * The three phases: pre-prepare and prepare fix the order within a view, prepare and commit make
 * sure that it survives into the next.
 *
 * Source: Castro and Liskov 1999, section 4.2.
 */
import { accuse } from "./evidence";
import { batchDigest, nullDigest } from "./encoding";
import type { Commit, Digest, PbftRequest, PrePrepare, Prepare } from "./messages";
import { keep } from "./requests";
import { drop, isBetweenWatermarks, isPrimary, multicast, prove, servedOf, slotAt } from "./state";
import type { DropReason, PbftHost, PbftState, Slot } from "./state";
import { saveBatch, savePrepared, savePrePrepare } from "./storage";
import { isRequestProven } from "./verification";

/** Early messages are kept for so many windows of sequence numbers, all phases and replicas. */
const maxEarlyWindows = 3;

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

/** True when the message is of this view and window; if not it is kept for later or dropped. */
function isInPlace(
  pbft: PbftState,
  message: PrePrepare | Prepare | Commit,
  host: PbftHost,
): boolean {
  const flaw = placeFlaw(pbft, message);
  if (flaw === undefined) return true;
  const room = maxEarlyWindows * pbft.options.watermarkWindow * pbft.size.n;
  if (flaw !== "early") drop(pbft, { reason: flaw, message }, host);
  else if (pbft.early.length < room) pbft.early.push(message);
  else drop(pbft, { reason: "full", message }, host);
  return false;
}

export function onPrePrepare(pbft: PbftState, message: PrePrepare, host: PbftHost): void {
  if (!isInPlace(pbft, message, host)) return;
  const slot = slotAt(pbft, message.sequence);
  const accepted = slot.prePrepare;
  if (!pbft.rules.isConsistent(accepted?.digest ?? null, message.digest)) {
    accuse(pbft, { first: accepted as PrePrepare, second: message }, host);
    return drop(pbft, { reason: "conflict", message }, host);
  }
  const reason = message.requests === null ? undefined : batchFlaw(pbft, message, message.requests);
  if (reason !== undefined) return drop(pbft, { reason, message }, host);
  if (accepted === null) return acceptPrePrepare(pbft, message, host);
  const { digest, requests } = message;
  if (requests !== null) takeBatch(pbft, slot, { digest, requests }, host);
}

/** The digest is that of the requests, and each is its client's. */
function batchFlaw(
  pbft: PbftState,
  { digest }: PrePrepare,
  requests: readonly PbftRequest[],
): DropReason | undefined {
  if (!pbft.rules.isDigestOf(digest, batchDigest(requests))) return "digest";
  if (requests.length > pbft.options.maxBatchRequests) return "shape";
  if (requests.some(({ isReadOnly }) => isReadOnly)) return "shape";
  return requests.every((request) => isRequestProven(pbft, request)) ? undefined : "proof";
}

/** Enters a pre-prepare of this view; a backup says so with its prepare. */
export function acceptPrePrepare(pbft: PbftState, message: PrePrepare, host: PbftHost): void {
  const { sequence, digest, requests, view } = message;
  const slot = slotAt(pbft, sequence);
  slot.prePrepare = requests === null ? message : { ...message, requests: null };
  slot.prePrepared.set(digest, view);
  if (requests !== null) enterBatch(pbft, slot, { digest, requests }, host);
  if (digest === nullDigest) slot.batches.set(digest, []);
  savePrePrepare(slot, host);
  host.note("prePrepared", { view, sequence, digest });
  if (!isPrimary(pbft)) sendPrepare(pbft, slot, digest, host);
  advance(pbft, slot, host);
}

/** Requests that were not known come with their batch: this replica waits for them too. */
function enterBatch(
  pbft: PbftState,
  slot: Slot,
  batch: { digest: Digest; requests: readonly PbftRequest[] },
  host: PbftHost,
): void {
  if (!slot.batches.has(batch.digest)) saveBatch(slot, batch, host);
  for (const request of batch.requests) {
    if (request.timestamp > servedOf(pbft, request.client)) keep(pbft, request);
    if (pbft.pending.get(request.client)?.timestamp === request.timestamp) {
      pbft.unproposed.delete(request.client);
    }
  }
}

/** The requests behind a digest that was accepted without them. */
function takeBatch(
  pbft: PbftState,
  slot: Slot,
  batch: { digest: Digest; requests: readonly PbftRequest[] },
  host: PbftHost,
): void {
  if (slot.batches.has(batch.digest)) return;
  enterBatch(pbft, slot, batch, host);
  advance(pbft, slot, host);
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
  if (isInPlace(pbft, message, host)) takeVote(pbft, message, host);
}

/** The first vote of a replica counts; a second one for another digest is evidence. */
function takeVote(pbft: PbftState, message: Prepare | Commit, host: PbftHost): void {
  const slot = slotAt(pbft, message.sequence);
  const votes: Map<string, Prepare | Commit> =
    message.type === "prepare" ? slot.prepares : slot.commits;
  const known = votes.get(message.replica);
  if (known === undefined) votes.set(message.replica, message);
  else if (known.digest !== message.digest) {
    accuse(pbft, { first: known, second: message }, host);
    return drop(pbft, { reason: "conflict", message }, host);
  }
  advance(pbft, slot, host);
}

/** Votes for the digest that this replica has accepted. */
function votesFor<M extends Prepare | Commit>(votes: ReadonlyMap<string, M>, digest: Digest): M[] {
  return [...votes.values()].filter((vote) => vote.digest === digest);
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

/**
 * What replaces lost messages: a replica that waits tells how far it is, and everybody repeats what
 * it lacks of his own, and tells what he has executed: see `learning.ts`. What a checkpoint has
 * collected is fetched as a state.
 *
 * Source: Castro and Liskov 2002, section 5.2; the paper of 1999 leaves it out. There a status has
 * a bit for each sequence number that is prepared or committed; ours has the last one executed.
 */
import type { NodeId } from "../../protocol";
import { fetchBatch, missingDigest } from "./batches";
import type { Checkpoint, Executed, Status } from "./messages";
import { drop, multicast, prove } from "./state";
import type { PbftHost, PbftState, Slot } from "./state";
import { transferState } from "./state-transfer";

/** Sequence numbers that one answer repeats. */
const maxRepeated = 20;

/** Statuses that a replica sends after a restart; any one may be lost. */
const maxRejoining = 5;

/** True while this replica needs something from others. */
function isWaiting(pbft: PbftState): boolean {
  if (!pbft.isActive || pbft.missing !== null || pbft.rejoining > 0) return true;
  if (pbft.pending.size > 0) return true;
  for (const sequence of pbft.slots.keys()) if (sequence > pbft.lastExecuted) return true;
  return pbft.reads.size > 0;
}

/** Keeps the timer set while this replica waits. */
export function keepStatusTimer(pbft: PbftState, host: PbftHost): void {
  if (pbft.statusMark !== null || !isWaiting(pbft)) return;
  pbft.statusMark = pbft.lastExecuted;
  host.setTimer("status", pbft.options.statusMs);
}

/** Says how far it is, unless it got further on its own. */
export function onStatusTimer(pbft: PbftState, host: PbftHost): void {
  const isGettingOn = pbft.statusMark !== pbft.lastExecuted && pbft.isActive;
  const hasToAsk = pbft.missing !== null || pbft.rejoining > 0;
  pbft.statusMark = null;
  if (isWaiting(pbft) && (hasToAsk || !isGettingOn)) askForAll(pbft, host);
  pbft.rejoining = Math.max(0, pbft.rejoining - 1);
}

/** One that has run before asks what it has missed, some times, since it cannot know. */
export function rejoin(pbft: PbftState, host: PbftHost): void {
  pbft.rejoining = maxRejoining;
  askForAll(pbft, host);
}

export function keepHeartbeat({ options }: PbftState, host: PbftHost): void {
  if (options.heartbeatMs !== null) host.setTimer("heartbeat", options.heartbeatMs);
}

export function onHeartbeat(pbft: PbftState, host: PbftHost): void {
  multicast(pbft, statusOf(pbft), host);
  keepHeartbeat(pbft, host);
}

/** Asks for everything that may have been lost. */
function askForAll(pbft: PbftState, host: PbftHost): void {
  multicast(pbft, statusOf(pbft), host);
  transferState(pbft, host);
  for (const slot of pbft.slots.values()) {
    const digest = missingDigest(slot);
    if (digest !== undefined) fetchBatch(pbft, { slot, digest }, host);
  }
}

function statusOf(pbft: PbftState): Status {
  const { id, view, isActive, lastExecuted, stable } = pbft;
  const said = { type: "status", view, isActive, lastExecuted } as const;
  return prove<Status>(pbft, { ...said, stableSequence: stable.sequence, replica: id });
}

/**
 * Repeats what the other lacks, twice as often as it should ask at most: so an old status that a
 * liar says again, in the other's name, must not take the place of a new one.
 */
export function onStatus(
  pbft: PbftState,
  { from, status: message }: { from: NodeId; status: Status },
  host: PbftHost,
): void {
  const { replica } = message;
  if (from !== replica) return drop(pbft, { reason: "sender", message }, host);
  const lastMs = pbft.answeredMs.get(replica) ?? -Infinity;
  if (Math.abs(host.nowMs - lastMs) < pbft.options.statusMs / 2) {
    return drop(pbft, { reason: "unneeded", message }, host);
  }
  pbft.answeredMs.set(replica, host.nowMs);
  repeatCheckpoints(pbft, message, host);
  tellExecuted(pbft, message, host);
  if (message.view > pbft.view) return helpOneAhead(pbft, message, host);
  if (message.view < pbft.view || !message.isActive) return repeatView(pbft, message, host);
  if (pbft.isActive) repeatPhases(pbft, message, host);
}

/** The proof of the stable checkpoint, and what this replica has said of later ones. */
function repeatCheckpoints(
  pbft: PbftState,
  { replica, stableSequence }: Status,
  host: PbftHost,
): void {
  const { sequence, digest, proof } = pbft.stable;
  if (sequence > stableSequence) {
    for (const checkpoint of proof) host.send(replica, checkpoint);
    // One whose own voice was in the proof, and is forgotten, needs another in its place.
    if (proof.every((checkpoint) => checkpoint.replica !== pbft.id)) {
      const said = { type: "checkpoint", sequence, digest, replica: pbft.id } as const;
      host.send(replica, prove<Checkpoint>(pbft, said));
    }
  }
  for (const votes of pbft.checkpoints.values()) {
    const own = votes.get(pbft.id);
    if (own !== undefined && own.sequence > stableSequence) host.send(replica, own);
  }
}

/** What the other has not executed, and this replica has, in whatever views. */
function tellExecuted(pbft: PbftState, { replica, lastExecuted }: Status, host: PbftHost): void {
  for (let i = 1; i <= maxRepeated; i++) {
    const sequence = lastExecuted + i;
    const digest = pbft.slots.get(sequence)?.executed ?? null;
    if (digest === null) continue;
    const said = { type: "executed", sequence, digest, replica: pbft.id } as const;
    host.send(replica, prove<Executed>(pbft, said));
  }
}

/** One that is ahead alone repeats its view change when told, and learns what is committed here. */
function helpOneAhead(pbft: PbftState, message: Status, host: PbftHost): void {
  const { replica, view } = message;
  const known = pbft.viewChanges.get(replica);
  if (known === undefined || known.view < view) host.send(replica, statusOf(pbft));
  if (pbft.isActive && !message.isActive) repeatPhases(pbft, message, host);
}

function repeatView(pbft: PbftState, { replica }: Status, host: PbftHost): void {
  const message = pbft.isActive ? pbft.newView : pbft.ownViewChange;
  if (message !== null) host.send(replica, message);
}

/** The pre-prepare by its digest, and the own votes, for what the other has not executed. */
function repeatPhases(pbft: PbftState, { replica, lastExecuted }: Status, host: PbftHost): void {
  for (let i = 1; i <= maxRepeated; i++) {
    const slot = pbft.slots.get(lastExecuted + i);
    if (slot !== undefined) repeatSlot(pbft, { slot, replica }, host);
  }
}

function repeatSlot(
  pbft: PbftState,
  { slot, replica }: { slot: Slot; replica: NodeId },
  host: PbftHost,
): void {
  const own = [slot.prePrepare, slot.prepares.get(pbft.id), slot.commits.get(pbft.id)];
  for (const message of own) {
    if (message !== null && message !== undefined && message.replica !== replica) {
      host.send(replica, message);
    }
  }
}

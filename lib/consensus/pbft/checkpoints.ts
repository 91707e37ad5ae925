/**
 * Proofs that a state is the right one, which let replicas forget how it came about.
 *
 * Source: Castro and Liskov 1999, section 4.3. The digest of a state is that of its list of pages,
 * so that each page of a transfer can be checked when it comes.
 */
import { textDigest } from "../signatures";
import { forgetEarly } from "./early";
import { takeFirst, votesFor } from "./evidence";
import type { Checkpoint, Digest } from "./messages";
import { forgetRequest } from "./requests";
import { isBetweenWatermarks, multicast, provenCheckpoint, prove } from "./state";
import type { LastReply, PbftHost, PbftState, Snapshot, StableCheckpoint } from "./state";
import { forgetCheckpoint, forgetSlot, forgetState, saveCheckpoint } from "./storage";
import { saveMissing, saveStable, saveState } from "./storage";

interface StateContent {
  readonly machine: unknown;
  /** By client, in the order of first requests: what is answered twice is part of the state. */
  readonly replies: readonly [string, LastReply][];
}

/** The state as it is now, as text in pages. */
function snapshotOf(pbft: PbftState): Snapshot {
  const { machine, machineState, replies, options } = pbft;
  const content: StateContent = { machine: machine.toJson(machineState), replies: [...replies] };
  const text = JSON.stringify(content);
  const pages: string[] = [];
  for (let at = 0; at < text.length; at += options.statePageLength) {
    pages.push(text.slice(at, at + options.statePageLength));
  }
  return snapshotFrom(pages);
}

export function snapshotFrom(pages: readonly string[]): Snapshot {
  const pageDigests = pages.map(textDigest);
  return { digest: pagesDigest(pageDigests), pages, pageDigests };
}

/** The digest of a state by those of its pages. */
export function pagesDigest(pages: readonly Digest[]): Digest {
  return textDigest(JSON.stringify(pages));
}

/** Takes over the state of a snapshot whose digest has been checked; what led there goes. */
export function adoptState(
  pbft: PbftState,
  { sequence, pages }: { sequence: number; pages: readonly string[] },
): void {
  const { machine, replies } = JSON.parse(pages.join("")) as StateContent;
  pbft.machineState = pbft.machine.fromJson(machine);
  pbft.replies = new Map(replies);
  pbft.lastExecuted = sequence;
  pbft.lastProposed = Math.max(pbft.lastProposed, sequence);
  for (const [client, { timestamp }] of pbft.replies) forgetRequest(pbft, { client, timestamp });
}

/** <CHECKPOINT, n, d, i> after the execution of every K-th sequence number. */
export function takeCheckpoint(pbft: PbftState, host: PbftHost): void {
  const { id, lastExecuted: sequence } = pbft;
  const snapshot = snapshotOf(pbft);
  pbft.snapshots.set(sequence, snapshot);
  const said = { type: "checkpoint", sequence, digest: snapshot.digest, replica: id } as const;
  const checkpoint = prove<Checkpoint>(pbft, said);
  saveState(sequence, snapshot, host);
  saveCheckpoint(checkpoint, host);
  multicast(pbft, checkpoint, host);
  count(pbft, checkpoint, host);
  if (pbft.missing?.sequence === sequence) becomeStable(pbft, pbft.missing, host);
}

export function onCheckpoint(pbft: PbftState, message: Checkpoint, host: PbftHost): void {
  count(pbft, message, host);
}

function count(pbft: PbftState, message: Checkpoint, host: PbftHost): void {
  const { sequence } = message;
  if (sequence <= pbft.stable.sequence) return;
  const votes = pbft.checkpoints.get(sequence) ?? new Map<string, Checkpoint>();
  if (!takeFirst(pbft, { said: votes, message }, host)) return;
  pbft.checkpoints.set(sequence, votes);
  if (!isBetweenWatermarks(pbft, sequence)) forgetOlderVotes(pbft, message);
  const equal = votesFor(votes, message.digest);
  if (equal.length < pbft.rules.checkpointsNeeded(pbft.size)) return;
  becomeStable(pbft, { sequence, digest: message.digest, proof: equal }, host);
}

/** Of what lies above the window only the last vote of each replica is kept. */
function forgetOlderVotes(pbft: PbftState, { sequence, replica }: Checkpoint): void {
  for (const [other, votes] of pbft.checkpoints) {
    if (other === sequence || isBetweenWatermarks(pbft, other)) continue;
    votes.delete(replica);
    if (votes.size === 0) pbft.checkpoints.delete(other);
  }
}

/** Collects what the checkpoint covers, if its state is here; if not, it is missing: status.ts. */
export function becomeStable(pbft: PbftState, stable: StableCheckpoint, host: PbftHost): void {
  const { sequence, digest } = stable;
  if (sequence <= pbft.stable.sequence) return;
  const snapshot = pbft.snapshots.get(sequence);
  if (snapshot === undefined || snapshot.digest !== digest) {
    if (sequence > provenCheckpoint(pbft).sequence) setMissing(pbft, stable, host);
    return;
  }
  // It had this state before a crash, and has not executed as far again.
  if (pbft.lastExecuted < sequence) adoptState(pbft, { sequence, pages: snapshot.pages });
  pbft.stable = stable;
  saveStable(pbft, host);
  if (pbft.missing !== null && sequence >= pbft.missing.sequence) setMissing(pbft, null, host);
  for (const slot of [...pbft.slots.values()]) {
    if (slot.sequence <= sequence) forgetSlot(pbft, slot, host);
  }
  forgetEarly(pbft, (early) => early.sequence <= sequence);
  for (const other of pbft.snapshots.keys()) {
    if (other < sequence && pbft.snapshots.delete(other)) forgetState(other, host);
  }
  for (const [other, votes] of pbft.checkpoints) {
    if (other > sequence) continue;
    if (votes.has(pbft.id)) forgetCheckpoint(other, host);
    pbft.checkpoints.delete(other);
  }
  host.note("stable", { sequence, digest });
}

function setMissing(pbft: PbftState, missing: StableCheckpoint | null, host: PbftHost): void {
  pbft.missing = missing;
  if (missing === null) pbft.transfer = null;
  saveMissing(pbft, host);
}

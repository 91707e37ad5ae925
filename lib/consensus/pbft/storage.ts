/**
 * What a replica saves, so that a crash does not make it a liar: `view` (with what it asked for and
 * what began it), `stable` (the last stable checkpoint), `missing` (a later one whose state is not
 * here), and for each sequence number above it `prePrepare/7`, `prepared/7`, `batch/7/<digest>`.
 * `state/7` comes before `checkpoint/7`, its own voice: a state that a quorum has spoken for can be
 * had from f + 1 correct replicas, after crashes too. What was executed after the checkpoint is
 * executed again when others repeat their commits, as they do after its status.
 *
 * Source: ours; Castro and Liskov 1999 have replicas that keep their memory.
 */
import type { Checkpoint, Digest, NewView, PbftRequest } from "./messages";
import type { PreparedClaim, PreparedProof, PrePrepare, ViewChange } from "./messages";
import { slotAt } from "./state";
import type { PbftHost, PbftState, Slot, Snapshot, StableCheckpoint } from "./state";

/** The pages by sequence number, lowest first: of the stable checkpoint and of later ones. */
type SavedStates = readonly (readonly [number, readonly string[]])[];

/** One record, so that a crash leaves all of it or nothing. */
interface SavedView {
  readonly view: number;
  readonly isActive: boolean;
  /** What this replica asked for. */
  readonly viewChange: ViewChange | null;
  /** What began the view. */
  readonly newView: NewView | null;
}

interface SavedPrePrepare {
  readonly prePrepare: PrePrepare | null;
  readonly prePrepared: readonly [Digest, number][];
}

export function saveView(pbft: PbftState, host: PbftHost): void {
  const { view, isActive, ownViewChange: viewChange, newView } = pbft;
  host.save("view", { view, isActive, viewChange, newView } satisfies SavedView);
}

export function savePrePrepare(slot: Slot, host: PbftHost): void {
  const { sequence, prePrepare, prePrepared } = slot;
  host.save(`prePrepare/${sequence}`, {
    prePrepare,
    prePrepared: [...prePrepared],
  } satisfies SavedPrePrepare);
}

export function savePrepared({ sequence, prepared }: Slot, host: PbftHost): void {
  host.save(`prepared/${sequence}`, prepared);
}

/** Keeps the requests behind a digest, on the disk too. */
export function saveBatch(
  slot: Slot,
  { digest, requests }: { digest: Digest; requests: readonly PbftRequest[] },
  host: PbftHost,
): void {
  slot.batches.set(digest, requests);
  host.save(`batch/${slot.sequence}/${digest}`, requests);
}

/** Forgets a sequence number that a stable checkpoint covers (section 4.3). */
export function forgetSlot(pbft: PbftState, slot: Slot, host: PbftHost): void {
  const { sequence } = slot;
  pbft.slots.delete(sequence);
  host.save(`prePrepare/${sequence}`, undefined);
  host.save(`prepared/${sequence}`, undefined);
  for (const digest of slot.batches.keys()) host.save(`batch/${sequence}/${digest}`, undefined);
}

/** Without its own voice there may be too few for the checkpoint: all others but 2f may lie. */
export function saveCheckpoint(checkpoint: Checkpoint, host: PbftHost): void {
  host.save(`checkpoint/${checkpoint.sequence}`, checkpoint);
}

export function forgetCheckpoint(sequence: number, host: PbftHost): void {
  host.save(`checkpoint/${sequence}`, undefined);
}

/** Before the own voice for it, and before it is the stable one. */
export function saveState(sequence: number, { pages }: Snapshot, host: PbftHost): void {
  host.save(`state/${sequence}`, pages);
}

export function forgetState(sequence: number, host: PbftHost): void {
  host.save(`state/${sequence}`, undefined);
}

export function saveStable({ stable }: PbftState, host: PbftHost): void {
  host.save("stable", stable);
}

export function saveMissing({ missing }: PbftState, host: PbftHost): void {
  host.save("missing", missing ?? undefined);
}

/** Takes up what was saved: states as they are, since what is behind them is the caller's. */
export function restore(pbft: PbftState, saved: Readonly<Record<string, unknown>>): SavedStates {
  const view = saved["view"] as SavedView | undefined;
  if (view !== undefined) {
    const { viewChange: ownViewChange, ...rest } = view;
    Object.assign(pbft, { ...rest, ownViewChange });
  }
  pbft.stable = (saved["stable"] as StableCheckpoint | undefined) ?? pbft.stable;
  const missing = saved["missing"] as StableCheckpoint | undefined;
  const low = pbft.stable.sequence;
  if (missing !== undefined && missing.sequence > low) pbft.missing = missing;
  const states: [number, readonly string[]][] = [];
  for (const [key, value] of Object.entries(saved)) {
    const [kind, number, digest] = key.split("/");
    const sequence = Number(number);
    if (kind === "state" && sequence >= low) states.push([sequence, value as readonly string[]]);
    if (kind === "state" || !(sequence > low)) continue;
    if (kind === "checkpoint") restoreVoice(pbft, value as Checkpoint);
    else restoreSlot(slotAt(pbft, sequence), { kind, digest, value });
  }
  return states.sort(([left], [right]) => left - right);
}

function restoreVoice(pbft: PbftState, checkpoint: Checkpoint): void {
  pbft.checkpoints.set(checkpoint.sequence, new Map([[pbft.id, checkpoint]]));
}

function restoreSlot(
  slot: Slot,
  { kind, digest, value }: { kind: string; digest: Digest; value: unknown },
): void {
  if (kind === "prePrepare") {
    const { prePrepare, prePrepared } = value as SavedPrePrepare;
    slot.prePrepare = prePrepare;
    slot.prePrepared = new Map(prePrepared);
  }
  if (kind === "prepared") slot.prepared = value as PreparedProof | PreparedClaim;
  if (kind === "batch") slot.batches.set(digest, value as readonly PbftRequest[]);
}

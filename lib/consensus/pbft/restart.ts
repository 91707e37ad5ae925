/**
 * A replica that starts again: the stable state, the view, and its part in every sequence number
 * above are as they were saved, so it says nothing else than before. Ours, see `storage.ts`.
 */
import { claimOf } from "./certificates";
import { adoptState, snapshotFrom } from "./checkpoints";
import { nullDigest } from "./encoding";
import type { Commit, Prepare } from "./messages";
import { isPrimary, prove, slotAt } from "./state";
import type { PbftHost, PbftState, Slot } from "./state";
import { restore, savePrePrepare } from "./storage";

export function restart(
  pbft: PbftState,
  saved: Readonly<Record<string, unknown>>,
  host: PbftHost,
): void {
  for (const [sequence, pages] of restore(pbft, saved)) {
    pbft.snapshots.set(sequence, snapshotFrom(pages));
    if (sequence === pbft.stable.sequence) adoptState(pbft, { sequence, pages });
  }
  if (pbft.ownViewChange !== null) pbft.viewChanges.set(pbft.id, pbft.ownViewChange);
  pbft.lastProposed = pbft.stable.sequence;
  pbft.highestPrepared = pbft.stable.sequence;
  beginAgain(pbft, host);
  for (const slot of pbft.slots.values()) resume(pbft, slot);
}

/** The crash may have come between the saves of a new view and of what it begins with. */
function beginAgain(pbft: PbftState, host: PbftHost): void {
  const { newView, isActive, stable, view } = pbft;
  if (newView === null || !isActive) return;
  for (const prePrepare of newView.prePrepares) {
    if (prePrepare.sequence <= stable.sequence) continue;
    const slot = slotAt(pbft, prePrepare.sequence);
    if (slot.prePrepare?.view === view) continue;
    slot.prePrepare = prePrepare;
    slot.prePrepared.set(prePrepare.digest, view);
    savePrePrepare(slot, host);
  }
}

/** What was said of a sequence number in the current view is said again, when others ask. */
function resume(pbft: PbftState, slot: Slot): void {
  const { id, view, isActive } = pbft;
  const { sequence, prePrepare, prepared } = slot;
  if (prepared !== null) pbft.highestPrepared = Math.max(pbft.highestPrepared, sequence);
  if (!isActive || prePrepare?.view !== view) {
    slot.prePrepare = null;
    return;
  }
  const { digest } = prePrepare;
  if (digest === nullDigest) slot.batches.set(digest, []);
  pbft.lastProposed = Math.max(pbft.lastProposed, sequence);
  const said = { view, sequence, digest, replica: id };
  if (!isPrimary(pbft)) slot.prepares.set(id, prove<Prepare>(pbft, { type: "prepare", ...said }));
  if (prepared === null || claimOf(prepared).view !== view) return;
  slot.isPrepared = true;
  if (prepared.kind === "proof") {
    for (const prepare of prepared.prepares) slot.prepares.set(prepare.replica, prepare);
  }
  slot.commits.set(id, prove<Commit>(pbft, { type: "commit", ...said }));
}

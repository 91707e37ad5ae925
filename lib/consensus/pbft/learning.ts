/**
 * A replica that cannot commit on its own executes what others have: it has asked for a view alone,
 * or the primary has told it, and it alone, another batch than the others. Then it takes no part
 * any more in what they agree on, and no repeated message can change that.
 *
 * Source: ours; in the paper such a replica waits for the next stable checkpoint (section 4.3), or
 * view. What proves that nothing else ever has a sequence number: a quorum of commits of one view,
 * or f + 1 that say they have executed it, since one of those is correct. Neither makes it vote.
 */
import { fetchBatch } from "./batches";
import { takeFirst, votesFor } from "./evidence";
import type { Commit, Digest, Executed } from "./messages";
import { drop, isBetweenWatermarks, slotAt } from "./state";
import type { PbftHost, PbftState, Slot } from "./state";

/** True when a commit of an earlier view tells something to this replica. */
export function isLesson(pbft: PbftState, { view, sequence }: Commit): boolean {
  const isLate = pbft.isActive || view >= pbft.view || sequence <= pbft.lastExecuted;
  return !isLate && isBetweenWatermarks(pbft, sequence);
}

/** The last commit of each replica counts. */
export function learn(pbft: PbftState, message: Commit, host: PbftHost): void {
  const slot = slotAt(pbft, message.sequence);
  const { lessons } = slot;
  if (slot.learned !== null) return;
  const known = lessons.get(message.replica);
  if (known !== undefined && known.view >= message.view) return;
  lessons.set(message.replica, message);
  const equal = [...lessons.values()].filter(({ view, digest }) => {
    return view === message.view && digest === message.digest;
  });
  if (equal.length < pbft.rules.commitsNeeded(pbft.size)) return;
  settle(pbft, { slot, digest: message.digest }, host);
}

export function onExecuted(pbft: PbftState, message: Executed, host: PbftHost): void {
  const { sequence, digest } = message;
  if (!isBetweenWatermarks(pbft, sequence)) {
    return drop(pbft, { reason: "watermarks", message }, host);
  }
  const slot = slotAt(pbft, sequence);
  if (slot.learned !== null) return;
  if (!takeFirst(pbft, { said: slot.told, message }, host)) return;
  const equal = votesFor(slot.told, digest);
  if (equal.length >= pbft.rules.executedNeeded(pbft.size)) settle(pbft, { slot, digest }, host);
}

function settle(
  pbft: PbftState,
  { slot, digest }: { slot: Slot; digest: Digest },
  host: PbftHost,
): void {
  slot.learned = digest;
  slot.lessons.clear();
  slot.told.clear();
  host.note("learned", { sequence: slot.sequence, digest });
  if (!slot.batches.has(digest)) fetchBatch(pbft, { slot, digest }, host);
}

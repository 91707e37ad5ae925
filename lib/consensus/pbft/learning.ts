/**
 * A replica that has asked for a view alone goes on executing what the others commit: a quorum of
 * commits proves that nothing else ever has this sequence number, whatever the own view is.
 *
 * Source: ours; in the paper such a replica waits for the next stable checkpoint. It still takes
 * no part in the earlier view: it neither prepares nor commits there.
 */
import { fetchBatch } from "./batches";
import type { Commit } from "./messages";
import { isBetweenWatermarks, slotAt } from "./state";
import type { PbftHost, PbftState } from "./state";

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
  const { sequence, digest } = message;
  slot.learned = digest;
  lessons.clear();
  host.note("learned", { view: message.view, sequence, digest });
  if (!slot.batches.has(digest)) fetchBatch(pbft, { slot, digest }, host);
}

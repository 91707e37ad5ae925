/**
 * Updates that are yet to be passed on, those first that have been sent least often; each goes out
 * so many times and is then forgotten. A newer update of a member replaces the older one.
 *
 * Source: SWIM, section 4.1 (fresh updates first, lambda log n times each).
 * Cost: O(retransmits) to add or to take, whatever the length; one entry a member at most.
 */
import type { NodeId } from "../../protocol";
import type { Update } from "./updates";

/** `levels[i]` holds what has been sent i times, oldest first. Plain data. */
export interface UpdateQueue {
  levels: Map<NodeId, Update>[];
  size: number;
}

export function emptyQueue(): UpdateQueue {
  return { levels: [], size: 0 };
}

export function addUpdate(queue: UpdateQueue, update: Update): void {
  dropUpdate(queue, update.member);
  (queue.levels[0] ??= new Map()).set(update.member, update);
  queue.size++;
}

function dropUpdate(queue: UpdateQueue, member: NodeId): void {
  for (const level of queue.levels) if (level.delete(member)) queue.size--;
}

/** Takes up to `count` updates for one message; one that has been taken `limit` times is gone. */
export function takeUpdates(queue: UpdateQueue, count: number, limit: number): Update[] {
  const taken: Update[] = [];
  if (queue.size === 0 || limit < 1) return taken;
  const { levels } = queue;
  for (let sent = 0; sent < levels.length && taken.length < count; sent++) {
    const level = levels[sent] as Map<NodeId, Update>;
    for (const update of level.values()) {
      if (taken.length === count) break;
      taken.push(update);
    }
  }
  for (const update of taken) promote(queue, update, limit);
  return taken;
}

/** From the level on which it is to the next one, or out. */
function promote(queue: UpdateQueue, update: Update, limit: number): void {
  const { levels } = queue;
  const sent = levels.findIndex((level) => level.delete(update.member));
  if (sent + 1 < limit) (levels[sent + 1] ??= new Map()).set(update.member, update);
  else queue.size--;
}

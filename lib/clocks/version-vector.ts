/**
 * How many events of each actor are known: whether one state has seen all that another one has.
 *
 * Source: D. S. Parker et al., "Detection of mutual inconsistency in distributed systems", IEEE TSE
 * 9(3), 1983; as a clock of events, C. Fidge 1988 and F. Mattern 1989.
 * Guarantees: compare is "before" or "after" exactly when one has seen all of the other and more.
 * Cost: O(actors). Plain JSON; an actor that is not in it counts as 0.
 */
export type VersionVector = Readonly<Record<string, number>>;

export type CausalOrder = "equal" | "before" | "after" | "concurrent";

/** How `left` stands to `right`. */
export function compareVectors(left: VersionVector, right: VersionVector): CausalOrder {
  const isLess = hasMore(right, left);
  const isMore = hasMore(left, right);
  if (isLess && isMore) return "concurrent";
  if (isLess) return "before";
  return isMore ? "after" : "equal";
}

/** What either has seen. */
export function mergeVectors(left: VersionVector, right: VersionVector): VersionVector {
  const merged: Record<string, number> = { ...left };
  for (const [actor, count] of Object.entries(right)) {
    merged[actor] = Math.max(merged[actor] ?? 0, count);
  }
  return merged;
}

/** After one more event of the actor. */
export function advanceVector(vector: VersionVector, actor: string): VersionVector {
  return { ...vector, [actor]: (vector[actor] ?? 0) + 1 };
}

function hasMore(left: VersionVector, right: VersionVector): boolean {
  return Object.entries(left).some(([actor, count]) => count > (right[actor] ?? 0));
}

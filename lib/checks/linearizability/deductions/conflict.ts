import type { Operation } from "../../../protocol";

/** Rounds of passing deadlines on; a conflict that needs more is left to the search. */
const maxRounds = 30;

/** By when an operation must have come, and the one it must come before that says so. */
interface Deadline {
  readonly end: number;
  readonly before: Operation | undefined;
}

/**
 * Operations that must come one before the next, though the last was answered before the first was
 * called; undefined when the pairs hold no such chain. What comes before another must come before
 * that one's answer.
 */
export function conflictIn(
  pairs: readonly (readonly [Operation, Operation])[],
): Operation[] | undefined {
  const deadlines = new Map<number, Deadline>();
  const deadlineOf = (operation: Operation): Deadline => {
    return deadlines.get(operation.id) ?? { end: operation.return, before: undefined };
  };
  for (let round = 0, isMoved = true; isMoved && round < maxRounds; round++) {
    isMoved = false;
    for (let i = pairs.length - 1; i >= 0; i--) {
      const [first, second] = pairs[i];
      const { end } = deadlineOf(second);
      if (end >= deadlineOf(first).end) continue;
      deadlines.set(first.id, { end, before: second });
      isMoved = true;
      if (end < first.call) return chain(first, deadlineOf);
    }
  }
  return undefined;
}

function chain(first: Operation, deadlineOf: (operation: Operation) => Deadline): Operation[] {
  const found = [first];
  for (let next = deadlineOf(first).before; next !== undefined; next = deadlineOf(next).before) {
    if (found.includes(next)) break;
    found.push(next);
  }
  return found;
}

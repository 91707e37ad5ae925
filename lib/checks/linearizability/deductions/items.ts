/**
 * What the answers of a queue tell when no item is enqueued twice: which enqueue and dequeue belong
 * together, and so in which order others must stand.
 *
 * Source: T. Henzinger, A. Sezgin, V. Vafeiadis, "Aspect-oriented linearizability proofs", CONCUR
 * 2013, section 4: a queue is right unless an item comes from nowhere, twice, out of order, or is
 * not seen by a dequeue that found nothing. Ours gives the first three as contradictions, and for
 * the rest orders that every linearization must keep, with which the search hardly errs.
 * Cost: O(n (log n + concurrency)), and O(empty dequeues x items).
 */
import type { Operation } from "../../../protocol";
import { identityOf } from "../identity";
import type { Deduction } from "../model";
import { closestPairs } from "./intervals";
import type { Spanned } from "./intervals";

/** An item's way through the queue; `out` is undefined while it is in it. */
interface Item {
  readonly into: Operation;
  readonly out: Operation | undefined;
}

type Pair = readonly [Operation, Operation];

/** Undefined when an item was enqueued twice. */
export function deduceByItems(
  operations: readonly Operation[],
  isEnqueue: (f: string) => boolean,
): Deduction | undefined {
  const enqueues = new Map<string | number, Operation>();
  for (const operation of operations) {
    const isIn = isEnqueue(operation.f);
    if (!isIn) continue;
    const value = identityOf(operation.input);
    if (enqueues.has(value)) return undefined;
    enqueues.set(value, operation);
  }
  const unsure = operations.filter(({ f, outcome }) => !isEnqueue(f) && outcome === "unknown");
  const dequeues = operations.filter(({ f, outcome }) => !isEnqueue(f) && outcome === "ok");
  const empty = dequeues.filter(foundNothing);
  const outs = new Map<string | number, Operation>();
  for (const dequeue of dequeues) {
    if (foundNothing(dequeue)) continue;
    const value = identityOf(dequeue.output);
    const into = enqueues.get(value);
    const twice = outs.get(value);
    const wrong = [...(into ? [into] : []), ...(twice ? [twice] : []), dequeue];
    if (!into || twice || dequeue.return < into.call) return contradiction(wrong);
    outs.set(value, dequeue);
  }
  const items = [...enqueues].map(([value, into]): Item => ({ into, out: outs.get(value) }));
  // An enqueue without answer whose item nobody saw never happened: it is in nobody's way. And a
  // dequeue without answer may have taken any item that nobody saw.
  const real = items.filter(({ into, out }) => {
    return out !== undefined || (into.outcome === "ok" && unsure.length === 0);
  });
  const isUnseen = (state: unknown): boolean => {
    return !outs.has(identityOf((state as readonly unknown[])[0]));
  };
  const guards = new Map(unsure.map(({ id }) => [id, isUnseen]));
  return outOfOrder(real) ?? { kind: "guide", pairs: allPairs(real, empty), guards };
}

/** Rounds of narrowing; each makes use of what the one before found. */
const maxRounds = 10;

/** What must come before another must come before that one's answer, and so may give more pairs. */
function allPairs(items: readonly Item[], empty: readonly Operation[]): Pair[] {
  let pairs = [...order(items), ...around(items, empty)];
  const times = new Map<number, Operation>();
  for (let round = 0; round < maxRounds && narrow(pairs, times); round++) {
    const now = (operation: Operation): Operation => times.get(operation.id) ?? operation;
    const nowItems = items.map(({ into, out }) => ({ into: now(into), out: out && now(out) }));
    pairs = [...order(nowItems), ...around(nowItems, empty.map(now))];
  }
  return pairs;
}

/** Brings forward answers and puts back calls as the pairs demand; false when nothing moved. */
function narrow(pairs: readonly Pair[], times: Map<number, Operation>): boolean {
  const now = (operation: Operation): Operation => times.get(operation.id) ?? operation;
  let isMoved = false;
  for (const [first, second] of pairs) {
    const [before, after] = [now(first), now(second)];
    if (before.return > after.return) {
      times.set(before.id, { ...before, return: after.return });
      isMoved = true;
    }
    if (after.call < before.call) {
      times.set(after.id, { ...after, call: before.call });
      isMoved = true;
    }
  }
  return isMoved;
}

function foundNothing({ output }: Operation): boolean {
  return output === null || output === undefined;
}

function contradiction(operations: readonly Operation[]): Deduction {
  const inOrder = [...operations].sort((left, right) => left.call - right.call);
  return { kind: "contradiction", operations: inOrder };
}

/** An item that went in first, but came out last or not at all. */
function outOfOrder(items: readonly Item[]): Deduction | undefined {
  const byEntry = [...items].sort((left, right) => left.into.return - right.into.return);
  const taken = items.filter(({ out }) => out !== undefined);
  taken.sort((left, right) => left.into.call - right.into.call);
  // Among those that went in before, the one whose dequeue was called last is the one to ask.
  let slowest: Item | undefined;
  let next = 0;
  for (const item of taken) {
    for (; next < byEntry.length && byEntry[next].into.return < item.into.call; next++) {
      if (outCall(byEntry[next]) > (slowest ? outCall(slowest) : -1)) slowest = byEntry[next];
    }
    const out = item.out as Operation;
    if (slowest === undefined || outCall(slowest) <= out.return) continue;
    const late = slowest.out === undefined ? [] : [slowest.out];
    return contradiction([slowest.into, item.into, out, ...late]);
  }
  return undefined;
}

function outCall({ out }: Item): number {
  return out?.call ?? Infinity;
}

/** In before out; the order of going in is that of coming out, whichever of the two time tells. */
function order(items: readonly Item[]): Pair[] {
  const taken = items.flatMap(({ into, out }) => (out === undefined ? [] : [{ into, out }]));
  const left = items.filter(({ out }) => out === undefined);
  const byIn = taken.map((item): Spanned<Operation> => ({ at: item.into, item: item.out }));
  const byOut = taken.map((item): Spanned<Operation> => ({ at: item.out, item: item.into }));
  return [
    ...taken.map(({ into, out }): Pair => [into, out]),
    ...closestPairs(byIn, byIn),
    ...closestPairs(byOut, byOut),
    // What is still in the queue went in after all that came out.
    ...left.flatMap((item) =>
      taken.flatMap(({ into }): Pair[] => {
        const isOverlap = into.return > item.into.call && into.call < item.into.return;
        return isOverlap ? [[into, item.into]] : [];
      }),
    ),
  ];
}

/** A dequeue that found nothing comes after an item's dequeue, or before its enqueue. */
function around(items: readonly Item[], empty: readonly Operation[]): Pair[] {
  return empty.flatMap((nothing) =>
    items.flatMap(({ into, out }): Pair[] => {
      const isIn = into.return < nothing.call;
      if (isIn && out !== undefined && out.return > nothing.call) return [[out, nothing]];
      const isLate = (out?.call ?? Infinity) > nothing.return;
      return isLate && into.call < nothing.return ? [[nothing, into]] : [];
    }),
  );
}

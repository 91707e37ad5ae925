/**
 * The search as Porcupine has it: depth first over a linked list of calls and answers, candidates
 * in order of their calls, bit sets and states remembered; an operation of unknown outcome is
 * answered after everything else. A second opinion for histories too long for brute force, and the
 * peer of the benchmark.
 */
import { illegal } from "dabbawala/checks";
import type { Model } from "dabbawala/checks";
import type { Operation } from "dabbawala/protocol";
import { callOf } from "./brute-force";

interface Entry {
  readonly operation: number;
  readonly answer: Entry | undefined;
  previous: Entry | undefined;
  next: Entry | undefined;
}

/** Whether the operations of one object have an order; undefined past `limit` configurations. */
export function plainSearch(
  operations: readonly Operation[],
  model: Model,
  limit = Infinity,
): boolean | undefined {
  const calls = operations.map((operation) => callOf(operation, model));
  const head = linked(operations);
  const seen = new Set<string>();
  const words = new Uint32Array((operations.length >> 5) + 1);
  const flip = (i: number): void => void (words[i >> 5]! ^= 1 << (i & 31));
  const stack: { entry: Entry; state: unknown }[] = [];
  let state = model.initial();
  let entry = head.next;
  while (head.next !== undefined) {
    if (entry?.answer !== undefined) {
      const next = model.step(state, calls[entry.operation]!);
      flip(entry.operation);
      const key = next === illegal ? "" : `${words.join()}|${JSON.stringify(next)}`;
      if (key !== "" && !seen.has(key)) {
        seen.add(key);
        if (seen.size > limit) return undefined;
        stack.push({ entry, state });
        state = next as typeof state;
        lift(entry);
        entry = head.next;
      } else {
        flip(entry.operation);
        entry = entry.next;
      }
    } else {
      const top = stack.pop();
      if (top === undefined) return false;
      flip(top.entry.operation);
      state = top.state as typeof state;
      unlift(top.entry);
      entry = top.entry.next;
    }
  }
  return true;
}

function linked(operations: readonly Operation[]): Entry {
  const places: { at: number; entry: Entry }[] = [];
  operations.forEach(({ call, return: end }, operation) => {
    const empty = { operation, previous: undefined, next: undefined };
    const answer: Entry = { ...empty, answer: undefined };
    places.push({ at: call, entry: { ...empty, answer } }, { at: end, entry: answer });
  });
  places.sort((left, right) => (left.at === right.at ? 0 : left.at - right.at));
  const head: Entry = { operation: -1, answer: undefined, previous: undefined, next: undefined };
  let last = head;
  for (const { entry } of places) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

function lift(entry: Entry): void {
  for (const at of [entry, entry.answer!]) {
    at.previous!.next = at.next;
    if (at.next) at.next.previous = at.previous;
  }
}

function unlift(entry: Entry): void {
  for (const at of [entry.answer!, entry]) {
    at.previous!.next = at;
    if (at.next) at.next.previous = at;
  }
}

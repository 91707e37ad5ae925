/** The definition itself, as slowly as it reads: try every order of every choice of operations. */
import { illegal } from "dabbawala/checks";
import type { Model, ModelCall } from "dabbawala/checks";
import type { Operation } from "dabbawala/protocol";

/** Whether `left` comes before `right` in every order allowed. */
export type Precedes = (left: Operation, right: Operation) => boolean;

export const realTime: Precedes = (left, right) => left.return < right.call;

/** What was never answered may come at any later place. */
export const programOrder: Precedes = (left, right) =>
  left.outcome === "ok" && left.process === right.process && left.id < right.id;

export function callOf(operation: Operation, model: Model): ModelCall {
  const { f, key, input, output, outcome, process } = operation;
  const isKnown = outcome === "ok";
  return { f, key, input, output, isKnown, ...(model.isByProcess ? { process } : {}) };
}

/**
 * Whether some order of all answered operations, and any of the others, is legal; keys together.
 */
export function hasOrder(
  operations: readonly Operation[],
  model: Model,
  precedes: Precedes,
): boolean {
  return extend([], operations, new Map());

  function extend(
    placed: readonly Operation[],
    left: readonly Operation[],
    states: ReadonlyMap<string, unknown>,
  ): boolean {
    if (left.every(({ outcome }) => outcome === "unknown")) return true;
    return left.some((operation) => {
      const others = left.filter((other) => other !== operation);
      const mustWait = others.some((other) => other.outcome === "ok" && precedes(other, operation));
      const isLate = placed.some((other) => precedes(operation, other));
      if (mustWait || isLate) return false;
      const call = callOf(operation, model);
      const key = model.partition?.(call) ?? "";
      const next = model.step(states.has(key) ? states.get(key) : model.initial(), call);
      if (next === illegal) return false;
      return extend([...placed, operation], others, new Map(states).set(key, next));
    });
  }
}

/** Every order of the items. */
export function* permutations<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length === 0) yield [];
  for (const [i, item] of items.entries()) {
    const others = items.filter((_, j) => j !== i);
    for (const rest of permutations(others)) yield [item, ...rest];
  }
}

import { InputError } from "../../basics";
import type { Operation } from "../../protocol";
import type { Model } from "./model";
import { at, callOf, placeOf } from "./transitions";

/** The operations of one object, in order of their calls. */
export interface Part {
  /** As `model.partition` names it; "" where there is only one object. */
  readonly key: string;
  readonly operations: readonly Operation[];
}

/**
 * The history by objects, in order of their first calls: each can be judged alone. Throws
 * InputError with the place for an operation that the model does not know.
 */
export function partsOf<State>(
  operations: readonly Operation[],
  model: Model<State>,
  source: string,
): Part[] {
  const parts = new Map<string, Operation[]>();
  for (const operation of operations) {
    const key = keyOfPart(operation, model, source);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, [operation]);
    else part.push(operation);
  }
  return [...parts].map(([key, members]) => ({ key, operations: members }));
}

/** The name of the object that the operation is of. Throws as `partsOf` does. */
export function keyOfPart<State>(
  operation: Operation,
  model: Model<State>,
  source: string,
): string {
  const place = placeOf(operation, source);
  if (model.operations?.includes(operation.f) === false) {
    const known = model.operations.join(", ");
    throw new InputError(`${place}: ${model.name} has no "${operation.f}": it knows ${known}`);
  }
  const call = callOf(operation, model, operation.outcome === "ok");
  return at(place, () => model.partition?.(call) ?? "");
}

/** What was known when event `end` had just happened: answers after it had not come yet. */
export function before(operations: readonly Operation[], end: number): Operation[] {
  return operations
    .filter(({ call }) => call <= end)
    .map((operation) => (operation.return <= end ? operation : unanswered(operation)));
}

function unanswered(operation: Operation): Operation {
  const unknown = { output: undefined, outcome: "unknown", return: Infinity } as const;
  return { ...operation, ...unknown, returnedAt: Infinity, returnLine: undefined };
}

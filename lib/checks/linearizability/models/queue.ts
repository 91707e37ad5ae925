import { isSame } from "../identity";
import { illegal } from "../model";
import { deduceByItems } from "../deductions/items";
import type { Model, ModelCall } from "../model";
import { describeCall, keyOf } from "./words";

type Items = readonly unknown[];

const enqueues = ["enqueue", "enq", "push", "add"];
const dequeues = ["dequeue", "deq", "pop", "poll"];

/**
 * A first-in first-out queue, one for each key, empty at first. A dequeue that answers null found
 * it empty, so null is never an item.
 */
export function queue(): Model<Items> {
  return {
    name: "queue",
    operations: [...enqueues, ...dequeues],
    initial: () => [],
    step: stepQueue,
    isReadOnly: ({ f, output, isKnown }) => isKnown && dequeues.includes(f) && isEmpty(output),
    partition: keyOf,
    deduce: (operations) => deduceByItems(operations, (f) => enqueues.includes(f)),
    describe: describeCall,
  };
}

function stepQueue(items: Items, call: ModelCall): Items | typeof illegal {
  if (enqueues.includes(call.f)) return [...items, call.input ?? null];
  if (!call.isKnown) return items.slice(1);
  if (isEmpty(call.output)) return items.length === 0 ? items : illegal;
  return items.length > 0 && isSame(items[0], call.output) ? items.slice(1) : illegal;
}

function isEmpty(output: unknown): boolean {
  return output === null || output === undefined;
}

import type { Operation } from "../../../protocol";
import { isSame } from "../identity";
import { illegal } from "../model";
import { deduceByItems } from "../deductions/items";
import type { Deduction, Model, ModelCall } from "../model";
import { describeCall, keyOf } from "./words";

type Items = readonly unknown[];

const enqueues = ["enqueue", "enq", "push", "add"];
const dequeues = ["dequeue", "deq", "pop", "poll"];

/**
 * A first-in first-out queue, one for each key, empty at first. A dequeue that answers null found
 * it empty, so null is never an item.
 */
export function queue(): Model<Items> {
  return queueIn([]);
}

function queueIn(present: Items): Model<Items> {
  return {
    name: "queue",
    operations: [...enqueues, ...dequeues],
    initial: () => present,
    step: stepQueue,
    isReadOnly: ({ f, output, isKnown }) => isKnown && dequeues.includes(f) && isEmpty(output),
    partition: keyOf,
    deduce: (operations) => deduceWith(present, operations),
    startingIn: queueIn,
    describe: describeCall,
  };
}

/** Items that are there at first are as if they had been enqueued before everything else. */
function deduceWith(present: Items, operations: readonly Operation[]): Deduction | undefined {
  const earlier = present.map((item, i) => enqueued(item, i - present.length));
  const isEnqueue = (f: string): boolean => enqueues.includes(f);
  const deduction = deduceByItems([...earlier, ...operations], isEnqueue);
  const isReal = ({ id }: Operation): boolean => id >= 0;
  if (deduction?.kind === "guide") {
    return { ...deduction, pairs: deduction.pairs.filter((pair) => pair.every(isReal)) };
  }
  if (deduction?.kind !== "contradiction") return deduction;
  return { ...deduction, operations: deduction.operations.filter(isReal) };
}

/** `place`: below 0, as are its number and its times. */
function enqueued(item: unknown, place: number): Operation {
  const [call, end] = [2 * place, 2 * place + 1];
  const times = { call, return: end, calledAt: call, returnedAt: end };
  return {
    id: place,
    process: "",
    f: "enqueue",
    input: item,
    output: item,
    outcome: "ok",
    ...times,
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

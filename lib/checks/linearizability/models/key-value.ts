import { InputError } from "../../../basics";
import type { Operation } from "../../../protocol";
import { isSame } from "../identity";
import { illegal } from "../model";
import { deduceByAppends } from "../deductions/appends";
import { deduceByZones } from "../deductions/zones";
import type { RegisterAccess } from "../deductions/zones";
import type { Deduction, Model, ModelCall } from "../model";
import { stepCas } from "./register";
import { describeCall, keyOf } from "./words";

const gets = ["get", "read"];
const puts = ["put", "write", "set"];
const deletes = ["delete", "remove"];

/**
 * A key-value store: get, put, append (to a text), cas and delete, each of one key; every key is
 * judged alone. A key without a value reads as null or as "", since both are in use.
 */
export function keyValue(): Model<unknown> {
  return keyValueIn(null);
}

function keyValueIn(initial: unknown): Model<unknown> {
  return {
    name: "kv",
    operations: [...gets, ...puts, "append", "cas", ...deletes],
    initial: () => initial,
    step: stepKeyValue,
    isReadOnly: ({ f }) => gets.includes(f),
    partition: partitionByKey,
    deduce: (operations) => deduce(operations, initial),
    startingIn: keyValueIn,
    describe: describeCall,
  };
}

function stepKeyValue(state: unknown, call: ModelCall): unknown {
  const { f, input, output, isKnown } = call;
  if (puts.includes(f)) return input ?? null;
  if (deletes.includes(f)) return null;
  if (f === "cas") return stepCas(state, call);
  if (f === "append") return (state === null ? "" : String(state)) + String(input ?? "");
  const isRight = !isKnown || isSame(state, output) || (state === null && output === "");
  return isRight ? state : illegal;
}

function partitionByKey(call: ModelCall): string {
  if (call.key !== undefined) return keyOf(call);
  throw new InputError(
    `${call.f} has no key, which the model kv needs; for values [key value] see --independent`,
  );
}

function deduce(operations: readonly Operation[], initial: unknown): Deduction | undefined {
  const isPlain = operations.every(({ f }) => gets.includes(f) || puts.includes(f));
  if (isPlain) return deduceByZones(operations.flatMap(accessOf), orMissing(initial));
  if (orMissing(initial) !== null) return undefined;
  const hasOnlyTexts = operations.every(({ f }) => {
    return gets.includes(f) || puts.includes(f) || f === "append";
  });
  return hasOnlyTexts ? deduceByAppends(operations, (f) => gets.includes(f)) : undefined;
}

/** An empty text may be a missing value, so both count as the same, and as unset. */
function orMissing(value: unknown): unknown {
  return value === "" ? null : value;
}

function accessOf(operation: Operation): RegisterAccess[] {
  const { f, input, output, outcome } = operation;
  if (puts.includes(f)) return [{ kind: "write", value: orMissing(input), operation }];
  return outcome === "ok" ? [{ kind: "read", value: orMissing(output), operation }] : [];
}

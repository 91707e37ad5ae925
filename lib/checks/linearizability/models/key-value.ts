import { InputError } from "../../../basics";
import { isSame } from "../identity";
import { illegal } from "../model";
import type { Model, ModelCall, RegisterCall } from "../model";
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
  return {
    name: "kv",
    operations: [...gets, ...puts, "append", "cas", ...deletes],
    initial: () => null,
    step: stepKeyValue,
    isReadOnly: ({ f }) => gets.includes(f),
    partition: partitionByKey,
    asRegister: asRegisterCall,
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
  throw new InputError(`${call.f} has no key, which the model kv needs`);
}

/** An empty text may be a missing value, so both count as the same, and as unset. */
function asRegisterCall({ f, input, output }: ModelCall): RegisterCall | undefined {
  if (puts.includes(f)) return { kind: "write", value: input === "" ? null : input };
  return gets.includes(f) ? { kind: "read", value: output === "" ? null : output } : undefined;
}

import { isSame } from "../identity";
import { illegal } from "../model";
import type { Model, ModelCall, RegisterCall } from "../model";
import { describeCall, keyOf, pairOf } from "./words";

const reads = ["read", "get"];
const writes = ["write", "put", "set"];

/** A register that is read and written, one for each key; unset (null) or `initial` at first. */
export function register(initial: unknown = null): Model<unknown> {
  return {
    name: "register",
    operations: [...reads, ...writes],
    initial: () => initial,
    step: (state, call) => stepRegister(state, call),
    isReadOnly: ({ f }) => reads.includes(f),
    partition: keyOf,
    asRegister: asRegisterCall,
    describe: describeCall,
  };
}

/** A register with compare-and-set besides: `cas` takes [from, to] and succeeds only from `from`. */
export function casRegister(initial: unknown = null): Model<unknown> {
  return {
    ...register(initial),
    name: "cas-register",
    operations: [...reads, ...writes, "cas"],
    step: (state, call) => (call.f === "cas" ? stepCas(state, call) : stepRegister(state, call)),
  };
}

function asRegisterCall({ f, input, output }: ModelCall): RegisterCall | undefined {
  if (writes.includes(f)) return { kind: "write", value: input };
  return reads.includes(f) ? { kind: "read", value: output } : undefined;
}

function stepRegister(state: unknown, call: ModelCall): unknown {
  if (writes.includes(call.f)) return call.input ?? null;
  return !call.isKnown || isSame(state, call.output) ? state : illegal;
}

/** A cas that failed is a `fail` in the history, so one with an answer has succeeded. */
export function stepCas(state: unknown, call: ModelCall): unknown {
  const [from, to] = pairOf(call);
  if (isSame(state, from)) return to ?? null;
  return call.isKnown ? illegal : state;
}

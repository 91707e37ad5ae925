import { isSame } from "../identity";
import { illegal } from "../model";
import type { Operation } from "../../../protocol";
import { deduceByZones } from "../deductions/zones";
import type { RegisterAccess } from "../deductions/zones";
import type { Deduction, Model, ModelCall } from "../model";
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
    deduce: (operations) => deduce(operations, initial),
    startingIn: (state) => register(state),
    describe: describeCall,
  };
}

/**
 * A register with compare-and-set besides: `cas` takes [from, to] and succeeds only from `from`.
 */
export function casRegister(initial: unknown = null): Model<unknown> {
  return {
    ...register(initial),
    name: "cas-register",
    startingIn: (state) => casRegister(state),
    operations: [...reads, ...writes, "cas"],
    step: (state, call) => (call.f === "cas" ? stepCas(state, call) : stepRegister(state, call)),
  };
}

function deduce(operations: readonly Operation[], initial: unknown): Deduction | undefined {
  if (operations.some(({ f }) => f === "cas")) return undefined;
  return deduceByZones(operations.flatMap(accessOf), initial);
}

function accessOf(operation: Operation): RegisterAccess[] {
  const { f, input, output, outcome } = operation;
  if (writes.includes(f)) return [{ kind: "write", value: input, operation }];
  return outcome === "ok" ? [{ kind: "read", value: output, operation }] : [];
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

import { kvMachine } from "./kv";
import type { Machine } from "./machine";
import { paymentsMachine } from "./payments";

const machines = new Map<string, Machine>();

/** Makes a machine known by its name, which `RaftOptions.machine` then may be. */
export function registerMachine<State>(machine: Machine<State>): void {
  machines.set(machine.name, machine as Machine);
}

registerMachine(kvMachine);
registerMachine(paymentsMachine);

/** Throws a RangeError that lists the machines there are. */
export function machineNamed(name: string): Machine {
  const machine = machines.get(name);
  if (machine !== undefined) return machine;
  throw new RangeError(
    `there is no machine "${name}": known are ${[...machines.keys()].join(", ")}`,
  );
}

export { kvMachine } from "./kv";
export type { KvAnswer, KvCommand, KvQuery, KvState } from "./kv";
export type { Invalid, Machine } from "./machine";
export { isConserved, maxKeys, paymentsMachine, totalPaise } from "./payments";
export type { PaymentAnswer, PaymentCommand, PaymentQuery, PaymentsState } from "./payments";

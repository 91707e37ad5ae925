import type { Model } from "../model";
import { keyValue } from "./key-value";
import { leasedLock } from "./leased-lock";
import { lock, ownedLock } from "./lock";
import { queue } from "./queue";
import { casRegister, register } from "./register";

export { casRegister, keyValue, leasedLock, lock, ownedLock, queue, register };

/** The ready models by the names that the command line knows. */
export const models: Readonly<Record<string, () => Model>> = {
  register: () => register() as Model,
  "cas-register": () => casRegister() as Model,
  kv: () => keyValue() as Model,
  queue: () => queue() as Model,
  lock: () => lock() as Model,
  "owned-lock": () => ownedLock() as Model,
  "leased-lock": () => leasedLock() as Model,
};

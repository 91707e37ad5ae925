export { checkLinearizable, checkLinearizableAsync } from "./check";
export type { LinearizabilityAsyncOptions, LinearizabilityOptions } from "./check";
export { illegal } from "./model";
export type { Model, ModelCall, RegisterCall } from "./model";
export { casRegister, keyValue, lock, models, ownedLock, queue, register } from "./models";
export type { LinearizabilityVerdict, OrderStep, PartOrder, Violation } from "./verdict";

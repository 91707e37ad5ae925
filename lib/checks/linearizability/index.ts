export { checkLinearizable, checkLinearizableAsync } from "./check";
export type { LinearizabilityAsyncOptions, LinearizabilityOptions } from "./check";
export { describeVerdict, describeViolation, verdictInOneLine } from "./describe";
export { IncrementalChecker } from "./incremental";
export type { IncrementalOptions } from "./incremental";
export { illegal } from "./model";
export type { Deduction, Model, ModelCall } from "./model";
export {
  casRegister,
  keyValue,
  leasedLock,
  lock,
  models,
  ownedLock,
  queue,
  register,
} from "./models";
export { barsOf, textPicture } from "./picture";
export type { BarsOptions } from "./picture";
export type {
  IncrementalVerdict,
  LinearizabilityVerdict,
  OrderStep,
  PartOrder,
  Violation,
} from "./verdict";

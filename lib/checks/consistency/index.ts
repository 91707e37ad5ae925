export { checkCausal } from "./causal";
export type { CausalLevel, CausalOptions } from "./causal";
export { checkSequential } from "./sequential";
export type { SequentialOptions, SequentialVerdict } from "./sequential";
export {
  checkSessionGuarantee,
  checkSessionGuarantees,
  sessionGuarantees,
} from "./session-guarantees";
export type { SessionGuarantee, SessionOptions } from "./session-guarantees";
export type { ConsistencyVerdict } from "./verdict";

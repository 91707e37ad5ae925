import "../kernel/in-stock-kernel";
export * from "./consistency";
export { checkConvergence, checkReplicas } from "./convergence";
export type { ConvergenceOptions, ConvergenceVerdict } from "./convergence";
export { always, checkTrace, sometimes } from "./invariants";
export type { Property, PropertyVerdict } from "./invariants";
export * from "./linearizability";
export { historyOf } from "./trace-history";

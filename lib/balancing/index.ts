/**
 * Which server takes the next request: `Policy` in policy.ts is the one shape, policies/ fill it,
 * and queueing/ simulates servers behind them, after the formulas have agreed.
 */
import "../kernel/in-stock-kernel";
export * from "./policies";
export type { BalancedRequest, Policy, ProbeAnswer } from "./policy";
export { Pool } from "./pool";
export type { Server } from "./pool";
export * from "./queueing";

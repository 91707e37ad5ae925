/**
 * What can be done about deadlocks of locks at several sites: `lock-site.ts`, the transactions in
 * `transaction-client.ts`, a central detector, and the comparison of all policies in `simulation/`.
 */
export { DeadlockDetector } from "./deadlock-detector";
export { LockSite } from "./lock-site";
export { deadlockPolicies } from "./messages";
export type { DeadlockMessage, DeadlockOptions, DeadlockPolicy } from "./messages";
export type { DeadlockTimer, Transaction } from "./messages";
export { simulateDeadlocks } from "./simulation/compare-deadlocks";
export type { DeadlockResult, DeadlockSimulation } from "./simulation/compare-deadlocks";
export { TransactionClient } from "./transaction-client";

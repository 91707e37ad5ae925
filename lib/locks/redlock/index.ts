/**
 * Redlock, as its document has it, to be measured and broken: instances and clients, the comparison
 * with the lock service in `simulation/`, and storms.
 */
export { RedlockClient } from "./redlock-client";
export type { RedlockClientOptions } from "./redlock-client";
export { RedlockInstance } from "./redlock-instance";
export type { RedlockInstanceOptions, RedlockMessage, RedlockTimer } from "./redlock-instance";
export { redlockFaults, simulateRedlock } from "./simulation/simulate-redlock";
export type { RedlockFault, RedlockResult, RedlockSimulation } from "./simulation/simulate-redlock";
export { storm as redlockStorm } from "./storm/definition";

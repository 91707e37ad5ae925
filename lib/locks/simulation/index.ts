/** The lock service in the simulator. */
export { LockCluster } from "./lock-cluster";
export type { LockClusterSettings } from "./lock-cluster";

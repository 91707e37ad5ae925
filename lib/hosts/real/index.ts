/** What Threads and Processes have in common. */
export { Cluster } from "./cluster";
export type { ClientOptions, ClusterOptions, ServerPlan } from "./cluster-options";
export type { SaveOptions } from "./save-options";
export type { ClusterMetrics, Counts } from "./metrics";
export type { SocketOptions } from "./sockets";
export type { ProtocolReference } from "./setup";
export type { TimedNote } from "./story";

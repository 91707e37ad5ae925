/** A reverse proxy with the policies of this topic in front of real servers. */
export { startProxy } from "./start";
export type { RunningProxy } from "./running-proxy";
export type { BackEndPlace, ProxyOptions } from "./options";
export type { PolicyName } from "./policy-names";
export type { BackEndMetrics, ProxyMetrics } from "./tally";

export { BalancedServer } from "./balanced-server";
export { Balancer } from "./balancer";
export type { BalancingMessage, BalancingTimer, ServerMode } from "./messages";
export type { BalancedServerOptions, BalancerOptions, RequestClientOptions } from "./options";
export { RequestClient } from "./request-client";
export * from "./storm";

export { measureProxy } from "./measure-proxy";
export type { ProxyLoad, ProxyRun } from "./measure-proxy";

/**
 * Locks that several machines share: the table in `table/`, the servers that replicate it in
 * `lock-server.ts`, their clients in `leaseholder.ts` and `lock-client.ts`, and what locks guard in
 * `fenced-resource.ts`; locks over several groups of servers in `sharded/`. Beside them: what can
 * be done about deadlocks in `deadlock/`, Redlock in `redlock/`, and storms over all of it.
 */
import "../kernel/in-stock-kernel";
export { FencedResource } from "./fenced-resource";
export type { FencedResourceOptions } from "./fenced-resource";
export { Leaseholder } from "./leaseholder";
export type { LeaseOptions } from "./leaseholder";
export type { Leases, LeaseSignal, LockGroups } from "./leases";
export { LockClient } from "./lock-client";
export type { LockClientOptions, LockErrand } from "./lock-client";
export { LockServer } from "./lock-server";
export type { LockMessage, LockTimer } from "./messages";
export * from "./sharded";
export * from "./table";
export * from "./deadlock";
export * from "./redlock";
export * from "./simulation";
export * from "./storm";

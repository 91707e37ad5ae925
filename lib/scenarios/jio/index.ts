/**
 * Serving a mobile network: who asks where and when (`demand.ts`, `requests.ts`), four data centres
 * (`centres.ts`), lost ones, slow servers and a cricket final (`events.ts`), every policy
 * (`balancers.ts`) over a simulated day (`simulate-day.ts`), all of them side by side, retries
 * message by message (`serving.ts`), and real servers behind the real proxy (`loopback/`).
 */
import "../../kernel/in-stock-kernel";
export { balancerNames, makeBalancer } from "./balancers";
export type { BalancerName } from "./balancers";
export { buildServers, centres, nearestCentre, roundTripMs } from "./centres";
export type { Centre } from "./centres";
export { compareBalancing } from "./compare-balancing";
export type { ComparedOptions, ComparedPolicy } from "./compare-balancing";
export { cityDemands, demandAt, loadAt } from "./demand";
export type { CityDemand } from "./demand";
export type { JioEvent } from "./events";
export { measureProxy } from "./loopback";
export type { ProxyLoad, ProxyRun } from "./loopback";
export { queueSpans } from "./queue-spans";
export type { QueueSpan } from "./queue-spans";
export { credulous, simulateServing } from "./serving";
export type { ServerChange, ServingRun, SimulatedServing } from "./serving";
export { simulateDay } from "./simulate-day";
export type { DayScaling, JioDay, JioOptions, ServerDay } from "./simulate-day";
export type { Part } from "./tally";

/**
 * Swiggy's delivery zones: dispatch servers (`dispatcher.ts`) that elect a leader by the bully, by
 * invitation or by Raft (`elector.ts`), the riders' desk and the registry (`desk.ts`), customers
 * (`customer.ts`), and all of them in `simulate-zone.ts`.
 */
import "../../kernel/in-stock-kernel";
export { ZoneDispatcher } from "./dispatcher";
export type { ZoneDispatcherOptions } from "./dispatcher";
export type { ElectedBy } from "./elector";
export { RiderDesk, ZoneRegistry } from "./desk";
export { ZoneCustomer } from "./customer";
export type { ZoneCustomerOptions } from "./customer";
export type { Assignment, ZoneMessage, ZonePlaces, ZoneTimer } from "./messages";
export { simulateZone } from "./simulate-zone";
export type { SimulatedZone, ZoneRun } from "./simulate-zone";

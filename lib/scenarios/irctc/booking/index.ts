/**
 * The booking of trains: berths as bits, quotas, RAC and waiting lists, fares, payments, and the
 * machine that Raft replicates.
 */
export {
  emptyBerthMap,
  freeBerths,
  isTaken,
  releaseBerth,
  takeBerth,
  tightestBerth,
} from "./berth-map";
export type { BerthMap, BerthSet, Stops } from "./berth-map";
export { chooseBerths } from "./choose-berths";
export type { Wishes } from "./choose-berths";
export type { Availability, BookingAnswer, BookingCommand, BookingQuery } from "./commands";
export type { BookingRequestFor, Passenger, Standing, TicketView } from "./commands";
export { fareOf, refundOf } from "./fares";
export { bookingViolation } from "./invariants";
export type { BookingViolation } from "./invariants";
export { passedOver, standings } from "./passed-over";
export { layoutOf } from "./layout";
export type { Layout } from "./layout";
export { bookingMachine } from "./machine";
export { bookingRules } from "./rules";
export type { BookingRules } from "./rules";
export type { BookingState, Departure, PaymentOrder, Place, Ticket } from "./state";
export { berthsOfPlan, bookingQuotas, trainPlan } from "./train-plan";
export type {
  BerthType,
  BookingQuota,
  TrainPlan,
  TrainPlanOptions,
  TravelClass,
} from "./train-plan";
export { BookingClient } from "./client";
export type { BookingClientOptions, Wish } from "./client";
export { BookingLoadClient } from "./load-client";
export type { BookingLoadOptions } from "./load-client";
export { PaymentGateway } from "./gateway";
export type { Account, GatewayOptions } from "./gateway";
export type { BookingMessage, PaymentAnswer, PaymentRequest } from "./messages";
export type { BookingBooks } from "./books";
export { BookingServer } from "./server";
export type { BookingServerOptions } from "./server";
export { simulateBooking } from "./simulate-booking";
export type { BookingRun, BookingSimulation } from "./simulate-booking";
export { shardOf } from "./shards";
export { chanceOfAtLeast, choosersShare, clerksShare, randomJourneys, soldBerths } from "./study";
export type { FreeAround, SoldBerth } from "./study";
export * from "./contention";
export * from "./rush";
export * from "./storm";

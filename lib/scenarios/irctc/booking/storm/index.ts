/** Storms over the booking: what a seed draws is in `plan.ts`, one storm in `run.ts`. */
export { storm as bookingStorm } from "./definition";
export { planOf as bookingStormPlan } from "./plan";
export type { BookingStormPlan } from "./plan";
export { runStorm as runBookingStorm } from "./run";
export type { BookingStormAction, BookingStormResult } from "./run";
export { seatModel } from "./seat-model";
export { bookingVariants } from "./variants";
export type { BookingVariant } from "./variants";

/**
 * The jobs behind Flipkart's sale: kinds and tenants in `jobs.ts`, the day in `arrivals.ts`;
 * `simulateBigBillionDay` runs the task scheduler through it. Small experiments are in `lessons/`.
 */
import "../../kernel/in-stock-kernel";
export { bigBillionRate } from "./arrivals";
export type { BigBillionDay, DaySlice, Job, JobSummary } from "./day";
export { bigBillionKinds, bigBillionTenants, meanServiceMs } from "./jobs";
export type { JobKind, Tenant } from "./jobs";
export { simulateBigBillionDay } from "./simulate-big-billion-day";
export type { Admission, BigBillionDayOptions, JobOrder } from "./simulate-big-billion-day";
export * from "./lessons";

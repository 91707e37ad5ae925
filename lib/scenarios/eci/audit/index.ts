/** Risk-limiting audits: how many ballots people have to read to trust a result. */
export { auditSeat } from "./audit-seat";
export type { PaperTrail, SeatAudit } from "./audit-seat";
export { BravoAudit, expectedBallots } from "./bravo";
export type { BravoOptions, BravoState } from "./bravo";
export { measureRisk } from "./measure-risk";
export type { MeasuredRisk } from "./measure-risk";
export { sampleSizes } from "./sample-sizes";
export type { SampleSizes } from "./sample-sizes";

/**
 * Counting an election. From uploads to the result: `count/`, `recount/`, `results/`; centres that
 * attest machines' totals for each other: `attestation/`; a risk-limiting audit of a seat:
 * `audit/`; the tree of totals, with proofs for citizens: `merkle/`.
 */
import "../../kernel/in-stock-kernel";
export * from "./attestation";
export * from "./audit";
export * from "./count";
export * from "./merkle";
export * from "./live";
export { countRanked } from "./ranked";
export type { RankedBallots, RankedResult } from "./ranked";
export * from "./recount";
export * from "./results";

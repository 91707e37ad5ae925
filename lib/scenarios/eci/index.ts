/**
 * Counting an election. From uploads to the result: `count/`, `recount/`, `results/`; centres that
 */
import "../../kernel/in-stock-kernel";
export * from "./attestation";
export * from "./count";
export * from "./merkle";
export * from "./recount";
export * from "./results";

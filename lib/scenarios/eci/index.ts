/** Counting an election. The tree of machine totals, with proofs for citizens: `merkle/`. */
import "../../kernel/in-stock-kernel";
export * from "./count";
export * from "./recount";
export * from "./results";
export * from "./merkle";

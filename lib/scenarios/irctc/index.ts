import "../../kernel/in-stock-kernel";
export * from "./seat-allocation";
export * from "./booking";

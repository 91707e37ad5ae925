import "../../kernel/in-stock-kernel";
export * from "./seat-allocation";

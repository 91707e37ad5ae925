import "../kernel/in-stock-kernel";
export * as flipkart from "./flipkart";

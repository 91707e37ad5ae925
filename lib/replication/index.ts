/** Copies of data on nodes that change and fail: a Dynamo-style store, and a register. */
import "../kernel/in-stock-kernel";
export * from "./cas-register";
export * from "./dynamo";

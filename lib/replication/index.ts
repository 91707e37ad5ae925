/** Copies of data on many nodes that change and fail: a Dynamo-style store. */
import "../kernel/in-stock-kernel";
export * from "./dynamo";

/** Where protocols run. The simulator is the first host; the storm plays many seeds of it. */
import "../kernel/in-stock-kernel";
export * from "./explorer";
export * from "./simulator";
export * from "./maelstrom";
export * from "./storm";
export * from "./real";
export * from "./threads";
export * from "./processes";

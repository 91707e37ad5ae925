/** Where protocols run. The storm plays many seeds of the simulator. */
import "../kernel/in-stock-kernel";
export * from "./explorer";
export * from "./simulator";
export * from "./maelstrom";
export * from "./storm";
export * from "./real";
export * from "./threads";
export * from "./processes";

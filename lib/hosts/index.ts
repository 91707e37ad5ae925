/** Where protocols run: simulated, in every order, in threads, processes, under Maelstrom. */
import "../kernel/in-stock-kernel";
export * from "./explorer";
export * from "./simulator";
export * from "./maelstrom";
export * from "./storm";
export * from "./real";
export * from "./threads";
export * from "./processes";

/** Where protocols run. The simulator is the first host; others come with their rows. */
import "../kernel/in-stock-kernel";
export * from "./explorer";
export * from "./simulator";
export * from "./maelstrom";

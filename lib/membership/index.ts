/** Who is in the group, and how news gets to all of it: gossip and membership. */
import "../kernel/in-stock-kernel";
export * from "./gossip";
export * from "./plumtree";
export * from "./swim";
export * from "./detectors";

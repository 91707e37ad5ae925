/** Plumtree in the simulator. */
export { measureBroadcasts } from "./broadcasts";
export type { BroadcastRow, BroadcastsOptions } from "./broadcasts";

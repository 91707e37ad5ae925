/** How far lookups go: `hops.ts`. */
export { measureHops } from "./hops";
export type { Hops, HopsOptions } from "./hops";

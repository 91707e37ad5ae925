export { IncrementalChecker } from "./checker";
export type { IncrementalOptions } from "./checker";

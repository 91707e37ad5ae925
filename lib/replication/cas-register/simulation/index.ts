export { casAnswered, casExplorer, casSafety } from "./explore";
export type { CasExploration } from "./explore";

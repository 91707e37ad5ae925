/**
 * The task board: what is asked of it in `commands.ts`, its knobs in `settings.ts`, what it knows
 * in `state.ts`; what a task goes through in `lifecycle.ts`; submissions, workers and time in
 * `submit.ts`, `work.ts` and `time.ts`; its order in `../order`.
 */
export { boardMachine } from "./machine";
export { boardRules } from "./rules";
export type { BoardRules } from "./rules";
export { boardSettings, defaultBoardSettings } from "./settings";
export type { BoardSettings, RateLimit } from "./settings";
export { TaskBoard } from "./task-board";
export { nextTimerMs } from "./time";
export type { BoardAnswer, BoardCommand, BoardNews, BoardQuery } from "./commands";
export type { StampedCommand, Work } from "./commands";
export type { BoardState } from "./state";

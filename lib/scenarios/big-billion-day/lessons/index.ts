/** Small experiments with the task scheduler, one thing each, for a notebook to vary. */
export { herdComesBack } from "./herd";
export type { Herd, HerdOptions } from "./herd";
export { killForReal } from "./kill-for-real";
export type { KillOptions, KillRun } from "./kill-for-real";
export { leastLateness, worstLateness } from "./lateness";
export type { DueTasks } from "./lateness";
export { serveAlone } from "./serve-alone";
export type { AloneOptions, ServedTask } from "./serve-alone";
export { standStill } from "./stand-still";
export type { StandStillOptions, StandStillRun } from "./stand-still";

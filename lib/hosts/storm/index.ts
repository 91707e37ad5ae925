export { loadStorm, checkVariant } from "./definition";
export type { Storm, StormAction, StormDefinition, StormFailure } from "./definition";
export type { StormRunOptions, StormVerdict } from "./definition";
export type { SeedFailure } from "./play-seeds";
export { runStorms } from "./run-storms";
export type { RunStormsOptions, StormSummary } from "./run-storms";
export { shrinkStorm } from "./shrink";
export type { ShrinkOptions, ShrunkStorm } from "./shrink";

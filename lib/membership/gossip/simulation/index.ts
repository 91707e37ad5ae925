/** Epidemics measured against theory: in synchronous cycles, and in the simulator. */
export { spreadRumour } from "./rumour-rounds";
export type { RumourRoundsOptions, RumourRun } from "./rumour-rounds";
export { demersTables, measureDemers, measureRounds } from "./demers";
export type { DemersOptions, DemersRow, DemersTable, RoundsOptions, RoundsRow } from "./demers";
export { infectionCurve } from "./infection";
export type { InfectionOptions, InfectionPoint } from "./infection";

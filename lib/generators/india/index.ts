/** Facts about India that the data sets share: states, districts, languages and their names. */
export { districts } from "./districts";
export type { District } from "./districts";
export { languages, nameLists } from "./names";
export type { NameList } from "./names";
export { states } from "./states";
export type { State } from "./states";
export { distanceKm, statePlaces } from "./places";
export type { Place } from "./places";

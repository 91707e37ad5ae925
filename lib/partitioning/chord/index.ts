/** Chord: the node in `chord.ts`; what its promises rest on, rule by rule, in `rules.ts`. */
export { Chord } from "./chord";
export { defaultChordOptions } from "./options";
export type { ChordOptions } from "./options";
export type { ChordRules } from "./rules";
export type { ChordMessage, ChordTimer } from "./messages";
export { placeOf as chordPlace } from "./places";
export * from "./simulation";
export * from "./storm";

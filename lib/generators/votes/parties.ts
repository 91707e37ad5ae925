/** Invented parties. Nobody real is meant, and no real result. */
import { states } from "../india/states";
import { mix } from "../permutation";

export interface Party {
  readonly name: string;
  /** Its strength where it stands: a weight of the votes. */
  readonly strength: number;
}

export const independent: Party = { name: "Independent", strength: 0.5 };

/** Parties that stand everywhere. */
export const nationalParties: readonly Party[] = [
  { name: "Banyan Party", strength: 34 },
  { name: "Monsoon Front", strength: 27 },
  { name: "Tiffin Box Party", strength: 6 },
  { name: "Kingfisher League", strength: 3 },
  { name: "Night Train Union", strength: 1.5 },
];

/** One party a state that stands only there; strong in some states, hardly known in others. */
export const regionalParties: readonly Party[] = states.map((state, index) => ({
  name: `${state.name} Kite Party`,
  strength: 2 + 36 * (mix(index, 7) / 0x1_0000_0000) ** 2,
}));

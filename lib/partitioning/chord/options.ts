/** The knobs of a Chord node, each with its unit, its default and how to choose it. */
import { inRange, wholeInRange, withDefaults } from "../../basics";
import type { NodeId } from "../../protocol";

export interface ChordOptions {
  /** Places are from 0 to 2^bits - 1: so many that no two names meet. 1 to 32, default 32. */
  readonly bits: number;
  /** Names, of nodes or keys, whose place is not their hash: for pictures and tests. Default {}. */
  readonly places: Readonly<Record<string, number>>;
  /**
   * Length of the list of successors, and copies of a block: r of section IV.E.3. Up to r - 1 may
   * fail between two repairs. 1 to 32, default 4.
   */
  readonly successors: number;
  /**
   * Members of the first ring; at least r + 1 (Zave, 2017, section V). A node of them that has
   * saved nothing is a member from the start. Default: the node and its peers.
   */
  readonly founders: readonly NodeId[] | null;
  /** Between two looks at both neighbours: bounds how long a failure is not seen. Default 500. */
  readonly stabilizeMs: number;
  /** Between two looks at a finger; 0: no fingers. Default 500 ms. */
  readonly fingerMs: number;
  /** Between two comparisons of copies; 0: copies are never mended. Default 2,000 ms. */
  readonly repairMs: number;
  /** A node that has not answered after so long is asked again: over a round trip. Default 200. */
  readonly timeoutMs: number;
  /** One that has been asked so often has failed; 1 where nothing is lost. Default 2. */
  readonly attempts: number;
}

export const defaultChordOptions: ChordOptions = {
  bits: 32,
  places: {},
  successors: 4,
  founders: null,
  stabilizeMs: 500,
  fingerMs: 500,
  repairMs: 2_000,
  timeoutMs: 200,
  attempts: 2,
};

const dayMs = 86_400_000;

/** The options with their defaults. Throws a RangeError that names the first one that is wrong. */
export function chordOptions(given: Partial<ChordOptions>): ChordOptions {
  const options = withDefaults("Chord", defaultChordOptions, given);
  const bits = wholeInRange("bits", options.bits, { min: 1, max: 32 });
  wholeInRange("successors", options.successors, { min: 1, max: 32 });
  inRange("stabilizeMs", options.stabilizeMs, { min: 1, max: dayMs });
  inRange("fingerMs", options.fingerMs, { min: 0, max: dayMs });
  inRange("repairMs", options.repairMs, { min: 0, max: dayMs });
  inRange("timeoutMs", options.timeoutMs, { min: 0.1, max: dayMs });
  wholeInRange("attempts", options.attempts, { min: 1, max: 100 });
  for (const [name, place] of Object.entries(options.places)) {
    wholeInRange(`places.${name}`, place, { min: 0, max: 2 ** bits - 1 });
  }
  return options;
}

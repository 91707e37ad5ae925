/** The knobs of Plumtree, each with its unit, its default and how to choose it. */
import { inRange, wholeInRange, withDefaults } from "../../basics";

export interface PlumtreeOptions {
  /**
   * After an announcement, wait so long for the message itself before the tree is mended: as long
   * as the slowest way down the tree. Default 200 ms.
   */
  readonly graftTimeoutMs: number;
  /** The next announcer is asked after so long: a round trip. Default 100 ms. */
  readonly retryTimeoutMs: number;
  /** Announcements are collected for so long; 0: sent at once. Default 0 ms. */
  readonly announceMs: number;
  /** Links with so many hops less replace a parent; 0: never (section 3.8). Default 0. */
  readonly optimizeRounds: number;
  /** Messages kept for neighbours that miss them; past that the oldest goes. Default 1,000. */
  readonly maxMessages: number;
}

export const defaultPlumtreeOptions: PlumtreeOptions = {
  graftTimeoutMs: 200,
  retryTimeoutMs: 100,
  announceMs: 0,
  optimizeRounds: 0,
  maxMessages: 1_000,
};

/** Throws a RangeError that names the option that is wrong. */
export function plumtreeOptions(given: Partial<PlumtreeOptions>): PlumtreeOptions {
  const options = withDefaults("Plumtree", defaultPlumtreeOptions, given);
  const day = { min: 0, max: 86_400_000 };
  inRange("graftTimeoutMs", options.graftTimeoutMs, day);
  inRange("retryTimeoutMs", options.retryTimeoutMs, day);
  inRange("announceMs", options.announceMs, day);
  wholeInRange("optimizeRounds", options.optimizeRounds, { min: 0, max: 1_000_000 });
  wholeInRange("maxMessages", options.maxMessages, { min: 1, max: 10_000_000 });
  return options;
}

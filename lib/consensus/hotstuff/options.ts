/** The knobs of a HotStuff replica, each with its unit, its default and how to choose it. */
import { inRange, wholeInRange, withDefaults } from "../../basics";

export interface HotStuffOptions {
  /**
   * A view that brings no certificate ends after so long, doubled with each timeout until a block
   * is decided. Several round trips. Default 200 ms.
   */
  readonly viewTimeoutMs: number;
  /**
   * A leader's office lasts so many views; a timeout ends it early. 1 is the paper's chained
   * HotStuff, where leaders rotate with every view: then a block is decided only after four
   * correct leaders in a row, which n = 4 with one crashed never has. Default 1,000.
   */
  readonly viewsPerLeader: number;
  /** Commands in one block; default 100. */
  readonly maxBatch: number;
  /** Clients whose command waits; the others are not heard until there is room. Default 10,000. */
  readonly maxPending: number;
  /** Decided blocks kept for replicas that fell behind; default 1,000. */
  readonly keptBlocks: number;
  /** Blocks in one answer to a fetch; default 50. */
  readonly maxFetched: number;
  /** Another replica is asked for missing blocks after so long; default 100 ms. */
  readonly fetchMs: number;
  /** The state machine by name: "kv", "payments", or one that was registered. Default "kv". */
  readonly machine: string;
  /** Keys are derived from it: see `signatures`. Default "laboratory". */
  readonly keySeed: string;
}

export const defaultHotStuffOptions: HotStuffOptions = {
  viewTimeoutMs: 200,
  viewsPerLeader: 1_000,
  maxBatch: 100,
  maxPending: 10_000,
  keptBlocks: 1_000,
  maxFetched: 50,
  fetchMs: 100,
  machine: "kv",
  keySeed: "laboratory",
};

/** The options with their defaults. Throws a RangeError that names the first one that is wrong. */
export function hotStuffOptions(given: Partial<HotStuffOptions>): HotStuffOptions {
  const options = withDefaults("HotStuff", defaultHotStuffOptions, given);
  for (const name of ["viewTimeoutMs", "fetchMs"] as const) {
    inRange(name, options[name], { min: 1, max: 86_400_000 });
  }
  const counts = ["viewsPerLeader", "maxBatch", "maxPending", "maxFetched"] as const;
  for (const name of counts) wholeInRange(name, options[name], { min: 1, max: 2 ** 32 });
  wholeInRange("keptBlocks", options.keptBlocks, { min: 1, max: 2 ** 32 });
  return options;
}

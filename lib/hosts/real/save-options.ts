/** How what nodes save is kept in files. */
import { inRange, wholeInRange, withDefaults } from "../../basics";

export interface SaveOptions {
  /**
   * False: what was written survives a crash of the process, not of the machine. Default true:
   * every batch is synced (O_DSYNC, or fdatasync where there is none).
   */
  readonly hasSync: boolean;
  /**
   * Without `hasSync`: what was written is synced so many ms later, 1 to 60,000, so that a crash of
   * the machine loses that much; null, the default: whenever the system does.
   */
  readonly syncEveryMs: number | null;
  /** A file of more than so many bytes, most of them dead, is written anew. Default 64 MiB. */
  readonly rewriteBytes: number;
  /**
   * Zeros are written ahead of the saves, as many as the file is long but at most so many bytes: a
   * sync that does not have to record a longer file is about twice as fast. Default 4 MiB.
   */
  readonly reserveBytes: number;
}

const defaults: SaveOptions = {
  hasSync: true,
  syncEveryMs: null,
  rewriteBytes: 64 * 2 ** 20,
  reserveBytes: 4 * 2 ** 20,
};

/** With the defaults. Throws a RangeError that names the option that is wrong. */
export function saveOptions(given: Partial<SaveOptions> = {}): SaveOptions {
  const options = withDefaults("saves", defaults, given);
  wholeInRange("rewriteBytes", options.rewriteBytes, { min: 1, max: 2 ** 31 });
  const { syncEveryMs } = options;
  if (syncEveryMs !== null) inRange("syncEveryMs", syncEveryMs, { min: 1, max: 60_000 });
  wholeInRange("reserveBytes", options.reserveBytes, { min: 0, max: 2 ** 28 });
  return options;
}

/**
 * The second phase of a storm: one random quorum is healed, and everybody else is left where the
 * storm has left them, for good. What the core can do, it has to do now.
 *
 * Source: TigerBeetle's VOPR. Healing all machines before one looks at liveness hides bugs: a
 * minority that comes back may lift a core that is stuck.
 */
import { Random, wholeInRange } from "../../basics";
import { at, crash, drift, heal, networkRates, partition, pause, restart } from "./faults";
import { resume, slow, slowDisk, unclog, unclogLinks } from "./faults";
import type { ScheduledFault } from "./faults";

export interface CoreOptions {
  readonly seed: number;
  /** The machines, or nodes, of which a majority is a quorum. */
  readonly names: readonly string[];
  /** When the storm ends; a fault that is scheduled for later still strikes. */
  readonly atMs: number;
  /** Default: the smallest majority. */
  readonly size?: number;
}

export interface CoreAlone {
  /** Those that are healed, drawn from the seed. */
  readonly core: readonly string[];
  /** For `Simulator.schedule`. */
  readonly faults: readonly ScheduledFault[];
}

/**
 * Clocks that have jumped stay where they are, and corrupt disks stay so. Of the rest, each
 * is stopped or paused, as the seed says, and cut off from the core.
 */
export function coreAlone({ seed, names, atMs, size }: CoreOptions): CoreAlone {
  const range = { min: 1, max: names.length };
  const count = wholeInRange("size", size ?? Math.floor(names.length / 2) + 1, range);
  const random = new Random(seed, 950);
  const shuffled = random.shuffle(names);
  const [core, rest] = [shuffled.slice(0, count).sort(), shuffled.slice(count).sort()];
  const stopped = rest.filter(() => random.chance(0.5));
  const paused = rest.filter((name) => !stopped.includes(name));
  const calm = [heal(), networkRates({}), unclog(core), unclogLinks(names, names)];
  const well = [restart(core), resume(core), slow(core, 1), slowDisk(core), drift(core, 0)];
  const frozen = rest.length === 0 ? [] : [crash(stopped), pause(paused), partition(core, rest)];
  return { core, faults: [...calm, ...frozen, ...well].map((fault) => at(atMs, fault)) };
}

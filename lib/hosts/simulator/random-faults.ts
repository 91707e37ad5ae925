/**
 * A schedule of faults from a seed: each kind strikes again and again, for a while each time.
 *
 * Source: TigerBeetle's VOPR draws its faults so; leaving out kinds is swarm testing (A. Groce et
 * al., "Swarm Testing", ISSTA 2012): a storm of all faults at once hides what one alone would show.
 * Guarantees: all is healed, restarted and resumed by `untilMs`, but for corrupt disks and clocks
 * that have jumped; a machine has one fault of a sort at a time. A kind that is added or left out
 * changes nothing about the kinds before it.
 */
import { Random, inRange, wholeInRange } from "../../basics";
import { at, corrupt } from "./faults";
import type { ScheduledFault } from "./faults";
import { checkNames } from "./link-options";
import { faultKinds } from "./random-fault-options";
import type { RandomFaultOptions } from "./random-fault-options";
import { kindsOf } from "./random-kinds";
import type { Kind } from "./random-kinds";

/** The schedule, in the order of time. Throws a RangeError that names the option that is wrong. */
export function randomFaults(options: RandomFaultOptions): ScheduledFault[] {
  checkNames("randomFaults", options, [...faultKinds, "seed", "names", "untilMs", "omitRate"]);
  const omitRate = inRange("omitRate", options.omitRate ?? 0, { min: 0, max: 1 });
  inRange("untilMs", options.untilMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (options.names.length === 0) throw new RangeError("names must name at least one machine");
  const busyUntil = new Map<string, number>();
  const omissions = new Random(options.seed, 1_000);
  const kinds = kindsOf(options);
  const faults = faultKinds.flatMap((name, i) => {
    const isOmitted = omissions.chance(omitRate);
    if (options[name] === undefined || isOmitted) return [];
    const random = new Random(options.seed, 1_001 + i);
    if (name === "corrupt") return corruptions(options, random);
    return strikes(kinds[name], options.untilMs, { name, random, busyUntil });
  });
  return faults.sort((left, right) => left.atMs - right.atMs);
}

function strikes(
  { episodes, draw }: Kind,
  untilMs: number,
  { name, random, busyUntil }: { name: string; random: Random; busyUntil: Map<string, number> },
): ScheduledFault[] {
  const { everyMs, minMs, maxMs } = episodes;
  inRange(`${name}.everyMs`, everyMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
  inRange(`${name}.minMs`, minMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
  inRange(`${name}.maxMs`, maxMs, { min: minMs, max: Number.MAX_SAFE_INTEGER });
  const faults: ScheduledFault[] = [];
  for (
    let atMs = random.exponential(everyMs);
    atMs < untilMs;
    atMs += random.exponential(everyMs)
  ) {
    const { holds, play } = draw(random);
    const endMs = Math.min(untilMs, atMs + random.between(minMs, maxMs));
    if ((busyUntil.get(holds) ?? 0) > atMs) continue;
    busyUntil.set(holds, endMs);
    faults.push(...play(whole(atMs), whole(endMs)));
  }
  return faults;
}

/** Whole milliseconds read better in a schedule; the end never comes before the beginning. */
function whole(ms: number): number {
  return Math.ceil(ms);
}

function corruptions(
  { corrupt: bad, names, untilMs }: RandomFaultOptions,
  random: Random,
): ScheduledFault[] {
  const some = bad?.names ?? names;
  const maxMachines = wholeInRange("corrupt.maxMachines", bad?.maxMachines ?? 0, {
    min: 0,
    max: some.length,
  });
  const struck = random.shuffle(some).slice(0, random.below(maxMachines + 1));
  return struck.map((name) => at(whole(random.between(0, untilMs)), corrupt([name])));
}

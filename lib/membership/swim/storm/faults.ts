/** The faults of a SWIM storm. */
import { Random } from "../../../basics";
import { at, crash, cut, drift, heal, networkRates, randomFaults, restart } from "../../../hosts";
import { resume, slow, slowDisk, unclog, unclogLinks } from "../../../hosts";
import type { Fault, ScheduledFault } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import { namesOf } from "./plan";
import type { SwimStormPlan } from "./plan";

/** In the order of time; all have ended, or are ended by `calm`, at `faultsMs`. */
export function faultsOf(plan: SwimStormPlan): ScheduledFault[] {
  const names = namesOf(plan);
  const faults =
    plan.weather === "badLinks"
      ? badLinks(plan, names)
      : [...randomFaults(plan.faults), ...lostDisks(plan, names)];
  return faults.sort((left, right) => left.atMs - right.atMs);
}

/** Everybody is healed, whatever it was. */
export function calm(names: readonly NodeId[]): Fault[] {
  return [
    ...[heal(), networkRates({}), unclog(names), unclogLinks(names, names)],
    ...[restart(names), resume(names), slow(names, 1), slowDisk(names), drift(names, 0)],
  ];
}

/** Disjoint pairs that never hear each other: everybody else hears both. */
function badLinks({ seed }: SwimStormPlan, names: readonly NodeId[]): ScheduledFault[] {
  const shuffled = new Random(seed, 91).shuffle(names);
  return Array.from({ length: Math.floor(names.length / 3) }, (_, i) => {
    const [one, other] = [[shuffled[2 * i] as NodeId], [shuffled[2 * i + 1] as NodeId]];
    return [at(0, cut(one, other)), at(0, cut(other, one))];
  }).flat();
}

/** A machine is replaced: the same name, and no memory (memberlist, issue 345). */
function lostDisks(plan: SwimStormPlan, names: readonly NodeId[]): ScheduledFault[] {
  const random = new Random(plan.seed, 92);
  return momentsOf(plan, random, plan.lostDiskEveryMs).flatMap((atMs) => {
    const name = [random.pick(names)];
    const backMs = Math.min(plan.faultsMs, atMs + Math.ceil(random.between(1, 4_000)));
    return [at(atMs, crash(name, "lost")), at(backMs, restart(name))];
  });
}

/** Whole milliseconds, `everyMs` apart in the mean; none for 0. */
export function momentsOf(plan: SwimStormPlan, random: Random, everyMs: number): number[] {
  const found: number[] = [];
  if (everyMs === 0) return found;
  let atMs = Math.ceil(random.exponential(everyMs));
  while (atMs < plan.faultsMs) {
    found.push(atMs);
    atMs += Math.ceil(random.exponential(everyMs));
  }
  return found;
}

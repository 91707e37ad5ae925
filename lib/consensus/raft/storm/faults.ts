/** The faults of a Raft storm: what the simulator can do, as often as the plan says. */
import { Random } from "../../../basics";
import { at, clog, clogLinks, corrupt, crash, drift, heal } from "../../../hosts";
import { jumpClock, majoritiesRing, networkRates, randomFaults, slowDisk } from "../../../hosts";
import { unclog, unclogLinks } from "../../../hosts";
import type { Fault, ScheduledFault } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import type { StormPlan } from "./plan";

/** In the order of time; all but drifts and torn, jumped or corrupt states end by `faultsMs`. */
export function faultsOf(plan: StormPlan, servers: readonly NodeId[]): ScheduledFault[] {
  const faults = [
    ...roughNetwork(plan),
    ...driftsOf(plan, servers),
    ...commonFaults(plan, servers),
    ...jumps(plan, servers),
    ...clogs(plan, servers),
    ...rings(plan, servers),
    ...slowDisks(plan, servers),
    ...corruptions(plan, servers),
  ];
  return faults.sort((left, right) => left.atMs - right.atMs);
}

/** What ends what is left of them, but for the states of machines. */
export function calm(servers: readonly NodeId[]): Fault[] {
  return [
    heal(),
    networkRates({}),
    unclog(servers),
    unclogLinks(servers, servers),
    slowDisk(servers),
  ];
}

function roughNetwork(plan: StormPlan): ScheduledFault[] {
  const { lossRate, duplicateRate, reorderRate, bytesPerSecond } = plan;
  const isNarrow = bytesPerSecond < Infinity;
  if (lossRate + duplicateRate + reorderRate === 0 && !isNarrow) return [];
  const rates = { lossRate, duplicateRate, reorderRate, reorderFactor: 20 };
  return [at(0, networkRates(isNarrow ? { ...rates, bytesPerSecond } : rates))];
}

/** Each clock at a rate of its own. */
function driftsOf({ driftRate, seed }: StormPlan, servers: readonly NodeId[]): ScheduledFault[] {
  if (driftRate === 0) return [];
  const random = new Random(seed, 500);
  return servers.map((id) => at(0, drift([id], Math.round(random.between(-1e6, 1e6) * driftRate))));
}

function commonFaults(plan: StormPlan, servers: readonly NodeId[]): ScheduledFault[] {
  const faults = randomFaults({
    seed: plan.seed,
    names: servers,
    untilMs: plan.faultsMs,
    ...(plan.isCrashing && { crash: plan.crashes }),
    ...(plan.isPausing && { pause: { everyMs: 500, minMs: 20, maxMs: 900 } }),
    ...(plan.isPartitioned && {
      partition: { everyMs: 400, minMs: 50, maxMs: plan.partitionMs },
    }),
  });
  return plan.diskMs === 0 ? faults : faults.map(torn);
}

/** With slow disks a crash may come in the middle of a write. */
function torn(scheduled: ScheduledFault): ScheduledFault {
  const { atMs, fault } = scheduled;
  return fault.kind === "crash" ? at(atMs, crash(fault.names, "torn")) : scheduled;
}

/** Clocks are set, forwards and back. */
function jumps(plan: StormPlan, servers: readonly NodeId[]): ScheduledFault[] {
  if (plan.maxJumpMs === 0) return [];
  const random = new Random(plan.seed, 501);
  return moments(plan, { random, everyMs: 500 }).map((atMs) =>
    at(atMs, jumpClock([random.pick(servers)], random.between(-plan.maxJumpMs, plan.maxJumpMs))),
  );
}

/** Messages are held, and then arrive all at once: to or from one server, or on one link. */
function clogs(plan: StormPlan, servers: readonly NodeId[]): ScheduledFault[] {
  if (!plan.isClogging) return [];
  const random = new Random(plan.seed, 502);
  return moments(plan, { random, everyMs: 500 }).flatMap((atMs) => {
    const endMs = Math.min(plan.faultsMs, atMs + random.between(5, 800));
    const [one, other] = random.shuffle(servers);
    if (random.chance(0.5)) {
      return [at(atMs, clogLinks([one], [other])), at(endMs, unclogLinks([one], [other]))];
    }
    const direction = random.pick(["in", "out", "both"] as const);
    return [at(atMs, clog([one], direction)), at(endMs, unclog([one]))];
  });
}

/** Nobody hears all, everybody hears a majority. */
function rings(plan: StormPlan, servers: readonly NodeId[]): ScheduledFault[] {
  if (!plan.isPartitioned || servers.length < 4) return [];
  const random = new Random(plan.seed, 503);
  return moments(plan, { random, everyMs: 2_000 }).flatMap((atMs) => {
    const endMs = Math.min(plan.faultsMs, atMs + random.between(50, plan.partitionMs));
    return [at(atMs, majoritiesRing(random.shuffle(servers))), at(endMs, heal())];
  });
}

/** Now and then a disk is twenty times as slow for a while. */
function slowDisks(plan: StormPlan, servers: readonly NodeId[]): ScheduledFault[] {
  if (plan.diskMs === 0) return [];
  const random = new Random(plan.seed, 504);
  return moments(plan, { random, everyMs: 1_500 }).flatMap((atMs) => {
    const endMs = Math.min(plan.faultsMs, atMs + random.between(50, 800));
    const name = [random.pick(servers)];
    const writeMs = { kind: "exponential", minMs: plan.diskMs, tailMs: 20 * plan.diskMs } as const;
    return [at(atMs, slowDisk(name, writeMs)), at(endMs, slowDisk(name))];
  });
}

/** One server's disk is spoilt: after its next crash it never comes back. */
function corruptions(plan: StormPlan, servers: readonly NodeId[]): ScheduledFault[] {
  // Where voters change, one that is lost for ever may be the only one.
  if (!plan.isCorrupting || plan.changesMembership) return [];
  const random = new Random(plan.seed, 505);
  const atMs = Math.ceil(random.between(0, plan.faultsMs));
  return [at(atMs, corrupt([random.pick(servers)]))];
}

/** Whole milliseconds, on average `everyMs` apart, until the faults end. */
function moments(
  { faultsMs }: StormPlan,
  { random, everyMs }: { random: Random; everyMs: number },
): number[] {
  const found: number[] = [];
  let atMs = Math.ceil(random.exponential(everyMs));
  while (atMs < faultsMs) {
    found.push(atMs);
    atMs += Math.ceil(random.exponential(everyMs));
  }
  return found;
}

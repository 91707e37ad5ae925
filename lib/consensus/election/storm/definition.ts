/** The storm over elections: every seed draws an algorithm and its weather, or plants a bug. */
import { Random } from "../../../basics";
import { at, crash, describeGroupAction, groupActions, momentsOf, partition } from "../../../hosts";
import { randomFaults, restart, runGroupStorm, swarm, tellVariants } from "../../../hosts";
import type { GroupAction, GroupStorm, ScheduledFault, StormDefinition } from "../../../hosts";
import type { Message, NodeId, Protocol } from "../../../protocol";
import { Bully } from "../bully";
import { ChangRoberts } from "../chang-roberts";
import { compareNames } from "../epoch";
import { HirschbergSinclair } from "../hirschberg-sinclair";
import { Invitation } from "../invitation";
import { Lcr } from "../lcr";
import { ElectionJudge } from "./judge";
import type { Elector } from "./judge";
import { planOf } from "./plan";
import type { ElectionStormPlan } from "./plan";
import { electionVariants } from "./variants";

const protocols: Readonly<Record<ElectionStormPlan["algorithm"], unknown>> = {
  bully: Bully,
  invitation: Invitation,
  changRoberts: ChangRoberts,
  lcr: Lcr,
  hirschbergSinclair: HirschbergSinclair,
};

export const storm: StormDefinition<GroupAction> = {
  name: "election",
  modulePath: __filename,
  ...tellVariants(electionVariants),
  sometimes: ["becameLeader", "follows", "steppedDown", "stood"],
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = electionVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    const actions = actionsOf(plan);
    const protocol = planted?.elector ?? protocols[plan.algorithm];
    return {
      plan,
      run: (options) => runGroupStorm(stormOf(plan, { actions, protocol }), options),
    };
  },
};

type Runs = GroupStorm<Elector & { handle(): void }, Message, string>;

function stormOf(
  { seed, algorithm, nodes, faultsMs, parts, ring }: ElectionStormPlan,
  { actions, protocol }: { actions: readonly GroupAction[]; protocol: unknown },
): Runs {
  const isOnce = algorithm === "lcr" || algorithm === "hirschbergSinclair";
  return {
    ...{ seed, actions, faultsMs: faultsMs + 2_000 },
    names: namesOf(nodes),
    options: isOnce || algorithm === "changRoberts" ? { ring } : {},
    network: { latency: { kind: "uniform", minMs: 1, maxMs: 10 } },
    // All are healed, or cut into their parts, by the last of the actions.
    ...{ coreSize: "asItIs", boundMs: 20_000, steadyMs: 2_000 },
    protocol: protocol as Protocol<Message, string, never>,
    judge: new ElectionJudge(parts, isOnce),
  };
}

function namesOf(nodes: number): NodeId[] {
  return Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
}

function actionsOf(plan: ElectionStormPlan): GroupAction[] {
  if (plan.algorithm === "lcr" || plan.algorithm === "hirschbergSinclair") return [];
  if (plan.algorithm === "changRoberts") return ringActions(plan);
  const { seed, nodes, faultsMs, parts } = plan;
  // Clocks are right, and every save is durable at once.
  const except = ["corrupt", "slowDisk", "drift", "jumpClock"] as const;
  const names = namesOf(nodes);
  const faults = randomFaults(swarm({ seed, names, untilMs: faultsMs, quietMs: 0, except }));
  const last = parts.length > 1 ? [at(faultsMs, partition(...parts))] : [];
  return groupActions([...faults, ...last, ...lastCrashes(plan)], []);
}

/** For good: the highest of a part, and the next one while it is about to take over. */
function lastCrashes({ seed, faultsMs, parts }: ElectionStormPlan): ScheduledFault[] {
  const random = new Random(seed, 132);
  const victims = parts.flatMap((part) =>
    part.length > 2 && random.chance(0.6) ? [[...part].sort(compareNames).slice(-2)] : [],
  );
  return victims.flatMap(([next, highest]) => [
    at(faultsMs + 1_000, crash([highest as NodeId])),
    at(faultsMs + 1_250 + random.below(200), crash([next as NodeId])),
  ]);
}

/**
 * One crashes or comes back at a time; then each living one is told the ring, but not at once, and
 * never an older ring after a newer one.
 */
function ringActions(plan: ElectionStormPlan): GroupAction[] {
  const { seed, nodes, faultsMs, faultEveryMs, ring } = plan;
  const random = new Random(seed, 131);
  const down = new Set<NodeId>();
  const faults: ScheduledFault[] = [];
  const told: GroupAction[] = [];
  const lastMs = new Map<NodeId, number>();
  for (const atMs of momentsOf(random, faultEveryMs, faultsMs - 200)) {
    const name = random.pick(namesOf(nodes));
    const isBack = down.delete(name);
    if (!isBack && down.size >= nodes - 2) continue;
    if (!isBack) down.add(name);
    faults.push(at(atMs, isBack ? restart([name]) : crash([name])));
    const living = ring.filter((id) => !down.has(id));
    for (const to of living) {
      const message = { type: "ring", ring: living } as Message;
      const toldMs = Math.max(atMs + 50 + random.below(100), (lastMs.get(to) ?? 0) + 1);
      lastMs.set(to, toldMs);
      told.push({ kind: "tell", atMs: toldMs, to, message });
    }
  }
  return groupActions(faults, told);
}

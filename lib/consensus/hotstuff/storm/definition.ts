/** The storm over HotStuff: every seed draws who lies, how, and the weather; or plants a bug. */
import { describeGroupAction, groupActions, randomFaults, runGroupStorm } from "../../../hosts";
import { swarm, tellVariants } from "../../../hosts";
import type { GroupAction, GroupStorm, StormDefinition, StormRunOptions } from "../../../hosts";
import type { StormVerdict } from "../../../hosts";
import type { Message, Protocol } from "../../../protocol";
import { HotStuff } from "../hotstuff";
import type { HotStuffTimer } from "../messages";
import { HotStuffJudge } from "./judge";
import { memberClass } from "./member";
import type { Member, ReplicaClass } from "./member";
import { planOf } from "./plan";
import type { HotStuffStormPlan } from "./plan";
import { hotStuffVariants } from "./variants";

export const storm: StormDefinition<GroupAction> = {
  name: "hotstuff",
  modulePath: __filename,
  ...tellVariants(hotStuffVariants),
  sometimes: [
    ...["decided", "locked", "timedOut", "fetched", "snapshot", "caughtUp"],
    ...["equivocation", "noVote", "refused", "ok"],
  ],
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = hotStuffVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    return { plan, run: (options) => runStorm(plan, planted?.replica, options) };
  },
};

/** One storm; `replica` in the place of every correct one. */
export function runStorm(
  plan: HotStuffStormPlan,
  replica: ReplicaClass = HotStuff,
  options: StormRunOptions<GroupAction> = {},
): StormVerdict<GroupAction> {
  return runGroupStorm(stormOf(plan, replica), options);
}

type Runs = GroupStorm<Member & { handle(): void }, Message, HotStuffTimer>;

function stormOf(plan: HotStuffStormPlan, replica: ReplicaClass): Runs {
  const { seed, replicas, clients, faultsMs } = plan;
  const ids = Array.from({ length: replicas }, (_, i) => `n${i + 1}`);
  const asking = Array.from({ length: clients }, (_, i) => `c${i + 1}`);
  // Torn disks lose what was saved, which f + 1 replicas at once may not.
  const weather = swarm({ seed, names: ids, untilMs: faultsMs, quietMs: 0 });
  const kept = weather.crash && { crash: { ...weather.crash, disk: "kept" as const } };
  return {
    ...{ seed, faultsMs, actions: groupActions(randomFaults({ ...weather, ...kept }), []) },
    names: [...ids, ...asking],
    peersOf: (id) => ids.filter((other) => other !== id),
    options: {},
    network: { latency: { kind: "uniform", minMs: 1, maxMs: 10 } },
    ...{ coreSize: replicas + clients, boundMs: 120_000, steadyMs: 500 },
    protocol: memberClass(plan, replica) as unknown as Protocol<Message, HotStuffTimer, never>,
    judge: new HotStuffJudge(plan),
  };
}

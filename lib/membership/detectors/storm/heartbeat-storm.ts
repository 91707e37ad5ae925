/** The storm over heartbeat monitors, or over some with a planted bug. */
import { Random } from "../../../basics";
import { describeGroupAction, groupActions, randomFaults, runGroupStorm } from "../../../hosts";
import { swarm, tellVariants } from "../../../hosts";
import type { GroupAction, StormDefinition } from "../../../hosts";
import { HeartbeatMonitor } from "../heartbeat-monitor";
import type { HeartbeatMessage } from "../heartbeat-monitor";
import { HeartbeatJudge, timeoutMs } from "./heartbeat-judge";
import type { HeartbeatStormPlan } from "./plan";
import { heartbeatVariants } from "./variants";

const names = ["n1", "n2", "n3", "n4", "n5"];

export const storm: StormDefinition<GroupAction<HeartbeatMessage>> = {
  name: "heartbeats",
  modulePath: __filename,
  ...tellVariants(heartbeatVariants),
  sometimes: ["suspected", "trusted"],
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = heartbeatVariants.find(({ id }) => id === variant);
    const random = new Random(seed, 112);
    // Sometimes a monitor is away before it has ever been heard.
    const faultsMs = random.chance(0.2) ? 20 : 6_000;
    const drawn = { seed, coreSize: 2 + random.below(names.length - 1), faultsMs };
    const plan: HeartbeatStormPlan = { ...drawn, ...planted?.plan };
    return {
      plan,
      run: (given) =>
        runGroupStorm(
          {
            ...{ names, ...plan, actions: actionsOf(plan), boundMs: 10_000, steadyMs: 2_000 },
            options: { heartbeatMs: 100, timeoutMs, thresholds: [8] },
            protocol: planted?.monitor ?? HeartbeatMonitor,
            judge: new HeartbeatJudge(),
          },
          given,
        ),
    };
  },
};

/** Clocks are right: a silence is judged by the monitor's own. */
function actionsOf({ seed, faultsMs }: HeartbeatStormPlan): GroupAction<HeartbeatMessage>[] {
  const except = ["corrupt", "drift", "jumpClock"] as const;
  const faults = swarm({ seed, names, untilMs: faultsMs, quietMs: 0, except });
  return groupActions(randomFaults(faults), []);
}

/** The storm over Plumtree, or over one with a planted bug. */
import { describeGroupAction, runGroupStorm, tellVariants } from "../../../hosts";
import type { GroupAction, StormDefinition } from "../../../hosts";
import type { PlumtreeMessage } from "../messages";
import { overlayOf } from "../overlay";
import { Plumtree } from "../plumtree";
import { BroadcastJudge } from "./broadcast-judge";
import { actionsOf, faultsMs, names, network, options, planOf } from "./plan";
import { plumtreeVariants } from "./variants";

export const storm: StormDefinition<GroupAction<PlumtreeMessage>> = {
  name: "plumtree",
  modulePath: __filename,
  ...tellVariants(plumtreeVariants),
  sometimes: ["heard", "grafted"],
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = plumtreeVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    const overlay = overlayOf(names, { seed, degree: 8 });
    const actions = actionsOf(plan);
    return {
      plan,
      run: (given) =>
        runGroupStorm(
          {
            ...{ seed, names, network, options, actions, faultsMs, coreSize: "asItIs" },
            ...{ boundMs: 10_000, steadyMs: 500 },
            peersOf: (id) => overlay.get(id) ?? [],
            protocol: planted?.broadcaster ?? Plumtree,
            judge: new BroadcastJudge(overlay),
          },
          given,
        ),
    };
  },
};

/** The balancing storm, for the command and for notebooks: the balancer, or with a planted bug. */
import { tellVariants } from "../../../hosts";
import type { StormDefinition } from "../../../hosts";
import { planOf } from "./plan";
import type { BalancingAction } from "./plan";
import { describeAction, runStorm } from "./run";
import { balancingVariants } from "./variants";

export const storm: StormDefinition<BalancingAction> = {
  name: "balancing",
  modulePath: __filename,
  ...tellVariants(balancingVariants),
  sometimes: [
    ...["ok", "fail", "info", "unanswered", "retry", "budgetExhausted", "full"],
    ...["up", "down", "ejected", "returned", "circuit", "panic", "calm"],
    ...["draining", "drained", "kept", "added"],
  ],
  describe: describeAction,
  build(seed, variant) {
    const planted = balancingVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    return { plan, run: (options) => runStorm(plan, planted?.balancer, options) };
  },
};

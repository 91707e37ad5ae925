/** The storm over registers, for the command and for notebooks: CASPaxos, or with a planted bug. */
import { tellVariants } from "../../../hosts";
import type { ScheduledFault, StormDefinition } from "../../../hosts";
import { CasRegister } from "../cas-register";
import { planOf } from "./plan";
import { describeAction, runStorm } from "./run";
import { casVariants } from "./variants";

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = ["ok", "fail", "info", "refused", "gaveUp", "ended"];

export const storm: StormDefinition<ScheduledFault> = {
  name: "cas-register",
  modulePath: __filename,
  ...tellVariants(casVariants),
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const planted = casVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    return { plan, run: (options) => runStorm(plan, planted?.server ?? CasRegister, options) };
  },
};

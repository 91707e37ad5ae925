/** The PBFT storm, for the command and for notebooks: PBFT itself, or with a planted bug. */
import { tellVariants } from "../../../hosts";
import type { StormDefinition } from "../../../hosts";
import { planOf } from "./plan";
import { describeAction, runStorm } from "./run";
import type { PbftStormAction } from "./run";
import { pbftVariants } from "./variants";

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = [
  ...["executed", "stable", "evidence", "dropped", "ok", "viewChange", "newView"],
  ...["stateTransfer", "stateTransferred"],
];

export const storm: StormDefinition<PbftStormAction> = {
  name: "pbft",
  modulePath: __filename,
  ...tellVariants(pbftVariants),
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const planted = pbftVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    return { plan, run: (options) => runStorm(plan, planted?.parts, options) };
  },
};

/** The SWIM storm, for the command and for notebooks: SWIM itself, or one with a planted bug. */
import { tellVariants } from "../../../hosts";
import type { StormDefinition } from "../../../hosts";
import { Swim } from "../swim";
import { describeAction } from "./actions";
import type { SwimStormAction } from "./actions";
import { planOf } from "./plan";
import { runSwimStorm } from "./run";
import { swimVariants } from "./variants";

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = [
  ...["suspected", "declaredDead", "died", "joined", "alive", "refuted"],
  ...["leaving", "left", "gone"],
];

export const storm: StormDefinition<SwimStormAction> = {
  name: "swim",
  modulePath: __filename,
  ...tellVariants(swimVariants),
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const planted = swimVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    const member = planted?.member ?? Swim;
    return {
      plan,
      run(options) {
        const result = runSwimStorm(plan, member, options);
        const { violation, actions, nowMs, events, counts, trace } = result;
        const where = violation?.member ? `at ${violation.member}: ` : "";
        const failure = violation && {
          property: violation.property,
          detail: where + violation.detail,
        };
        return { failure, actions, nowMs, events, counts, trace };
      },
    };
  },
};

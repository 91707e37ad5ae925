/** The lock storm, for the command and for notebooks: the service itself, or with a planted bug. */
import type { StormDefinition } from "../../hosts";
import { planOf } from "./plan";
import { describeAction, runStorm } from "./run";
import type { LockStormAction } from "./run";
import { lockVariants } from "./variants";

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = [
  ...["ok", "fail", "info", "opened", "lost", "denied", "refused", "steady", "wrote", "ended"],
  ...["becameLeader", "steppedDown", "snapshotTaken", "snapshotInstalled"],
];

export const storm: StormDefinition<LockStormAction> = {
  name: "locks",
  modulePath: __filename,
  variants: lockVariants.map(({ id }) => id),
  about: (variant) => lockVariants.find(({ id }) => id === variant)?.source ?? "",
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const planted = lockVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    return { plan, run: (options) => runStorm(plan, planted?.parts, options) };
  },
};

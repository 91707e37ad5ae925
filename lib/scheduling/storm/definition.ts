/** The scheduler's storm, for the command and for notebooks: sound, or with a planted bug. */
import type { StormDefinition } from "../../hosts";
import { planOf } from "./plan";
import { describeAction, runStorm } from "./run";
import type { SchedulerStormAction } from "./run";
import { schedulerVariants } from "./variants";

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = [
  ...["ok", "fail", "begin", "finish", "failed", "stale", "stopped", "effect", "known", "late"],
  ...[
    "ended",
    "over",
    "started",
    "refused",
    "commanded",
    "drained",
    "snapshotTaken",
    "snapshotInstalled",
  ],
  ...["becameLeader", "steppedDown"],
];

export const storm: StormDefinition<SchedulerStormAction> = {
  name: "scheduling",
  modulePath: __filename,
  variants: schedulerVariants.map(({ id }) => id),
  about: (variant) => schedulerVariants.find(({ id }) => id === variant)?.section ?? "",
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const bug = schedulerVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, bug?.plan);
    return { plan, run: (options) => runStorm(plan, bug?.parts, options) };
  },
};

/** The cache storm, for the command and for notebooks: the cache itself, or with a planted bug. */
import type { ScheduledFault, StormDefinition } from "../../../hosts";
import { planOf } from "./plan";
import { describeAction, runStorm } from "./run";
import { cacheVariants } from "./variants";

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = [
  ...["ok", "fail", "info", "hit", "miss", "stale", "wait", "coalesced", "refusedSet", "deleted"],
  ...["evicted", "hotKey", "leaseExpired", "rejoined", "suspect", "notInvalidated", "repeated"],
  ...["dirty", "flushed", "lostDirty", "staleRead", "invalidated"],
];

export const storm: StormDefinition<ScheduledFault> = {
  name: "cache",
  modulePath: __filename,
  variants: cacheVariants.map(({ id }) => id),
  about: (variant) => {
    const section = cacheVariants.find(({ id }) => id === variant)?.section ?? "";
    return section === "ours" ? section : `section ${section}`;
  },
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const planted = cacheVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    return { plan, run: (options) => runStorm(plan, planted?.classes, options) };
  },
};

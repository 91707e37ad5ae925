/** The storm over locks of three groups of servers, for the command and for tests. */
import type { StormDefinition } from "../../../hosts";
import { sometimes } from "../../storm/definition";
import { allKinds, planOf } from "../../storm/plan";
import { describeAction, runStorm } from "../../storm/run";
import type { LockStormAction } from "../../storm/run";
import { shardedVariants } from "./variants";

/** Three groups of three servers, each of which has one of the locks. */
const locks = ["kitchen", "table", "partner"];
const kinds = [...allKinds, "batch", "impatient", "impatient"] as const;
const grouped = { groups: 3, servers: 3, errandsEach: 8, locks, kinds } as const;

export const storm: StormDefinition<LockStormAction> = {
  name: "sharded-locks",
  modulePath: __filename,
  variants: shardedVariants.map(({ id }) => id),
  about: (variant) => shardedVariants.find(({ id }) => id === variant)?.source ?? "",
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const planted = shardedVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, { ...grouped, ...planted?.plan });
    return { plan, run: (options) => runStorm(plan, planted?.parts, options) };
  },
};

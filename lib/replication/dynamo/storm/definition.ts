/** The Dynamo storm, for the command and for notebooks: the store itself, or with a planted bug. */
import { tellVariants } from "../../../hosts";
import type { StormDefinition } from "../../../hosts";
import { Dynamo } from "../dynamo";
import { planOf } from "./plan";
import { describeAction, runStorm } from "./run";
import type { DynamoStormAction } from "./run";
import { dynamoVariants } from "./variants";

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = [
  "ok",
  "info",
  "hinted",
  "handedOff",
  "readRepair",
  "staleRead",
  "staleRing",
  "streamed",
  "synced",
  "dropped",
  "forgotten",
  "yielded",
  "join",
  "leave",
  "replace",
];

export const storm: StormDefinition<DynamoStormAction> = {
  name: "dynamo",
  modulePath: __filename,
  ...tellVariants(dynamoVariants),
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const planted = dynamoVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    return { plan, run: (options) => runStorm(plan, planted?.server ?? Dynamo, options) };
  },
};

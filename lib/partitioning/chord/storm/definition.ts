/** The storm over Chord, or over one with a planted bug. */
import { describeGroupAction, runGroupStorm, tellVariants } from "../../../hosts";
import type { GroupAction, StormDefinition } from "../../../hosts";
import { Chord } from "../chord";
import type { ChordMessage } from "../messages";
import { RingJudge } from "./judge";
import { actionsOf, faultsEndMs, namesOf, planOf } from "./plan";
import { chordVariants } from "./variants";

export const storm: StormDefinition<GroupAction<ChordMessage>> = {
  name: "chord",
  modulePath: __filename,
  ...tellVariants(chordVariants),
  sometimes: ["joined", "dropped", "gone", "found", "kept", "read", "differs", "rehomed"],
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = chordVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    const names = namesOf(plan);
    const founders = names.slice(0, plan.founders);
    return {
      plan,
      run: (given) =>
        runGroupStorm(
          {
            ...{ seed, names, actions: actionsOf(plan), faultsMs: faultsEndMs(plan) },
            ...{ options: { ...plan.options, founders }, coreSize: "asItIs" },
            ...{ boundMs: 10_000, steadyMs: 1_000 },
            peersOf: () => [],
            network: { latency: { kind: "uniform", minMs: 1, maxMs: 5 } },
            protocol: planted?.node ?? Chord,
            judge: new RingJudge(plan.weather),
          },
          given,
        ),
    };
  },
};

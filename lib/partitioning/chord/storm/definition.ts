/** The storm over Chord, or over one with a planted bug. */
import { describeGroupAction, runGroupStorm, tellVariants } from "../../../hosts";
import type { GroupAction, StormDefinition, StormRunOptions } from "../../../hosts";
import type { StormVerdict } from "../../../hosts";
import { Chord } from "../chord";
import type { ChordMessage } from "../messages";
import { RingJudge } from "./judge";
import { actionsOf, faultsEndMs, namesOf, planOf } from "./plan";
import type { ChordStormPlan } from "./plan";
import { chordVariants } from "./variants";

type Action = GroupAction<ChordMessage>;

export const storm: StormDefinition<Action> = {
  name: "chord",
  modulePath: __filename,
  ...tellVariants(chordVariants),
  sometimes: ["joined", "dropped", "gone", "found", "kept", "read", "differs", "rehomed"],
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = chordVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    return { plan, run: (given) => runChordStorm(plan, planted?.node ?? Chord, given) };
  },
};

/** Ends at the first failure. */
export function runChordStorm(
  plan: ChordStormPlan,
  node: typeof Chord,
  given?: StormRunOptions<Action>,
): StormVerdict<Action> {
  const { seed, weather } = plan;
  const names = namesOf(plan);
  const options = { ...plan.options, founders: names.slice(0, plan.founders) };
  return runGroupStorm(
    {
      ...{ seed, names, options, actions: actionsOf(plan), faultsMs: faultsEndMs(plan) },
      ...{ coreSize: "asItIs", boundMs: 10_000, steadyMs: 1_000 },
      peersOf: () => [],
      network: { latency: { kind: "uniform", minMs: 1, maxMs: 5 } },
      protocol: node,
      judge: new RingJudge(weather),
    },
    given,
  );
}

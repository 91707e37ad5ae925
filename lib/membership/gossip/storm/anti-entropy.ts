/** The storm over anti-entropy, or over one with a planted bug. */
import { Random } from "../../../basics";
import { describeGroupAction, groupActions, momentsOf, randomFaults } from "../../../hosts";
import { runGroupStorm, swarm, tellVariants } from "../../../hosts";
import type { GroupAction, StormDefinition } from "../../../hosts";
import { AntiEntropy } from "../anti-entropy";
import type { AntiEntropyMessage } from "../anti-entropy";
import { AntiEntropyJudge } from "./anti-entropy-judge";
import { antiEntropyVariants } from "./anti-entropy-variants";
import { antiEntropyPlan, replicas as names } from "./plans";

const faultsMs = 6_000;

export const storm: StormDefinition<GroupAction<AntiEntropyMessage>> = {
  name: "anti-entropy",
  modulePath: __filename,
  ...tellVariants(antiEntropyVariants),
  sometimes: ["learned"],
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = antiEntropyVariants.find(({ id }) => id === variant);
    const plan = antiEntropyPlan(seed, planted?.plan);
    const { options, coreSize } = plan;
    const actions = actionsOf(seed);
    return {
      plan,
      run: (given) =>
        runGroupStorm(
          {
            ...{ seed, names, actions, faultsMs, options, coreSize },
            ...{ boundMs: 30_000, steadyMs: 1_000 },
            protocol: planted?.replica ?? AntiEntropy,
            judge: new AntiEntropyJudge(),
          },
          given,
        ),
    };
  },
};

/** Of few keys, so that writes meet; one in five deletes. */
function actionsOf(seed: number): GroupAction<AntiEntropyMessage>[] {
  const random = new Random(seed, 98);
  // Every save is durable at once: a disk that is slow may forget the last of them in a crash.
  const except = ["corrupt", "slowDisk"] as const;
  const faults = randomFaults(swarm({ seed, names, untilMs: faultsMs, quietMs: 0, except }));
  const writes = momentsOf(random, 60, faultsMs).map((atMs, i) => {
    const value = random.chance(0.2) ? null : `v${i}`;
    const message = { type: "write", key: `k${random.below(4)}`, value } as const;
    return { kind: "tell", atMs, to: random.pick(names), message } as const;
  });
  return groupActions(faults, writes);
}

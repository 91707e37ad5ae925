/** The storm over rumour mongering, or over one with a planted bug. */
import { Random } from "../../../basics";
import { describeGroupAction, groupActions, momentsOf, randomFaults } from "../../../hosts";
import { runGroupStorm, swarm, tellVariants } from "../../../hosts";
import type { GroupAction, StormDefinition } from "../../../hosts";
import type { RumourMessage } from "../messages";
import { RumourMonger } from "../rumour-monger";
import { rumourPlan } from "./plans";
import { RumourJudge } from "./rumour-judge";
import { rumourVariants } from "./rumour-variants";

const faultsMs = 6_000;

export const storm: StormDefinition<GroupAction<RumourMessage>> = {
  name: "rumours",
  modulePath: __filename,
  ...tellVariants(rumourVariants),
  sometimes: ["heard", "lostInterest"],
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = rumourVariants.find(({ id }) => id === variant);
    const plan = rumourPlan(seed, planted?.plan);
    const isCalm = plan.weather === "calm";
    const names = Array.from({ length: isCalm ? 100 : 6 }, (_, i) => `n${i + 1}`);
    const actions = isCalm ? [tellOf(1_000, "n1", "news")] : wildActions(seed, names);
    return {
      plan,
      run: (options) =>
        runGroupStorm(
          {
            ...{ seed, names, actions, faultsMs, options: plan.options },
            ...{ boundMs: 60_000, steadyMs: 1_000, coreSize: isCalm ? "asItIs" : names.length },
            protocol: planted?.site ?? RumourMonger,
            judge: new RumourJudge(plan),
          },
          options,
        ),
    };
  },
};

function tellOf(atMs: number, to: string, id: string): GroupAction<RumourMessage> {
  return { kind: "tell", atMs, to, message: { type: "tell", rumour: { id, content: `of ${id}` } } };
}

function wildActions(seed: number, names: readonly string[]): GroupAction<RumourMessage>[] {
  const random = new Random(seed, 96);
  // Every save is durable at once: a disk that is slow may forget the last of them in a crash.
  const except = ["corrupt", "slowDisk"] as const;
  const faults = randomFaults(swarm({ seed, names, untilMs: faultsMs, quietMs: 0, except }));
  const told = momentsOf(random, 400, faultsMs).map((atMs, i) =>
    tellOf(atMs, random.pick(names), `r${i}`),
  );
  return groupActions(faults, told);
}

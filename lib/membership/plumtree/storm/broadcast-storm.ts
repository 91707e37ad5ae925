/** The storm over Plumtree, or over one with a planted bug. */
import { Random } from "../../../basics";
import { at, crash, describeGroupAction, groupActions, runGroupStorm } from "../../../hosts";
import { tellVariants } from "../../../hosts";
import type { GroupAction, StormDefinition } from "../../../hosts";
import type { PlumtreeMessage } from "../messages";
import { overlayOf } from "../overlay";
import { Plumtree } from "../plumtree";
import { BroadcastJudge } from "./broadcast-judge";
import type { PlumtreeStormPlan } from "./plan";
import { plumtreeVariants } from "./variants";

/** Longer than the slowest way down a tree of so many. */
const graftTimeoutMs = 600;
const faultsMs = 14_000;
const names = Array.from({ length: 24 }, (_, i) => `n${i + 1}`);

export const storm: StormDefinition<GroupAction<PlumtreeMessage>> = {
  name: "plumtree",
  modulePath: __filename,
  ...tellVariants(plumtreeVariants),
  sometimes: ["heard", "grafted"],
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = plumtreeVariants.find(({ id }) => id === variant);
    const weather = new Random(seed, 110).pick(["calm", "crashes", "crashes"] as const);
    const plan = { seed, weather, ...planted?.plan };
    const overlay = overlayOf(names, { seed, degree: 8 });
    const actions = actionsOf(plan);
    return {
      plan,
      run: (given) =>
        runGroupStorm(
          {
            ...{ seed, names, actions, faultsMs, options: { graftTimeoutMs }, coreSize: "asItIs" },
            ...{ boundMs: 10_000, steadyMs: 500 },
            peersOf: (id) => overlay.get(id) ?? [],
            network: { latency: { kind: "uniform", minMs: 5, maxMs: 40 } },
            protocol: planted?.broadcaster ?? Plumtree,
            judge: new BroadcastJudge(overlay, plan.weather),
          },
          given,
        ),
    };
  },
};

/** At last messages one after the other: by then the tree has to be a tree again. */
function actionsOf({ seed, weather }: PlumtreeStormPlan): GroupAction<PlumtreeMessage>[] {
  const random = new Random(seed, 111);
  const crowd =
    weather === "calm" ? [] : Array.from({ length: 10 }, () => random.between(0, 3_000));
  const quiet = Array.from({ length: 7 }, (_, i) => 4_000 + 1_500 * i);
  const told = [...crowd.sort((left, right) => left - right), ...quiet].map((ms, i) => {
    const message = { type: "tell", rumour: { id: `m${i}`, content: i } } as const;
    return { kind: "tell", atMs: Math.ceil(ms), to: random.pick(names), message } as const;
  });
  // In the middle of a broadcast: what is lost with them has to be asked for.
  const victims = random.shuffle(names).slice(0, weather === "calm" ? 0 : 6);
  const faults = victims.map((victim, i) => {
    const { atMs } = told[i] as { atMs: number };
    return at(atMs + Math.ceil(random.between(1, 120)), crash([victim]));
  });
  return groupActions(faults, told);
}

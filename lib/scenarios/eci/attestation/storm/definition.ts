/** The storm over the attestation of totals, or over one with a planted bug. */
import { Random } from "../../../../basics";
import { describeGroupAction, groupActions, randomFaults } from "../../../../hosts";
import { runGroupStorm, tellVariants } from "../../../../hosts";
import type { GroupAction, StormDefinition } from "../../../../hosts";
import type { NodeId } from "../../../../protocol";
import { CountingCentre } from "../counting-centre";
import { lying } from "../lying-centre";
import type { AttestationMessage, SealedTotal } from "../messages";
import { AttestationJudge } from "./judge";
import { centreNames, planOf, totalsOf } from "./plan";
import type { AttestationStormPlan, StormTotals } from "./plan";
import { attestationVariants } from "./variants";

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = [
  ...["attested", "stands", "named", "forged", "slander", "badCertificate", "malformed"],
];

export const storm: StormDefinition<GroupAction<AttestationMessage>> = {
  name: "attestation",
  modulePath: __filename,
  ...tellVariants(attestationVariants),
  sometimes,
  describe: describeGroupAction,
  build(seed, variant) {
    const planted = attestationVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    const totals = totalsOf(plan);
    const names = centreNames(plan.centres);
    return {
      plan,
      run: (options) =>
        runGroupStorm(
          {
            ...{ seed, names, faultsMs: plan.faultsMs, actions: actionsOf(plan, totals, names) },
            ...{ boundMs: 20_000, steadyMs: 500, coreSize: coreOf(plan) },
            network: { latency: { kind: "uniform", minMs: 1, maxMs: plan.maxLatencyMs } },
            options: totals.options,
            protocol: lying(planted?.centre ?? CountingCentre),
            judge: new AttestationJudge(plan, totals),
          },
          options,
        ),
    };
  },
};

/** Where nobody lies, f centres stay away for good in every second seed: the rest has to do. */
function coreOf({ seed, lies, centres }: AttestationStormPlan): number {
  const isWhole = Object.keys(lies).length > 0 || seed % 2 === 0;
  return isWhole ? centres : centres - Math.floor((centres - 1) / 3);
}

/** Each total comes to some centres, at some times, once or more often. */
function actionsOf(
  plan: AttestationStormPlan,
  totals: StormTotals,
  names: readonly NodeId[],
): GroupAction<AttestationMessage>[] {
  const random = new Random(plan.seed, 142);
  const told = [...totals.true, ...totals.stolen].flatMap((sealed) =>
    names.filter(() => random.chance(0.6)).map((to) => tell(sealed, to, random, plan.faultsMs)),
  );
  return groupActions(randomFaults(plan.faults), told);
}

function tell(
  sealed: SealedTotal,
  to: NodeId,
  random: Random,
  untilMs: number,
): GroupAction<AttestationMessage> {
  const atMs = 1 + random.below(untilMs - 1);
  return { kind: "tell", atMs, to, message: { type: "report", sealed } };
}

/** Planted bugs: SWIM with one rule broken each. Storms that do not find them are worth nothing. */
import { withIds } from "../../../hosts";
import type { RandomFaultOptions, Variant } from "../../../hosts";
import { swimRules } from "../rules";
import type { SwimRules } from "../rules";
import { Swim } from "../swim";
import { paperOrder, rejoinOrder } from "../updates";
import type { SwimStormPlan } from "./plan";
import type { SwimClass } from "./run";

export interface SwimVariant extends Variant<SwimStormPlan> {
  readonly member: SwimClass;
}

/** SWIM with some rules replaced. */
export function swimWith(broken: Partial<SwimRules>): SwimClass {
  return class extends Swim {
    override get rules(): SwimRules {
      return { ...swimRules, ...broken };
    }
  };
}

/** Only these faults; the seed and the names are the plan's. */
function only(kinds: Partial<RandomFaultOptions>): RandomFaultOptions {
  return { seed: 0, names: [], untilMs: 10_000, ...kinds };
}

const crash = { everyMs: 700, minMs: 1, maxMs: 4_000 } as const;
const wild = { weather: "wild" } as const;

export const swimVariants = withIds<SwimVariant>([
  {
    name: "the incarnation forgotten on restart",
    section: "4.2",
    member: swimWith({ incarnationAtStart: () => 0 }),
    plan: { ...wild, faults: only({ crash }) },
  },
  {
    name: "the dead are not told that they are",
    section: "memberlist 345",
    member: swimWith({ tellsTheDead: false }),
    plan: { ...wild, lostDiskEveryMs: 2_000, faults: only({}) },
  },
  {
    name: "suspected before the indirect probes have ended",
    section: "3.1",
    member: swimWith({ waitsForIndirectProbes: false }),
    plan: { weather: "badLinks" },
  },
  {
    name: "one pass over the members and no other",
    section: "4.3",
    member: swimWith({ probesInPasses: false }),
    plan: { ...wild, joinsMs: [], faults: only({ pause: crash }) },
  },
  {
    name: "dead at once without suspicion",
    section: "4.2",
    member: swimWith({ suspectsFirst: false }),
    plan: { weather: "crashes", faults: only({ crash }) },
  },
  {
    name: "a death that nothing undoes",
    section: "4.2",
    member: swimWith({ isNewer: paperOrder }),
    plan: { ...wild, faults: only({ crash }) },
  },
  {
    name: "an accusation denied in the same incarnation",
    section: "4.2",
    member: swimWith({ refutation: (_, own) => own }),
    plan: { ...wild, faults: only({ pause: crash }) },
  },
  {
    name: "an accuser that raises the incarnation",
    section: "4.2",
    member: swimWith({ accused: (known) => known + 1 }),
    plan: { ...wild, faults: only({ pause: crash }) },
  },
  {
    name: "an alive of the same incarnation counts as newer",
    section: "4.2",
    member: swimWith({
      isNewer: (heard, known) =>
        rejoinOrder(heard, known) ||
        (heard.status === "alive" &&
          known.status !== "alive" &&
          heard.incarnation === known.incarnation),
    }),
    plan: { ...wild, faults: only({ crash }) },
  },
  {
    name: "nobody looks for the dead behind a partition",
    section: "Serf",
    member: swimWith({ visitsTheDead: false }),
    plan: {
      ...wild,
      ...{ joinsMs: [], leaveEveryMs: 0, members: 6, coreSize: 6 },
      faults: only({ partition: { everyMs: 100, minMs: 5_000, maxMs: 9_000 } }),
    },
  },
]);

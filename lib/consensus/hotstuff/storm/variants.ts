/** Planted bugs of HotStuff, each with a lie that makes use of it. */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import type { Event } from "../../../protocol";
import type { HotStuffLie } from "../adversaries";
import { HotStuff } from "../hotstuff";
import type { HotStuffMessage, HotStuffTimer } from "../messages";
import { faultsOf } from "../../pbft/rules";
import type { HotStuffRules } from "../rules";
import type { HotStuffHost } from "../state";
import type { ReplicaClass } from "./member";
import type { HotStuffStormPlan } from "./plan";

type Plan = Partial<HotStuffStormPlan> & { readonly lie?: HotStuffLie };

interface HotStuffVariant extends Variant<Plan> {
  readonly replica: ReplicaClass;
}

/** HotStuff with some rules replaced. */
export function hotStuffWith(change: Partial<HotStuffRules>): typeof HotStuff {
  return class extends HotStuff {
    override get rules(): HotStuffRules {
      return { ...super.rules, ...change };
    }
  };
}

/** A crash lets it vote again in a view in which it has voted. */
class ForgetfulReplica extends HotStuff {
  override handle(event: Event<HotStuffMessage, HotStuffTimer>, host: HotStuffHost): void {
    if (event.kind !== "start") return super.handle(event, host);
    super.handle({ kind: "start", saved: {} }, host);
  }
}

export const hotStuffVariants = withIds<HotStuffVariant>([
  {
    name: "the lock is not checked",
    section: "4.3, safeNode",
    plan: { replicas: 4, lie: "stale" },
    replica: hotStuffWith({ isSafe: () => true }),
  },
  {
    name: "2f votes are enough",
    section: "4.2",
    plan: { replicas: 4, lie: "splitBrain" },
    replica: hotStuffWith({ quorum: (replicas) => 2 * faultsOf(replicas) }),
  },
  {
    name: "certificates are not verified",
    section: "4.2",
    plan: { replicas: 4, lie: "splitBrain" },
    replica: hotStuffWith({ isCertified: () => true }),
  },
  {
    name: "votes are forgotten in a crash",
    section: "5, vheight",
    plan: { replicas: 4, lie: "splitBrain" },
    replica: ForgetfulReplica,
  },
  {
    name: "views are asked for of their leaders alone",
    section: "Bravo et al. 2020",
    plan: {},
    replica: hotStuffWith({ isForAll: () => false }),
  },
]);

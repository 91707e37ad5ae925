/** Planted bugs: the balancer with one rule broken each. Storms must find every one. */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import { Balancer } from "../balancer";
import type { BalancerHost } from "../balancer";
import type { BalancerOptions } from "../options";
import type { BalancingPlan } from "./plan";
import type { BalancerClass } from "./run";

export interface BalancingVariant extends Variant<BalancingPlan> {
  readonly balancer: BalancerClass;
}

type Health = NonNullable<BalancerOptions["health"]>;

/** The balancer with other numbers than its operators have given it. */
function withHealth(change: (health: Partial<Health>) => Partial<Health>): BalancerClass {
  return class extends Balancer {
    constructor(id: string, peers: readonly string[], options: Partial<BalancerOptions> = {}) {
      const { health = {} } = options;
      super(id, peers, { ...options, health: { ...health, ...change(health) } });
    }
  };
}

/** Sends on to a server that is to leave. */
class NeverDrains extends Balancer {
  protected override drain(server: number, host: BalancerHost): void {
    if (this.pool.inFlight[server] === 0) host.note("drained", { server: this.nameOf(server) });
  }
}

class ForgetsWhoDrains extends Balancer {
  protected override save(): void {}
}

/** Notes a bad check, and believes the good ones only. */
class BelievesGoodChecks extends Balancer {
  protected override checked(server: number, outcome: "ok" | "failed", host: BalancerHost): void {
    super.checked(server, outcome, host);
    if (outcome === "failed") this.health.doors.reopen(server, "down");
  }
}

class RetriesWithoutBudget extends Balancer {
  protected override isPaid(): boolean {
    return true;
  }
}

class DoesTwice extends Balancer {
  protected override isSafe(): boolean {
    return true;
  }
}

/** Gives up, and tells nobody. */
class FailsInSilence extends Balancer {
  protected override fail(): void {}
}

/** Once ejected, always ejected. */
class NeverTakesBack extends Balancer {
  protected override interval(host: BalancerHost): void {
    host.setTimer("interval", this.health.outliers.options.intervalMs);
  }
}

/** Leaves it to chance whether somebody looks. */
class NeverLooksAtCircuits extends Balancer {
  protected override look(): void {}
}

/** One step of slow start, and no other. */
class StopsTheRamp extends Balancer {
  protected override ramp(host: BalancerHost): void {
    this.health.ramp(host.nowMs);
  }
}

const harsh = { modesEveryMs: 300, modes: ["failing", "silent"] } as const;

export const balancingVariants = withIds<BalancingVariant>([
  {
    name: "a server that drains still gets requests",
    section: "draining",
    balancer: NeverDrains,
    plan: { changesEveryMs: 800 },
  },
  {
    name: "who drains is forgotten on restart",
    section: "draining",
    balancer: ForgetsWhoDrains,
    plan: { changesEveryMs: 800 },
  },
  {
    name: "bad checks are not believed",
    section: "fall",
    balancer: BelievesGoodChecks,
    plan: { modes: ["sick"], modesEveryMs: 500 },
  },
  {
    name: "a server falls one check too late",
    section: "fall",
    balancer: withHealth(({ active = {} }) => ({
      active: { ...active, fall: (active.fall ?? 3) + 1 },
    })),
    plan: { modes: ["sick"], modesEveryMs: 500 },
  },
  {
    name: "retries without a budget",
    section: "budget",
    balancer: RetriesWithoutBudget,
    plan: harsh,
  },
  {
    name: "what must not be done twice is sent again",
    section: "retries",
    balancer: DoesTwice,
    plan: { modes: ["slow"], modesEveryMs: 500 },
  },
  {
    name: "who gives up tells nobody",
    section: "answers",
    balancer: FailsInSilence,
    plan: { server: { serviceMs: 6, slots: 1, maxQueue: 0 } },
  },
  {
    name: "all may be ejected",
    section: "maximum",
    balancer: withHealth(({ outliers = {} }) => ({
      outliers: { ...outliers, maxEjectedShare: 1 },
    })),
    plan: harsh,
  },
  {
    name: "an ejected server never comes back",
    section: "ejection",
    balancer: NeverTakesBack,
    plan: harsh,
  },
  {
    name: "half-open is as good as closed",
    section: "probes",
    balancer: withHealth(({ circuit = {} }) => ({ circuit: { ...circuit, probes: 1_000 } })),
    plan: harsh,
  },
  {
    name: "nobody looks whether a circuit may be tried again",
    section: "circuit",
    balancer: NeverLooksAtCircuits,
    plan: harsh,
  },
  {
    name: "slow start takes one step",
    section: "ramp",
    balancer: StopsTheRamp,
    plan: { modes: ["sick"], modesEveryMs: 500 },
  },
]);

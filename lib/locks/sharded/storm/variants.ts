/** Planted bugs of a client that has its locks from several groups. */
import type { LeaseOptions } from "../../leaseholder";
import type { Asking, Leases, LockGroups } from "../../leases";
import { LockClient } from "../../lock-client";
import type { LockClientOptions } from "../../lock-client";
import type { LockStormPlan } from "../../storm/plan";
import type { LockParts } from "../../storm/run";
import { groupOf, partsOf } from "../groups";
import type { Part } from "../groups";
import { ShardedLeaseholder } from "../sharded-leaseholder";

interface ShardedVariant {
  readonly id: string;
  readonly source: string;
  readonly parts: LockParts;
  readonly plan: Partial<LockStormPlan>;
}

type Given = Partial<LeaseOptions>;
type MakeLeases = (groups: LockGroups, options: Given, id: string) => Leases;

function clientWith(make: MakeLeases): typeof LockClient {
  return class extends LockClient {
    protected override over(groups: LockGroups, options: Partial<LockClientOptions>): Leases {
      return make(groups, options, this.id);
    }
  };
}

/** One lock after the other as they were asked for, and for each it waits. */
class AsAsked extends ShardedLeaseholder {
  constructor(
    private readonly all: LockGroups,
    options: Given,
  ) {
    super(all, options);
  }

  protected override ordered(names: readonly string[]): Part[] {
    return names.map((name) => ({ group: groupOf(name, this.all.length), names: [name] }));
  }

  protected override waitOf({ asking }: { readonly asking: Asking }): number | null {
    return asking.waitMs;
  }
}

/** What a batch had before it failed stays with nobody. */
class KeepsParts extends ShardedLeaseholder {
  protected override giveBack(): void {
    return;
  }
}

/** Believes that there is a group fewer. */
class OldList extends ShardedLeaseholder {
  constructor(
    private readonly all: LockGroups,
    options: Given,
  ) {
    super(all, options);
  }

  protected override ordered(names: readonly string[]): Part[] {
    return partsOf(names, this.all.length - 1);
  }
}

export const shardedVariants: readonly ShardedVariant[] = [
  {
    id: "batches-in-the-order-of-asking",
    source: "Coffman 1971",
    parts: { client: clientWith((groups, options) => new AsAsked(groups, options)) },
    plan: { kinds: ["batch"], clientFaults: {} },
  },
  {
    id: "a-failed-batch-keeps-what-it-has",
    source: "all or nothing",
    parts: { client: clientWith((groups, options) => new KeepsParts(groups, options)) },
    plan: { kinds: ["impatient", "plain"] },
  },
  {
    id: "clients-that-count-different-groups",
    source: "placement",
    parts: {
      client: clientWith((groups, options, id) =>
        id === "c1" ? new OldList(groups, options) : new ShardedLeaseholder(groups, options),
      ),
    },
    plan: { kinds: ["plain"] },
  },
];

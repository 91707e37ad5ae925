/** What a seed draws for a storm over HotStuff: plain data. */
import { Random } from "../../../basics";
import type { HotStuffLie, HotStuffTraitors } from "../adversaries";
import type { HotStuffOptions } from "../options";

export interface HotStuffStormPlan {
  readonly seed: number;
  /** 4 or 7. */
  readonly replicas: number;
  readonly clients: number;
  readonly operationsEach: number;
  /** f of them, all with the same lie. */
  readonly traitors: HotStuffTraitors;
  readonly faultsMs: number;
  readonly options: Partial<HotStuffOptions>;
}

const lies: readonly HotStuffLie[] = [
  ...(["silent", "voting", "equivocating", "stale", "forging", "splitBrain"] as const),
];

/** `fixed` replaces what the seed has drawn; its `lie`, the lie alone. */
export function planOf(
  seed: number,
  { lie: fixedLie, ...fixed }: Partial<HotStuffStormPlan> & { readonly lie?: HotStuffLie } = {},
): HotStuffStormPlan {
  const random = new Random(seed, 160);
  const drawn = random.chance(0.75) ? 4 : 7;
  const replicas = fixed.replicas ?? drawn;
  const lie = fixedLie ?? random.pick(lies);
  const names = Array.from({ length: replicas }, (_, i) => `n${i + 1}`);
  // The first leader more often than not: what a leader does matters most.
  const [first = "n1", ...others] = names;
  const order = random.chance(0.6) ? [first, ...random.shuffle(others)] : random.shuffle(names);
  const liars = order.slice(0, Math.floor((replicas - 1) / 3));
  const options = {
    viewTimeoutMs: 100,
    viewsPerLeader: random.pick([4, 10, 10, 1_000]),
    maxBatch: random.pick([1, 2, 100]),
    keptBlocks: random.pick([8, 8, 40, 1_000]),
    maxFetched: random.pick([2, 50]),
    fetchMs: 40,
  };
  return {
    ...{ seed, replicas, clients: 4, operationsEach: 12, faultsMs: 4_000, options },
    traitors: Object.fromEntries(liars.map((id) => [id, lie])),
    ...fixed,
  };
}

/** What a seed draws for a storm over gossip: plain data. */
import { Random } from "../../../basics";
import type { AntiEntropyOptions } from "../anti-entropy";
import type { RumourMongerOptions } from "../rumour-monger";

/**
 * "calm": nothing fails, and one rumour spreads among 100, so that its residue and its cost can be
 * held against the paper's. "wild": anything fails.
 */
export interface RumourStormPlan {
  readonly seed: number;
  readonly weather: "calm" | "wild";
  readonly options: Partial<RumourMongerOptions>;
}

/** `fixed` replaces what the seed has drawn. */
export function rumourPlan(seed: number, fixed: Partial<RumourStormPlan> = {}): RumourStormPlan {
  const random = new Random(seed, 95);
  const weather = random.pick(["calm", "wild", "wild"] as const);
  const mode = random.pick(["push", "pull", "pushPull"] as const);
  const drawn = { seed, weather, options: { mode, k: 1 + random.below(4) } };
  return { ...drawn, ...fixed, options: { ...drawn.options, ...fixed.options } };
}

export interface AntiEntropyStormPlan {
  readonly seed: number;
  readonly options: Partial<AntiEntropyOptions>;
  /** Replicas that are healed in the end, 2 to 6; the others are away for good. */
  readonly coreSize: number;
}

export const replicas: readonly string[] = ["n1", "n2", "n3", "n4", "n5", "n6"];

/** `fixed` replaces what the seed has drawn. */
export function antiEntropyPlan(
  seed: number,
  fixed: Partial<AntiEntropyStormPlan> = {},
): AntiEntropyStormPlan {
  const random = new Random(seed, 97);
  const mode = random.pick(["push", "pull", "pushPull"] as const);
  const coreSize = 2 + random.below(replicas.length - 1);
  return { seed, options: { mode, cycleMs: 100 }, coreSize, ...fixed };
}

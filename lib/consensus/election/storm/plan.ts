/** What a seed draws for a storm over elections: plain data. */
import { Random } from "../../../basics";
import type { NodeId } from "../../../protocol";

/**
 * "bully" and "invitation" among all, with anything that can fail, and in the end a partition that
 * stays; "changRoberts" in a ring whose nodes crash and come back, told by a membership service;
 * "lcr" and "hirschbergSinclair" once, in a ring in which messages are late and nothing fails.
 */
export type StormAlgorithm = "bully" | "invitation" | "changRoberts" | "lcr" | "hirschbergSinclair";

export interface ElectionStormPlan {
  readonly seed: number;
  readonly algorithm: StormAlgorithm;
  readonly nodes: number;
  readonly faultsMs: number;
  /** In a ring: about so long from a crash or a return to the next one. */
  readonly faultEveryMs: number;
  /** The parts of the partition in the end; one part: no partition. */
  readonly parts: readonly (readonly NodeId[])[];
  /** In the order of the ring. */
  readonly ring: readonly NodeId[];
}

/** `fixed` replaces what the seed has drawn. */
export function planOf(seed: number, fixed: Partial<ElectionStormPlan> = {}): ElectionStormPlan {
  const random = new Random(seed, 130);
  const all = ["bully", "bully", "invitation", "invitation", "changRoberts"] as const;
  const drawn = random.pick([...all, "lcr", "hirschbergSinclair"] as const);
  const algorithm = fixed.algorithm ?? drawn;
  const nodes = fixed.nodes ?? 3 + random.below(4);
  const names = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
  const cut = random.chance(0.6) ? 1 + random.below(nodes - 1) : nodes;
  const shuffled = random.shuffle(names);
  const isParted = algorithm === "bully" || algorithm === "invitation";
  const parts = isParted && cut < nodes ? [shuffled.slice(0, cut), shuffled.slice(cut)] : [names];
  const ring = random.shuffle(names);
  return { seed, algorithm, nodes, faultsMs: 6_000, faultEveryMs: 700, parts, ring, ...fixed };
}

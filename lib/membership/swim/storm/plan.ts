/** What a seed draws for a storm over SWIM: plain data. */
import { Random } from "../../../basics";
import { swarm } from "../../../hosts";
import type { RandomFaultOptions } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import type { SwimOptions } from "../options";

/**
 * "wild": anything; then a part of the group is healed and has to agree on who is there. "crashes":
 * a network that loses nothing, in which nobody who answers may be declared dead. "badLinks": some
 * pairs cannot talk to each other, and nobody may even be suspected.
 */
export type SwimWeather = "wild" | "crashes" | "badLinks";

export interface SwimStormPlan {
  readonly seed: number;
  readonly weather: SwimWeather;
  /** There from the start: n1, n2... */
  readonly members: number;
  /** Join later, through the others, at these times. */
  readonly joinsMs: readonly number[];
  /** A member is asked to leave so often in the mean; 0: never. */
  readonly leaveEveryMs: number;
  /** A member crashes and starts again with an empty disk so often in the mean; 0: never. */
  readonly lostDiskEveryMs: number;
  readonly faultsMs: number;
  readonly faults: RandomFaultOptions;
  /** A write takes about so long; 0: no time. */
  readonly diskMs: number;
  /** Members that are healed in the end. */
  readonly coreSize: number;
  readonly options: Partial<SwimOptions>;
}

/** Short periods, so that storms are short; a round trip is at most 10 ms. */
export const stormOptions = { periodMs: 100, probeTimeoutMs: 30, syncMs: 1_000 } as const;

/** The plan of a seed; `fixed` replaces what it has drawn. */
export function planOf(seed: number, fixed: Partial<SwimStormPlan> = {}): SwimStormPlan {
  const random = new Random(seed, 90);
  const weather = fixed.weather ?? random.pick(["wild", "wild", "wild", "crashes", "badLinks"]);
  const isWild = weather === "wild";
  const members = fixed.members ?? 5 + random.below(4);
  const faultsMs = fixed.faultsMs ?? 10_000;
  const joins = weather === "badLinks" ? 0 : random.below(3);
  const joinsMs = Array.from({ length: joins }, () => Math.ceil(random.between(0, faultsMs * 0.8)));
  const names = namesOf({ members, joinsMs: fixed.joinsMs ?? joinsMs });
  const drawn = {
    ...{ seed, weather, members, joinsMs, faultsMs },
    leaveEveryMs: random.chance(0.4) && weather !== "badLinks" ? 4_000 : 0,
    lostDiskEveryMs: random.chance(0.3) && isWild ? 4_000 : 0,
    faults: isWild ? swarm({ seed, names, untilMs: faultsMs, quietMs: 0 }) : crashesOf(seed, names),
    diskMs: random.chance(0.3) ? random.between(0.1, 3) : 0,
    coreSize: isWild ? 2 + random.below(names.length - 1) : names.length,
    options: { ...stormOptions, hasLifeguard: random.chance(0.6) },
  };
  return { ...drawn, ...fixed, faults: { ...(fixed.faults ?? drawn.faults), seed, names } };
}

export function namesOf(plan: Pick<SwimStormPlan, "members" | "joinsMs">): NodeId[] {
  return Array.from({ length: plan.members + plan.joinsMs.length }, (_, i) => `n${i + 1}`);
}

function crashesOf(seed: number, names: readonly NodeId[]): RandomFaultOptions {
  const crash = { everyMs: 900, minMs: 1, maxMs: 3_000, disk: "kept" } as const;
  return { seed, names, untilMs: 10_000, crash };
}

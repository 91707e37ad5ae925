/** The knobs of a SWIM member, each with its unit, its default and how to choose it. */
import { inRange, oneOf, wholeInRange, withDefaults } from "../../basics";

export interface SwimOptions {
  /** Time between two probes; bounds the detection time. Default 1,000 ms. */
  readonly periodMs: number;
  /**
   * After so long a direct probe is late and others are asked: well over a round trip, and under
   * the period by another three, for the detour. Default 500 ms.
   */
  readonly probeTimeoutMs: number;
  /** Members asked to probe for one: k of section 3.1. Default 3. */
  readonly indirectProbes: number;
  /**
   * "roundRobin": each member once a pass, in a new random order each pass (section 4.3), so that
   * a death is noticed by each within 2n - 1 periods; "random": drawn anew every time.
   */
  readonly probeOrder: "roundRobin" | "random";
  /** A suspect has this x max(1, log10 n) periods to deny it; 0: it is dead at once. Default 4. */
  readonly suspicionMultiplier: number;
  /** An update is passed on this x ceil(log10(n + 1)) times. Default 4. */
  readonly retransmitMultiplier: number;
  /** Updates in one message; 16 fit into a packet of 1,400 bytes. Default 16. */
  readonly maxUpdates: number;
  /**
   * Whole tables are exchanged with one random member so often, and with a dead one now and then,
   * which joins two halves of a group again; 0: never. Default 30,000 ms.
   */
  readonly syncMs: number;
  /** Members asked for their table at the start, until one has answered. Default 2. */
  readonly joinContacts: number;
  /** Lifeguard's three additions: health, dogpile, buddies. Default true. */
  readonly hasLifeguard: boolean;
  /** Periods and timeouts last up to so many times as long under bad health. Default 8. */
  readonly maxHealth: number;
  /** Lifeguard: a suspicion that nobody confirms lasts this many times the shortest. Default 6. */
  readonly maxSuspicionFactor: number;
}

/** For one data centre: memberlist's LAN figures. */
export const defaultSwimOptions: SwimOptions = {
  periodMs: 1_000,
  probeTimeoutMs: 500,
  indirectProbes: 3,
  probeOrder: "roundRobin",
  suspicionMultiplier: 4,
  retransmitMultiplier: 4,
  maxUpdates: 16,
  syncMs: 30_000,
  joinContacts: 2,
  hasLifeguard: true,
  maxHealth: 8,
  maxSuspicionFactor: 6,
};

/** Between cities: memberlist's WAN figures. */
export const wanSwimOptions: SwimOptions = {
  ...defaultSwimOptions,
  periodMs: 5_000,
  probeTimeoutMs: 3_000,
  suspicionMultiplier: 6,
  syncMs: 60_000,
};

const dayMs = 86_400_000;

/** The options with their defaults. Throws a RangeError that names the first one that is wrong. */
export function swimOptions(given: Partial<SwimOptions>): SwimOptions {
  const options = withDefaults("Swim", defaultSwimOptions, given);
  const { periodMs, probeTimeoutMs } = options;
  inRange("periodMs", periodMs, { min: 1, max: dayMs });
  inRange("probeTimeoutMs", probeTimeoutMs, { min: 0.1, max: periodMs });
  inRange("syncMs", options.syncMs, { min: 0, max: dayMs });
  inRange("suspicionMultiplier", options.suspicionMultiplier, { min: 0, max: 1_000 });
  inRange("retransmitMultiplier", options.retransmitMultiplier, { min: 0, max: 1_000 });
  inRange("maxSuspicionFactor", options.maxSuspicionFactor, { min: 1, max: 1_000 });
  wholeInRange("indirectProbes", options.indirectProbes, { min: 0, max: 100 });
  wholeInRange("maxUpdates", options.maxUpdates, { min: 1, max: 1_000 });
  wholeInRange("joinContacts", options.joinContacts, { min: 1, max: 100 });
  wholeInRange("maxHealth", options.maxHealth, { min: 1, max: 100 });
  oneOf("probeOrder", options.probeOrder, ["roundRobin", "random"]);
  return options;
}

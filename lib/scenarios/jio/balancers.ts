/** All policies by name, with the settings that the day is compared under. */
import { NearestRegion, PeakEwma, policyNamed } from "../../balancing";
import type { Policy, Pool } from "../../balancing";
import { roundTripMs } from "./centres";

/** In the order in which they are shown. */
export const balancerNames = [
  "round robin",
  "random",
  "smooth weighted",
  "least connections",
  "two choices",
  "peak EWMA",
  "join idle queue",
  "Prequal",
  "Maglev",
  "bounded ring",
  "nearest region",
] as const;

export type BalancerName = (typeof balancerNames)[number];

type Make = (pool: Pool, settings: { readonly seed: number; readonly slots: number }) => Policy;

const named =
  (name: Parameters<typeof policyNamed>[0]): Make =>
  (pool, { seed }) =>
    policyNamed(name, pool, seed);

const makers: Readonly<Record<BalancerName, Make>> = {
  "round robin": named("round-robin"),
  random: named("random"),
  "smooth weighted": named("smooth-weighted"),
  "least connections": named("least-connections"),
  "two choices": named("power-of-choices"),
  "peak EWMA": (pool, { seed }) => new PeakEwma(pool, { seed, decayMs: 1_000 }),
  "join idle queue": named("join-idle-queue"),
  Prequal: named("prequal"),
  Maglev: named("maglev"),
  "bounded ring": named("bounded-affinity"),
  // Full is a server whose slots are all taken: of weight 2 a new one, of weight 1 an old one.
  "nearest region": (pool, { slots }) =>
    new NearestRegion(pool, { distance: roundTripMs, room: Math.max(1, slots / 2) }),
};

/** Throws a RangeError for a name that is none. */
export function makeBalancer(name: BalancerName): Make {
  const make = makers[name] as Make | undefined;
  if (make !== undefined) return make;
  throw new RangeError(`no policy is called "${name}"; there are ${balancerNames.join(", ")}`);
}

/** Policies by name, for options that are plain data. */
import { BoundedAffinity, MaglevAffinity } from "./key-affinity";
import { JoinIdleQueue } from "./join-idle-queue";
import { LeastConnections } from "./least-connections";
import { NearestRegion } from "./nearest-region";
import { PeakEwma } from "./peak-ewma";
import { PowerOfChoices } from "./power-of-choices";
import { Prequal } from "./prequal";
import { RandomChoice } from "./random-choice";
import { RoundRobin } from "./round-robin";
import { SmoothWeighted } from "./smooth-weighted";
import type { Policy } from "../policy";
import type { Pool } from "../pool";

const makers = {
  "round-robin": (pool: Pool): Policy => new RoundRobin(pool),
  "smooth-weighted": (pool: Pool): Policy => new SmoothWeighted(pool),
  random: (pool: Pool, seed: number): Policy => new RandomChoice(pool, seed),
  "least-connections": (pool: Pool): Policy => new LeastConnections(pool),
  "power-of-choices": (pool: Pool, seed: number): Policy => new PowerOfChoices(pool, { seed }),
  "peak-ewma": (pool: Pool, seed: number): Policy => new PeakEwma(pool, { seed }),
  "join-idle-queue": (pool: Pool, seed: number): Policy => new JoinIdleQueue(pool, seed),
  prequal: (pool: Pool, seed: number): Policy => new Prequal(pool, { seed }),
  maglev: (pool: Pool): Policy => new MaglevAffinity(pool),
  "bounded-affinity": (pool: Pool): Policy => new BoundedAffinity(pool),
  "nearest-region": (pool: Pool): Policy => new NearestRegion(pool),
} as const;

export type PolicyName = keyof typeof makers;

export const policyNames = Object.keys(makers) as readonly PolicyName[];

/** With its defaults. Throws a RangeError for a name that is none. */
export function policyNamed(name: PolicyName, pool: Pool, seed = 1): Policy {
  if (policyNames.includes(name)) return makers[name](pool, seed);
  throw new RangeError(`no policy is called "${name}"; there are ${policyNames.join(", ")}`);
}

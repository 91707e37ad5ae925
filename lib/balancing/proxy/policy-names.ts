/** The policies by the names that a command line gives them. */
import {
  BoundedAffinity,
  JoinIdleQueue,
  LeastConnections,
  MaglevAffinity,
  PeakEwma,
  PowerOfChoices,
  RandomChoice,
  RoundRobin,
  SmoothWeighted,
} from "../policies";
import type { Policy } from "../policy";
import type { Pool } from "../pool";

const makers = {
  "round-robin": (pool: Pool): Policy => new RoundRobin(pool),
  "smooth-weighted": (pool: Pool): Policy => new SmoothWeighted(pool),
  random: (pool: Pool): Policy => new RandomChoice(pool),
  "least-connections": (pool: Pool): Policy => new LeastConnections(pool),
  "power-of-choices": (pool: Pool): Policy => new PowerOfChoices(pool),
  "peak-ewma": (pool: Pool): Policy => new PeakEwma(pool),
  "join-idle-queue": (pool: Pool): Policy => new JoinIdleQueue(pool),
  maglev: (pool: Pool): Policy => new MaglevAffinity(pool),
  "bounded-affinity": (pool: Pool): Policy => new BoundedAffinity(pool),
};

export type PolicyName = keyof typeof makers;

export const policyNames = Object.keys(makers) as readonly PolicyName[];

export function isPolicyName(name: string): name is PolicyName {
  return (policyNames as readonly string[]).includes(name);
}

export function policyOf(policy: PolicyName | ((pool: Pool) => Policy), pool: Pool): Policy {
  return typeof policy === "function" ? policy(pool) : makers[policy](pool);
}

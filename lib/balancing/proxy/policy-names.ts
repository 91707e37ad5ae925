/** The policies that a proxy can have, by the names that a command line gives them. */
import { policyNamed, policyNames as allNames } from "../policies/policy-names";
import type { PolicyName as AnyName } from "../policies/policy-names";
import type { Policy } from "../policy";
import type { Pool } from "../pool";

/** A proxy sends no probes, and knows no regions. */
const others = ["prequal", "nearest-region"] as const;

export type PolicyName = Exclude<AnyName, (typeof others)[number]>;

export const policyNames = allNames.filter(isPolicyName);

export function isPolicyName(name: string): name is PolicyName {
  const isKnown = (allNames as readonly string[]).includes(name);
  return isKnown && !(others as readonly string[]).includes(name);
}

export function policyOf(policy: PolicyName | ((pool: Pool) => Policy), pool: Pool): Policy {
  return typeof policy === "function" ? policy(pool) : policyNamed(policy, pool);
}

/** The policies that a proxy can have, by the names that a command line gives them. */
import { InputError } from "../../basics";
import { policyNamed, policyNames as allNames } from "../policies/policy-names";
import type { PolicyName as AnyName } from "../policies/policy-names";
import type { Policy } from "../policy";
import type { Pool } from "../pool";

/**
 * Without Prequal: it asks servers how much other balancers have sent them, and nothing in HTTP
 * asks that. What this proxy has sent them itself, `peak-ewma` and `power-of-choices` know unasked.
 */
export type PolicyName = Exclude<AnyName, "prequal">;

const policyNames = allNames.filter((name): name is PolicyName => name !== "prequal");

/** Throws InputError for a name that is none here. */
export function checkPolicyName(name: string): void {
  if ((policyNames as readonly string[]).includes(name)) return;
  const what = name === "prequal" ? "prequal probes its servers, which HTTP cannot" : undefined;
  const reason = what ?? `no policy is called "${name}"`;
  throw new InputError(`${reason}: choose of ${policyNames.join(", ")}`);
}

/** Throws InputError for a function's policy that waits for the answers of probes. */
export function policyOf(policy: PolicyName | ((pool: Pool) => Policy), pool: Pool): Policy {
  if (typeof policy !== "function") return policyNamed(policy, pool);
  const made = policy(pool);
  if (made.targets === undefined) return made;
  throw new InputError("the policy probes its servers, and a proxy sends no probes: take another");
}

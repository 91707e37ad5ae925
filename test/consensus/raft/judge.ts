/** A storm, and what is wrong with what its clients saw. */
import { checkLinearizable, keyValue } from "dabbawala/checks";
import { historyOf, runStorm } from "./storm";
import type { RaftClass, StormPlan, StormResult } from "./storm";

export function judge(plan: StormPlan, server: RaftClass): StormResult {
  const result = runStorm(plan, server);
  if (result.violation !== undefined || plan.options.machine !== "kv") return result;
  const verdict = checkLinearizable(historyOf(result), keyValue());
  if (verdict.kind === "linearizable") return result;
  const detail =
    verdict.kind === "unknown"
      ? verdict.why
      : verdict.violation.offending.map(verdict.violation.describe).join("; ");
  return { ...result, violation: { property: "linearizability", server: "", detail } };
}

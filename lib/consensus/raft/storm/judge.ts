/** A storm, and what is wrong with what its clients saw. */
import { checkLinearizable, keyValue, verdictInOneLine } from "../../../checks";
import { notedHistory } from "../../../hosts";
import type { StormRunOptions } from "../../../hosts";
import type { RaftStormAction } from "./actions";
import type { StormPlan } from "./plan";
import { runStorm } from "./run";
import type { RaftClass, StormResult } from "./run";

/** As `runStorm`; then the history of a key-value storm is held to be linearizable. */
export function judge(
  plan: StormPlan,
  server: RaftClass,
  options: StormRunOptions<RaftStormAction> = {},
): StormResult {
  const result = runStorm(plan, server, options);
  if (result.violation !== undefined || plan.options.machine !== "kv") return result;
  const verdict = checkLinearizable(notedHistory(result.notes), keyValue());
  if (verdict.kind === "linearizable") return result;
  const detail = verdictInOneLine(verdict);
  return { ...result, violation: { property: "linearizability", server: "", detail } };
}

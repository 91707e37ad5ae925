/** What befalls a group in a SWIM storm, as data. */
import { faultLabel } from "../../../hosts";
import type { ScheduledFault } from "../../../hosts";
import type { NodeId } from "../../../protocol";

export type SwimStormAction =
  | ({ readonly kind: "fault" } & ScheduledFault)
  | { readonly kind: "leave"; readonly atMs: number; readonly member: NodeId };

/** An action in words. */
export function describeAction(action: SwimStormAction): string {
  return action.kind === "fault" ? faultLabel(action.fault) : `${action.member} is to leave`;
}

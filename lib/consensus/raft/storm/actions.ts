/** What befalls a cluster in a Raft storm, as data. */
import { faultLabel } from "../../../hosts";
import type { ScheduledFault } from "../../../hosts";
import type { NodeId } from "../../../protocol";

export type RaftStormAction =
  | ({ readonly kind: "fault" } & ScheduledFault)
  | {
      readonly kind: "changeMembership";
      readonly atMs: number;
      readonly voters: readonly NodeId[];
      readonly learners: readonly NodeId[];
    }
  | { readonly kind: "transferLeadership"; readonly atMs: number; readonly to: NodeId };

/** An action in words. */
export function describeAction(action: RaftStormAction): string {
  switch (action.kind) {
    case "fault":
      return faultLabel(action.fault);
    case "transferLeadership":
      return `leadership shall go to ${action.to}`;
    case "changeMembership": {
      const learners = action.learners.length > 0 ? `, learners ${action.learners.join(" ")}` : "";
      return `voters shall be ${action.voters.join(" ")}${learners}`;
    }
  }
}

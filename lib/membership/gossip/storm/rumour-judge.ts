/**
 * What holds of rumours: they are as they were told, each site hears them once and keeps them, a
 * restart spreads nothing again, interest ends, and in calm weather residue and traffic are small.
 */
import type { GroupJudge, GroupView, SimulatedNote, StormFailure } from "../../../hosts";
import type { Event, NodeId } from "../../../protocol";
import type { RumourMessage } from "../messages";
import type { RumourMonger } from "../rumour-monger";
import type { RumourStormPlan } from "./plans";

/** By k from 1, of 100 sites: two to four times the residue of the paper's table 1, or more. */
const mostResidue = [0.5, 0.2, 0.1, 0.1];

export class RumourJudge implements GroupJudge<RumourMonger, RumourMessage, "cycle"> {
  private readonly told = new Map<string, unknown>();
  private readonly heard = new Map<NodeId, Set<string>>();
  private copies = 0;

  constructor(private readonly plan: RumourStormPlan) {}

  onEvent(node: RumourMonger, event: Event<RumourMessage, "cycle">): StormFailure | undefined {
    if (event.kind === "message") this.count(event.message);
    for (const id of this.heard.get(node.id) ?? []) {
      if (node.known.has(id)) continue;
      return { property: "keepsWhatItHeard", detail: `${node.id} has forgotten ${id}` };
    }
    for (const [id, content] of node.known) {
      if (this.told.get(id) === content) continue;
      return { property: "asItWasTold", detail: `${node.id} has ${id} as ${String(content)}` };
    }
    if (event.kind !== "start" || node.hot.size === 0) return undefined;
    const detail = `${node.id} spreads ${[...node.hot.keys()].join(", ")} again after its start`;
    return { property: "startsCold", detail };
  }

  onNote({ node, label, detail }: SimulatedNote): StormFailure | undefined {
    if (label !== "heard") return undefined;
    const { id } = detail as { id: string };
    const heard = this.heard.get(node) ?? new Set();
    this.heard.set(node, heard);
    if (heard.has(id)) return { property: "hearsOnce", detail: `${node} hears ${id} again` };
    heard.add(id);
    return undefined;
  }

  unsettled({ names, core, nodeOf }: GroupView<RumourMonger>): StormFailure | undefined {
    const hot = core.find((id) => (nodeOf(id)?.hot.size ?? 0) > 0);
    if (hot !== undefined) return { property: "losesInterest", detail: `${hot} still spreads` };
    if (this.plan.weather !== "calm") return undefined;
    const { k = 3 } = this.plan.options;
    const residue = names.filter((id) => nodeOf(id)?.known.size === 0).length / names.length;
    if (residue > (mostResidue[k - 1] as number)) {
      return { property: "residue", detail: `${residue} of the sites never hear, with k = ${k}` };
    }
    const traffic = this.copies / names.length;
    if (traffic <= 2 * k + 2) return undefined;
    return { property: "traffic", detail: `${traffic} copies a site, with k = ${k}` };
  }

  private count(message: RumourMessage): void {
    if (message.type === "tell") this.told.set(message.rumour.id, message.rumour.content);
    if (message.type === "rumours") this.copies += message.rumours.length;
  }
}

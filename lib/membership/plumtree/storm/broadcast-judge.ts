/**
 * What holds of broadcasts: each node delivers a message once; what one living node has delivered
 * all do that it can reach over living neighbours; and once the tree is built, or mended, a message
 * is sent n - 1 times, once to each.
 */
import type { GroupJudge, GroupView, SimulatedNote, StormFailure } from "../../../hosts";
import type { Event, NodeId } from "../../../protocol";
import type { PlumtreeMessage, PlumtreeTimer } from "../messages";
import type { Plumtree } from "../plumtree";

type Overlay = ReadonlyMap<NodeId, readonly NodeId[]>;

export class BroadcastJudge implements GroupJudge<Plumtree, PlumtreeMessage, PlumtreeTimer> {
  private readonly heard = new Set<string>();
  private readonly copies = new Map<string, number>();

  constructor(
    private readonly overlay: Overlay,
    private readonly weather: "calm" | "crashes",
  ) {}

  onEvent(_: Plumtree, event: Event<PlumtreeMessage, PlumtreeTimer>): undefined {
    if (event.kind !== "message" || event.message.type !== "gossip") return;
    const { id } = event.message;
    this.copies.set(id, (this.copies.get(id) ?? 0) + 1);
  }

  onNote({ node, label, detail }: SimulatedNote): StormFailure | undefined {
    if (label !== "heard") return undefined;
    const key = `${node} ${(detail as { id: string }).id}`;
    if (this.heard.has(key)) return { property: "deliversOnce", detail: `${key} again` };
    this.heard.add(key);
    return undefined;
  }

  unsettled(view: GroupView<Plumtree>): StormFailure | undefined {
    for (const group of this.livingGroups(view)) {
      const delivered = new Set(group.flatMap((node) => [...node.received.keys()]));
      for (const node of group) {
        const missed = [...delivered].find((id) => !node.received.has(id));
        if (missed === undefined) continue;
        const detail = `${node.id} has not ${missed}, which others have that it can reach`;
        return { property: "deliversToAll", detail };
      }
    }
    return this.wasteful(view);
  }

  /** In calm weather all but the first message, which floods; after crashes the last one. */
  private wasteful({ names, nodeOf }: GroupView<Plumtree>): StormFailure | undefined {
    const others = names.filter((id) => nodeOf(id) !== undefined).length - 1;
    for (const [id, copies] of [...this.copies].slice(this.weather === "calm" ? 1 : -1)) {
      if (copies <= others) continue;
      const detail = `${id} is sent ${copies} times to ${others} nodes`;
      return { property: "oneCopyEach", detail };
    }
    return undefined;
  }

  /** Living nodes, by who can reach whom over living neighbours. */
  private livingGroups({ names, nodeOf }: GroupView<Plumtree>): Plumtree[][] {
    const left = new Set(names.filter((id) => nodeOf(id) !== undefined));
    const groups: Plumtree[][] = [];
    for (const first of left) {
      const group = new Set([first]);
      for (const id of group) {
        left.delete(id);
        for (const other of this.overlay.get(id) ?? []) if (left.has(other)) group.add(other);
      }
      groups.push([...group].map((id) => nodeOf(id) as Plumtree));
    }
    return groups;
  }
}

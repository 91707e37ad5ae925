/**
 * What holds of broadcasts: each node delivers a message once; what one living node has delivered
 * all do that it can reach over living neighbours; and once a message that travelled alone has
 * built the tree, or mended it, the next one is sent n - 1 times, once to each.
 */
import type { GroupAction, GroupJudge, GroupView, SimulatedNote } from "../../../hosts";
import type { StormFailure } from "../../../hosts";
import type { Event, NodeId } from "../../../protocol";
import type { PlumtreeMessage, PlumtreeTimer } from "../messages";
import type { Plumtree } from "../plumtree";
import { restMs } from "./plan";

type Overlay = ReadonlyMap<NodeId, readonly NodeId[]>;

export class BroadcastJudge implements GroupJudge<Plumtree, PlumtreeMessage, PlumtreeTimer> {
  private readonly heard = new Set<string>();
  private readonly copies = new Map<string, number>();
  /** Messages that met no other and no crash, as many as came last. */
  private alone: string[] = [];
  private toldMs = -Infinity;

  constructor(private readonly overlay: Overlay) {}

  onAction({ kind }: GroupAction<PlumtreeMessage>): void {
    if (kind === "fault") this.alone = [];
  }

  onEvent(
    _: Plumtree,
    event: Event<PlumtreeMessage, PlumtreeTimer>,
    { nowMs }: GroupView<Plumtree>,
  ): undefined {
    if (event.kind !== "message") return;
    const { message } = event;
    if (message.type === "tell") this.onTell(message.rumour.id, nowMs);
    if (message.type !== "gossip") return;
    this.copies.set(message.id, (this.copies.get(message.id) ?? 0) + 1);
  }

  private onTell(id: string, nowMs: number): void {
    this.alone = nowMs - this.toldMs < restMs ? [] : [...this.alone, id];
    this.toldMs = nowMs;
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

  /** The first that travels alone builds the tree, or mends it. */
  private wasteful({ names, nodeOf }: GroupView<Plumtree>): StormFailure | undefined {
    const others = names.filter((id) => nodeOf(id) !== undefined).length - 1;
    for (const id of this.alone.slice(1)) {
      const copies = this.copies.get(id) ?? 0;
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

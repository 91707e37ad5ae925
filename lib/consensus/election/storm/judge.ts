/**
 * What holds of elections: no epoch is announced twice, and none runs back at a node, over restarts
 * too; who follows somebody is in an epoch that this one has announced; and in the end each part of
 * a partition that stays has one leader, whom all in it follow.
 */
import type { GroupJudge, GroupView, SimulatedNote, StormFailure } from "../../../hosts";
import type { Message, NodeId } from "../../../protocol";
import { isNewer, noEpoch } from "../epoch";
import type { Epoch } from "../epoch";

/** What the nodes of all these algorithms have. */
export interface Elector {
  readonly id: NodeId;
  readonly leader: NodeId | null;
  readonly epoch: Epoch;
}

export class ElectionJudge implements GroupJudge<Elector, Message, string> {
  private readonly announced = new Set<string>();
  private readonly epochs = new Map<NodeId, Epoch>();

  /** `isOnce`: these elections have one leader ever. */
  constructor(
    private readonly parts: readonly (readonly NodeId[])[],
    private readonly isOnce: boolean,
  ) {}

  onEvent(node: Elector): StormFailure | undefined {
    const { id, leader, epoch } = node;
    const before = this.epochs.get(id) ?? noEpoch;
    // One that has just started is in none yet.
    if (epoch.count === 0) return undefined;
    this.epochs.set(id, epoch);
    if (isNewer(before, epoch)) {
      const detail = `${id} was in ${textOf(before)}, and then in ${textOf(epoch)}`;
      return { property: "epochsGoForward", detail };
    }
    if (leader === null || this.announced.has(textOf({ ...epoch, leader }))) return undefined;
    return { property: "leadersAnnounce", detail: `${id} follows ${leader}, who never led so` };
  }

  onNote({ node, label, detail }: SimulatedNote): StormFailure | undefined {
    if (label !== "becameLeader") return undefined;
    const name = textOf({ count: (detail as Epoch).count, leader: node });
    if (this.announced.has(name)) {
      return { property: "epochsAreUnique", detail: `${name} begins a second time` };
    }
    if (this.isOnce && this.announced.size > 0) {
      return { property: "oneLeaderEver", detail: `${[...this.announced].join()} and ${name}` };
    }
    this.announced.add(name);
    return undefined;
  }

  unsettled({ nodeOf }: GroupView<Elector>): StormFailure | undefined {
    for (const part of this.parts) {
      const living = part.flatMap((id) => nodeOf(id) ?? []);
      if (living.length === 0) continue;
      const leaders = living.filter(({ id, leader }) => leader === id);
      const followed = new Set(living.map(({ leader, epoch }) => `${leader} ${textOf(epoch)}`));
      if (leaders.length === 1 && followed.size === 1) continue;
      const each = living.map(({ id, leader }) => `${id} follows ${leader ?? "nobody"}`).join(", ");
      return { property: "oneLeaderEachPart", detail: each };
    }
    return undefined;
  }
}

function textOf({ count, leader }: Epoch): string {
  return `${count} of ${leader}`;
}

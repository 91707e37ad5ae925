/**
 * What must hold after every event of a member, watched from outside: incarnations are raised by
 * their owners alone and never run back, and no table goes back in the order of updates.
 */
import type { NodeId } from "../../../protocol";
import type { Swim } from "../swim";
import { rejoinOrder } from "../updates";
import type { Standing } from "../updates";

export interface SwimViolation {
  readonly property: string;
  readonly member: NodeId;
  readonly detail: string;
}

export class SwimInvariants {
  /** The highest incarnation that each has ever had. */
  private readonly highest = new Map<NodeId, number>();
  private readonly own = new Map<NodeId, number>();
  private readonly tables = new Map<NodeId, Map<NodeId, Standing>>();
  private readonly withoutMemory = new Set<NodeId>();

  /** Its disk was taken away: it may begin anew. */
  onLostDisk(member: NodeId): void {
    this.withoutMemory.add(member);
  }

  /** The state after an event; `isStart` after the event that started it. */
  observe(member: Swim, isStart: boolean): SwimViolation | undefined {
    const { id, incarnation } = member;
    if (isStart) this.tables.delete(id);
    const before = this.own.get(id);
    this.own.set(id, incarnation);
    // One that has lost its memory has it again when it denies what others remember.
    if (incarnation > (this.highest.get(id) ?? -1)) this.withoutMemory.delete(id);
    this.highest.set(id, Math.max(incarnation, this.highest.get(id) ?? 0));
    const violation = isStart ? this.startViolation(member) : this.ranBack(member, before);
    return violation ?? this.tableViolation(member);
  }

  private ranBack({ id, incarnation }: Swim, before = 0): SwimViolation | undefined {
    if (incarnation >= before) return undefined;
    const detail = `its incarnation went from ${before} back to ${incarnation}`;
    return { property: "incarnationNeverRunsBack", member: id, detail };
  }

  /** What others have heard of a member is of an earlier life. */
  private startViolation({ id, incarnation }: Swim): SwimViolation | undefined {
    if (this.withoutMemory.has(id)) return undefined;
    for (const [other, table] of this.tables) {
      const standing = table.get(id);
      if (standing === undefined || standing.incarnation < incarnation) continue;
      const detail = `it starts in incarnation ${incarnation}, and ${other} knows of ${standing.incarnation}`;
      return { property: "incarnationNeverRunsBack", member: id, detail };
    }
    return undefined;
  }

  private tableViolation({ id, table }: Swim): SwimViolation | undefined {
    let seen = this.tables.get(id);
    if (seen === undefined) this.tables.set(id, (seen = new Map()));
    for (const [other, standing] of table.standings) {
      const before = seen.get(other);
      if (before === standing) continue;
      seen.set(other, standing);
      if (before !== undefined && isOlder(standing, before)) {
        const detail = `it held ${textOf(other, before)}, and then ${textOf(other, standing)}`;
        return { property: "tablesGoForward", member: id, detail };
      }
      if (standing.incarnation <= (this.highest.get(other) ?? 0)) continue;
      const detail = `it holds ${textOf(other, standing)}, which ${other} has never been`;
      return { property: "ownersRaiseIncarnations", member: id, detail };
    }
    return undefined;
  }
}

function isOlder(heard: Standing, known: Standing): boolean {
  return rejoinOrder(known, heard);
}

function textOf(member: NodeId, { status, incarnation }: Standing): string {
  return `${member} ${status} in ${incarnation}`;
}

/** Servers that break a rule which is no function of `Rules`: each is Raft but for one sentence. */
import { aroundHost } from "../../../protocol";
import type { Event, NodeId } from "../../../protocol";
import { simpleMembership } from "../membership";
import type { RaftMessage, RaftTimer } from "../messages";
import { followMembership } from "../progress";
import { Raft } from "../raft";
import { membershipOf } from "../state";
import type { Leadership, RaftHost } from "../state";
import { appendToLog } from "../storage";

type RaftEvent = Event<RaftMessage, RaftTimer>;

/** Votes and terms are answered, and never saved. */
export class UnsavedVote extends Raft {
  override handle(event: RaftEvent, host: RaftHost): void {
    const save = (key: string, value: unknown): void => {
      if (key !== "vote") host.save(key, value);
    };
    super.handle(event, aroundHost(host, { save }));
  }
}

/** A follower's log ends where the latest message ends, even when that one is old. */
export class TruncatingFollower extends Raft {
  override handle(event: RaftEvent, host: RaftHost): void {
    super.handle(event, host);
    if (event.kind !== "message" || event.message.type !== "appendEntries") return;
    const { prevLogIndex, entries, term } = event.message;
    const length = prevLogIndex + entries.length - this.log.baseIndex;
    if (term !== this.currentTerm || entries.length === 0 || length < 0) return;
    for (let i = this.log.entries.length; i > length; i--) {
      host.save(`log/${this.log.baseIndex + i}`, undefined);
    }
    this.log.entries.length = Math.min(this.log.entries.length, length);
  }
}

/** A vote that arrives twice counts for two. */
export class DoubleCounter extends Raft {
  override handle(event: RaftEvent, host: RaftHost): void {
    if (event.kind === "message" && event.message.type === "requestVoteAnswer") {
      const isRepeated = this.votes.get(event.from) === true && event.message.isVoteGranted;
      const others = this.memberships.flatMap(({ membership }) => membership.voters);
      const silent = others.find((id) => !this.votes.has(id));
      if (isRepeated && silent !== undefined) this.votes.set(silent, true);
    }
    super.handle(event, host);
  }
}

/** Who becomes a follower forgets its vote, even when the term is the same. */
export class VoteResetter extends Raft {
  override handle(event: RaftEvent, host: RaftHost): void {
    const { currentTerm, role, leader } = this;
    super.handle(event, host);
    const hasChanged = this.role !== role || this.leader !== leader;
    const isSameTerm = this.currentTerm === currentTerm && currentTerm > 0;
    if (this.role !== "follower" || !hasChanged || !isSameTerm) return;
    this.votedFor = null;
    host.save("vote", { term: currentTerm, votedFor: null });
  }
}

/** Adds or removes one server at a time, without joint consensus, and as soon as it leads. */
export class HastyChanger extends Raft {
  override handle(event: RaftEvent, host: RaftHost): void {
    const isChange = event.kind === "message" && event.message.type === "changeMembership";
    if (!isChange || this.leadership === null) return super.handle(event, host);
    const { voters } = event.message as { voters: readonly NodeId[] };
    this.changeOne(this.leadership, voters, host);
    super.handle({ kind: "timer", timer: "retry" }, host); // a client's: only what follows is done
  }

  private changeOne(leadership: Leadership, wanted: readonly NodeId[], host: RaftHost): void {
    const { voters } = membershipOf(this);
    const other = [...voters, ...wanted].find(
      (id) => id !== this.id && voters.includes(id) !== wanted.includes(id),
    );
    const isCommitted = this.memberships[this.memberships.length - 1].index <= this.commitIndex;
    if (other === undefined || !isCommitted) return;
    const isLeaving = voters.includes(other);
    const next = isLeaving ? voters.filter((id) => id !== other) : [...voters, other];
    const membership = simpleMembership(next);
    appendToLog(this, { kind: "membership", membership, term: this.currentTerm }, host);
    followMembership(this, leadership, host.nowMs);
  }
}

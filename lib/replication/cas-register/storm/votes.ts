/**
 * Votes that acceptors have cast and may still lose: a vote counts once it is saved or heard, for
 * a crash before takes it back.
 */
import type { NodeId } from "../../../protocol";
import type { Accepted, Ballot } from "../messages";
import { casRules } from "../rules";
import type { Acceptance } from "./agreement";

type Saved = Readonly<Record<string, unknown>>;

export class OpenVotes {
  private open: readonly Acceptance[] = [];

  get voters(): ReadonlySet<NodeId> {
    return new Set(this.open.map(({ by }) => by));
  }

  cast(vote: Acceptance): void {
    this.open = [...this.open, vote];
  }

  /** Those that count by what this acceptor's disk holds: saves before one that is there were. */
  saved(by: NodeId, saved: Saved): readonly Acceptance[] {
    const isThere = ({ by: voter, key, ballot }: Acceptance): boolean => {
      const held = saved[`register/${key}`] as { readonly accepted: Accepted | null } | undefined;
      const accepted = held?.accepted ?? undefined;
      return voter === by && accepted !== undefined && isSame(accepted.ballot, ballot);
    };
    const last = this.open.map(isThere).lastIndexOf(true);
    return this.take((vote, i) => vote.by === by && i <= last);
  }

  heard(by: NodeId, { key, ballot }: Pick<Acceptance, "key" | "ballot">): readonly Acceptance[] {
    return this.take((vote) => vote.by === by && vote.key === key && isSame(vote.ballot, ballot));
  }

  /** A new life knows what is saved, and nothing else. */
  lost(by: NodeId): void {
    this.take((vote) => vote.by === by);
  }

  private take(isTaken: (vote: Acceptance, i: number) => boolean): readonly Acceptance[] {
    const taken = this.open.filter(isTaken);
    this.open = this.open.filter((vote) => !taken.includes(vote));
    return taken;
  }
}

function isSame(left: Ballot, right: Ballot): boolean {
  return casRules.isSameBallot(left, right);
}

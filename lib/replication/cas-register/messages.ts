/** What clients, proposers and acceptors of a register say, all plain JSON. */
import type { NodeId } from "../../protocol";

/** Of two ballots the one of the larger count is later, then that of the larger name. */
export interface Ballot {
  readonly count: number;
  /** Names a proposer and its life: no two attempts have the same ballot. */
  readonly proposer: string;
}

/** What a register holds. Version 0, value null: nobody has written yet. */
export interface RegisterState {
  /** Grows by one with every change. */
  readonly version: number;
  readonly value: unknown;
  /** The requests that made the last changes, the latest last: a change in doubt is found here. */
  readonly recent: readonly string[];
}

/** So many changes are remembered. */
export const recentAtMost = 32;

export interface Accepted {
  readonly ballot: Ballot;
  readonly state: RegisterState;
}

export type CasRequest =
  | { readonly type: "read"; readonly requestId: number; readonly key: string }
  /** Changes the value if the register is at version `expected`. */
  | {
      readonly type: "cas";
      readonly requestId: number;
      readonly key: string;
      readonly expected: number;
      readonly value: unknown;
    };

export type CasAnswer =
  /** "mismatch": the version is another one, and this is what is there; certainly not changed. */
  | {
      readonly type: "answer";
      readonly requestId: number;
      readonly kind: "ok" | "mismatch";
      readonly version: number;
      readonly value: unknown;
    }
  | {
      readonly type: "answer";
      readonly requestId: number;
      readonly kind: "unavailable";
      readonly isDefinite: boolean;
      readonly reason: string;
    };

export interface Vote {
  readonly proposal: string;
  readonly key: string;
  readonly ballot: Ballot;
}

export type CasMessage =
  | CasRequest
  | CasAnswer
  | ({ readonly type: "prepare" } & Vote)
  | ({ readonly type: "promise"; readonly accepted: Accepted | null } & Vote)
  | ({ readonly type: "accept"; readonly state: RegisterState } & Vote)
  | ({ readonly type: "accepted" } & Vote)
  /** `promised`: a later ballot, to which the acceptor is bound. */
  | ({ readonly type: "refuse"; readonly promised: Ballot } & Vote);

/** The last two are a client's. */
export type CasTimer = { readonly proposal: string } | "answer" | "think";

export function isLater(left: Ballot, right: Ballot): boolean {
  if (left.count !== right.count) return left.count > right.count;
  return left.proposer > right.proposer;
}

/** As histories and other nodes name a request. */
export function proposalOf(client: NodeId, requestId: number): string {
  return `${client}/${requestId}`;
}

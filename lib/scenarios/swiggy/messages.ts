/** What the servers of a delivery zone, its desk, its registry and its customers say. */
import type { Epoch } from "../../consensus/election";
import type { BullyMessage, BullyTimer } from "../../consensus/election";
import type { InvitationMessage, InvitationTimer } from "../../consensus/election";
import type { RaftMessage, RaftTimer } from "../../consensus/raft";
import type { Message, NodeId } from "../../protocol";

/** An order with the rider who has it. */
export interface Assignment {
  readonly order: string;
  readonly rider: string;
}

export type ZoneMessage =
  | BullyMessage
  | InvitationMessage
  | RaftMessage
  /** To the registry, by a new leader. */
  | (Message & { readonly type: "register"; readonly epoch: Epoch })
  | (Message & { readonly type: "whoLeads" })
  | (Message & { readonly type: "leads"; readonly epoch: Epoch })
  /** To the desk, by a new leader: from now on its epoch counts. Answered by all assignments. */
  | (Message & { readonly type: "claim"; readonly epoch: Epoch })
  | (Message & { readonly type: "claimed"; readonly assignments: readonly Assignment[] })
  /** To the desk, by a leader. */
  | (Message & { readonly type: "assign"; readonly epoch: Epoch; readonly assignment: Assignment })
  | (Message & { readonly type: "assigned"; readonly assignment: Assignment })
  | (Message & { readonly type: "refused"; readonly epoch: Epoch })
  /** To a leader, by a customer. */
  | (Message & { readonly type: "order"; readonly order: string })
  | (Message & { readonly type: "accepted"; readonly order: string })
  | (Message & { readonly type: "notLeader" });

export type ZoneTimer = BullyTimer | InvitationTimer | RaftTimer | "order" | "retry";

export interface ZonePlaces {
  readonly desk: NodeId;
  readonly registry: NodeId;
}

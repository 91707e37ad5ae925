/** What a Dynamo node knows. All of it is plain data. */
import type { Host, NodeId } from "../../protocol";
import type { MerkleTree } from "../merkle-tree";
import type { Ballot } from "../cas-register/messages";
import type { AcceptedRing, DynamoAnswer, DynamoMessage } from "./messages";
import type { DynamoTimer, Versions } from "./messages";
import type { DynamoOptions } from "./options";
import type { Owners } from "./owners";
import type { Ring, RingChange } from "./ring";
import type { DynamoRules } from "./rules";

export type DynamoHost = Host<DynamoMessage, DynamoTimer>;

/** A key's versions here, and the actor under which this node adds to them. */
export interface Entry {
  readonly versions: Versions;
  readonly actor: { readonly name: string; readonly count: number } | null;
}

/** What a coordinator has under way for a client. */
export interface Operation {
  readonly id: string;
  readonly client: NodeId;
  readonly requestId: number;
  readonly key: string;
  readonly partition: number;
  /** A read becomes a write when it writes back what it has found, before it answers. */
  kind: "put" | "get";
  epoch: number;
  /** Of a put: what is stored. Of a get: what has been found. */
  versions: Versions;
  /** Of a put: what its client has added. */
  readonly added: Versions;
  /** Owner -> what it has, or null for a write that it has done. */
  answers: Record<NodeId, Versions | null>;
  /** Owner -> who was asked in its place, the last one last. */
  asked: Record<NodeId, NodeId[]>;
  rounds: number;
  isAnswered: boolean;
}

/** What is being copied of a partition that this node gains. */
export interface Transfer {
  readonly epoch: number;
  /** Old owner -> the last key that came from it, null before the first page. */
  readonly cursors: Record<NodeId, string | null>;
  readonly done: NodeId[];
}

/** What an operator has asked for. */
export interface RingWish {
  readonly client: NodeId;
  readonly requestId: number;
  readonly change: RingChange;
}

/** A change of the ring that this node proposes for its first wish. */
export interface RingProposal {
  readonly epoch: number;
  readonly ballot: Ballot;
  phase: "prepare" | "accept";
  readonly voters: readonly NodeId[];
  votes: NodeId[];
  /** The latest that a promise has told of: it is proposed in place of this node's. */
  latest: AcceptedRing | null;
  readonly ring: Ring;
  readonly tries: number;
}

/** What a voter is bound to. */
export interface RingVote {
  readonly epoch: number;
  readonly promised: Ballot;
  readonly accepted: AcceptedRing | null;
}

export interface DynamoState {
  readonly id: NodeId;
  readonly options: DynamoOptions;
  readonly rules: DynamoRules;
  ring: Ring;
  epoch: number;
  owners: Owners;
  readonly entries: Map<string, Entry>;
  /** Owner -> what is kept for it. */
  readonly hints: Map<NodeId, Map<string, Entry>>;
  /** The keys of each partition, and their tree. */
  readonly keys: Map<number, Set<string>>;
  readonly trees: Map<number, MerkleTree>;
  /** Keys of which there are tombstones alone. */
  readonly deleted: Set<string>;
  readonly operations: Map<string, Operation>;
  readonly transfers: Map<number, Transfer>;
  /** The number of each client's last put here. */
  readonly lastPuts: Map<NodeId, number>;
  /** Those who have not answered lately. */
  readonly suspects: Set<NodeId>;
  /** Changes of the ring that wait for their turn, the first one first. */
  readonly wishes: RingWish[];
  proposal: RingProposal | null;
  vote: RingVote | null;
  /** The largest count of a ballot that was seen. */
  ballots: number;
  /** Whom the last gossip went to, until it is heard of. */
  gossiped: NodeId | null;
  /** Drawn at each start: names of operations and actors never come again. */
  life: string;
  begun: number;
  births: number;
}

export function answer(
  host: DynamoHost,
  client: NodeId,
  body: DynamoAnswer extends infer A ? (A extends unknown ? Omit<A, "type"> : never) : never,
): void {
  host.send(client, { type: "answer", ...body } as DynamoAnswer);
}

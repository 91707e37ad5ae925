/** What a Chord node knows; plain data. */
import type { NodeId } from "../../protocol";
import type { Block, ChordCall, ChordHost } from "./messages";
import type { ChordOptions } from "./options";
import type { ChordRules } from "./rules";

/** "outside": nobody to ask yet; "leaving": a member still; "gone": takes no part any more. */
export type ChordPart = "outside" | "joining" | "member" | "leaving" | "gone";

/** Who asked for something, to be answered with the same `requestId`. */
export interface Asker {
  readonly from: NodeId;
  readonly requestId?: number;
}

/** What an owner is looked for. */
export type Goal =
  | { readonly kind: "join" }
  | { readonly kind: "finger"; readonly index: number }
  | { readonly kind: "rehome" }
  | ({ readonly kind: "owner"; readonly place: number } & Asker)
  | ({ readonly kind: "put"; readonly block: Block } & Asker)
  | ({ readonly kind: "get"; readonly key: string } & Asker);

/** A lookup under way. */
export interface Search {
  readonly place: number;
  readonly goal: Goal;
  /** Whom to ask next, if nobody nearer turns up. */
  readonly candidates: NodeId[];
  /** Who has been asked: nobody is twice. */
  readonly asked: NodeId[];
  hops: number;
}

/** The owner of a place, then who comes after it; `before` is the node in front of it. */
export interface Finding {
  readonly owners: readonly NodeId[];
  readonly before: NodeId;
  /** Nodes on the way, the owner among them, the one that looks not. */
  readonly hops: number;
}

/** Why another node has been called. */
export type Purpose =
  | { readonly kind: "successor"; readonly index: number }
  | { readonly kind: "candidate"; readonly successor: NodeId }
  | { readonly kind: "predecessor" }
  | { readonly kind: "joining"; readonly others: readonly NodeId[] }
  | { readonly kind: "step"; readonly search: number }
  | {
      readonly kind: "reach";
      readonly goal: Extract<Goal, { kind: "put" | "get" }>;
      readonly others: readonly NodeId[];
    }
  | { readonly kind: "copy"; readonly write: number }
  | { readonly kind: "repair" }
  | { readonly kind: "rehome"; readonly keys: readonly string[] }
  | { readonly kind: "leaving"; readonly heir: number };

export interface Call {
  readonly to: NodeId;
  readonly message: ChordCall;
  readonly purpose: Purpose;
  attempts: number;
}

/** A `store` that waits for its copies. */
export interface Write extends Asker {
  readonly requestId: number;
  waitsFor: number;
}

export interface ChordState {
  readonly id: NodeId;
  readonly place: number;
  readonly options: ChordOptions;
  readonly rules: ChordRules;
  /** Members to join through. */
  readonly contacts: NodeId[];
  part: ChordPart;
  predecessor: NodeId | null;
  /** Nearest first, at most r. Of a member never empty; a ring of one has itself. */
  successors: readonly NodeId[];
  /** Finger i is the owner of place + 2^i, as far as known. */
  readonly fingers: (NodeId | null)[];
  nextFinger: number;
  readonly blocks: Map<string, unknown>;
  /** Where the search for blocks that belong elsewhere goes on. */
  repairCursor: number;
  /** Blocks that are being stored elsewhere, to be let go then. */
  readonly leavingKeys: Set<string>;
  requests: number;
  readonly calls: Map<number, Call>;
  readonly searches: Map<number, Search>;
  readonly writes: Map<number, Write>;
  onFound(search: Search, finding: Finding, host: ChordHost): void;
  onNotFound(goal: Goal, host: ChordHost): void;
}

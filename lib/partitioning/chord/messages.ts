/** What Chord nodes say to each other, and what clients say to them. Nodes go by their names. */
import type { ErrorAnswer, Host, Message, NodeId } from "../../protocol";

/** Written once: a key that is there keeps its value. */
export interface Block {
  readonly key: string;
  readonly value: unknown;
}

/** Places after the first, up to and with the second, round the circle. */
export interface Arc {
  readonly after: number;
  readonly upTo: number;
}

/** "Who comes before and after you?" Asked when stabilising, and before anybody is adopted. */
export interface AskState extends Message {
  readonly type: "state";
  readonly requestId: number;
}

export interface StateIs extends Message {
  readonly type: "stateIs";
  readonly requestId: number;
  readonly predecessor: NodeId | null;
  readonly successors: readonly NodeId[];
}

/** One step of a lookup: find_successor without the recursion. */
export interface Step extends Message {
  readonly type: "step";
  readonly requestId: number;
  readonly place: number;
}

/** `owners`: the owner and those after it, once known; `closer`: whom to ask else, best first. */
export interface StepIs extends Message {
  readonly type: "stepIs";
  readonly requestId: number;
  readonly owners: readonly NodeId[];
  readonly closer: readonly NodeId[];
}

/** "I might be your predecessor." */
export interface Notify extends Message {
  readonly type: "notify";
}

/** "I am no member": as good as no answer, and sooner. */
export interface IsNot extends Message {
  readonly type: "isNot";
  readonly requestId: number;
}

/** "I am leaving the ring." */
export interface Left extends Message {
  readonly type: "left";
}

/** To the owner: keep these, with all their copies, and say so. */
export interface Store extends Message {
  readonly type: "store";
  readonly requestId: number;
  readonly blocks: readonly Block[];
}

/** To the holder of a copy. */
export interface Copy extends Message {
  readonly type: "copy";
  readonly requestId: number;
  readonly blocks: readonly Block[];
}

export interface Kept extends Message {
  readonly type: "stored" | "copied";
  readonly requestId: number;
}

export interface Fetch extends Message {
  readonly type: "fetch";
  readonly requestId: number;
  readonly key: string;
}

export interface Fetched extends Message {
  readonly type: "fetched";
  readonly requestId: number;
  /** Empty when it is not there. */
  readonly blocks: readonly Block[];
}

/** "So many keys have I in this arc, and this is the exclusive or of their hashes." */
export interface Offer extends Message {
  readonly type: "offer";
  readonly arc: Arc;
  readonly count: number;
  readonly digest: number;
}

/** "I have others: these." */
export interface Holds extends Message {
  readonly type: "holds";
  readonly arc: Arc;
  readonly keys: readonly string[];
}

export interface Want extends Message {
  readonly type: "want";
  readonly keys: readonly string[];
}

/** From a client: who has this place? Answered by `owner`. */
export interface Lookup extends Message {
  readonly type: "lookup";
  readonly place: number;
}

export interface Owner extends Message {
  readonly type: "owner";
  readonly owner: NodeId;
  /** Nodes on the way, the owner among them, the asked one not. */
  readonly hops: number;
}

/** From a client: answered by `kept` once all copies are there. */
export interface Put extends Message {
  readonly type: "put";
  readonly key: string;
  readonly value: unknown;
}

export interface PutDone extends Message {
  readonly type: "kept";
}

/** From a client: answered by `value`. */
export interface Get extends Message {
  readonly type: "get";
  readonly key: string;
}

export interface Value extends Message {
  readonly type: "value";
  readonly kind: "found" | "missing";
  readonly value?: unknown;
}

/** From whoever runs the node: join the ring of this member, or leave it. */
export interface Join extends Message {
  readonly type: "join";
  readonly through: NodeId;
}

export interface Leave extends Message {
  readonly type: "leave";
}

/** Answers to a call, each with its `requestId`. */
export type ChordAnswer = StateIs | StepIs | IsNot | Kept | Fetched;
/** What is asked of another node by a call. */
export type ChordCall = AskState | Step | Store | Copy | Fetch;
export type ChordRequest = Lookup | Put | Get | Join | Leave;
export type ChordMessage =
  | (ChordAnswer | ChordCall | ChordRequest)
  | (Notify | Left | Offer | Holds | Want)
  | (Owner | PutDone | Value | ErrorAnswer);

/** "call/7": the answer to call 7 is late. */
export type ChordTimer = "stabilize" | "fingers" | "repair" | "join" | `call/${number}`;
export type ChordHost = Host<ChordMessage, ChordTimer>;

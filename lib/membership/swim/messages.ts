/** What members say to each other. Probes and their answers carry updates along. */
import type { Host, Message, NodeId } from "../../protocol";
import type { Update } from "./updates";

/** "Are you there?" (section 3.1) */
export interface Ping extends Message {
  readonly type: "ping";
  readonly requestId: number;
  readonly updates: readonly Update[];
}

export interface Ack extends Message {
  readonly type: "ack";
  readonly requestId: number;
  readonly updates: readonly Update[];
}

/** "I hear nothing of `target`: ping it for me." */
export interface PingRequest extends Message {
  readonly type: "pingRequest";
  readonly requestId: number;
  readonly target: NodeId;
  readonly updates: readonly Update[];
}

/** Lifeguard: "your request has reached me, but the target has not answered me". */
export interface Nack extends Message {
  readonly type: "nack";
  readonly requestId: number;
}

/** A whole table, to join and to catch up: pushed, and pulled with the answer. */
export interface Sync extends Message {
  readonly type: "sync" | "syncAnswer";
  /** Members in incarnation 0, alive unless `changed` says otherwise. */
  readonly initial: readonly NodeId[];
  readonly changed: readonly Update[];
}

/** From outside, to a member: leave the group. */
export interface Leave extends Message {
  readonly type: "leave";
}

export type SwimMessage = Ping | Ack | PingRequest | Nack | Sync | Leave;

/**
 * "period": the next protocol period; "probe": the direct probe is late; "sync": tables are due;
 * "suspicion/n3": n3 has not denied it; "relay/7": a probe for another member is late.
 */
export type SwimTimer = "period" | "probe" | "sync" | `suspicion/${NodeId}` | `relay/${number}`;

export type SwimHost = Host<SwimMessage, SwimTimer>;

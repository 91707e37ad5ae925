/** What gossiping nodes say to each other, and clients to them. */
import type { Host, Message } from "../../protocol";

/** A piece of news; told again it is the same by its id. */
export interface Rumour {
  readonly id: string;
  readonly content: unknown;
}

/** From a client: spread this. Answered by `told`. */
export interface Tell extends Message {
  readonly type: "tell";
  readonly rumour: Rumour;
}

export interface Told extends Message {
  readonly type: "told";
}

/** Hot rumours, pushed, or as the answer to a pull. */
export interface Rumours extends Message {
  readonly type: "rumours";
  readonly rumours: readonly Rumour[];
  /** Asks for the receiver's rumours in return: push and pull in one. */
  readonly isPull: boolean;
}

export interface Pull extends Message {
  readonly type: "pull";
}

/** Which rumours were news to the receiver, and which were not. */
export interface Feedback extends Message {
  readonly type: "feedback";
  readonly useful: readonly string[];
  readonly useless: readonly string[];
}

export type RumourMessage = Tell | Told | Rumours | Pull | Feedback;
export type RumourHost = Host<RumourMessage, "cycle">;

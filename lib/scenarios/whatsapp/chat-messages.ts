/** What chat nodes say: each of their three protocols in an envelope of its own. */
import type { Host, Message } from "../../protocol";
import type { AntiEntropyMessage, RumourMessage, SwimMessage } from "../../membership";

/** The protocols within a chat node. */
export type Part = "members" | "rumours" | "store";

export type Inner = SwimMessage | RumourMessage | AntiEntropyMessage;

export type ChatMessage =
  | (Message & { readonly type: Part; readonly inner: Inner })
  /** From a client: a message for everybody. Answered by `posted`. */
  | (Message & { readonly type: "post"; readonly id: string; readonly text: string })
  | (Message & { readonly type: "posted" });

/** "members:period": a timer of one of the three. */
export type ChatTimer = `${Part}:${string}`;
export type ChatHost = Host<ChatMessage, ChatTimer>;

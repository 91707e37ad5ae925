/** WhatsApp: messages between data centres by gossip. */
import "../../kernel/in-stock-kernel";
export { centresOf } from "./centres";
export type { Centres } from "./centres";
export { propagate } from "./propagation";
export type { Propagation, PropagationOptions } from "./propagation";
export { ChatNode } from "./chat-node";
export type { ChatOptions } from "./chat-node";
export type { ChatMessage, ChatTimer } from "./chat-messages";
export { runChat } from "./chat-run";
export type { ChatLook, ChatRun, ChatRunOptions } from "./chat-run";

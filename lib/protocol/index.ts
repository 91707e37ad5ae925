export { step } from "./contract";
export type { Effect, Event, Host, Message, Node, NodeId, Protocol, Senses } from "./contract";
export type { Trace, TraceStep } from "./trace";

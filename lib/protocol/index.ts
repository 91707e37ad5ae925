import "../kernel/in-stock-kernel";
export { step } from "./contract";
export type { Effect, Event, Host, Message, Node, NodeId, Protocol, Senses } from "./contract";
export { traceText } from "./trace";
export type { Cause, HostEvent, LossReason, Trace, TraceStep } from "./trace";

import "../kernel/in-stock-kernel";
export { aroundHost } from "./around-host";
export { step } from "./contract";
export { errorAnswer, errorCodes, isDefinite } from "./error-codes";
export type { ErrorAnswer, ErrorName } from "./error-codes";
export type { Effect, Event, Host, Message, Node, NodeId, Protocol, Senses } from "./contract";
export { CallMatcher, operationOf, operationsOf } from "./history";
export type {
  History,
  HistoryBar,
  PlacedEvent,
  HistoryEvent,
  HistoryEventType,
  Operation,
  ProcessId,
} from "./history";
export * from "./history-formats";
export { traceText } from "./trace";
export { hasWayIn, openWayIn, tellFromOutside } from "./way-in";
export type { Cause, HostEvent, LossReason, Trace, TraceStep } from "./trace";

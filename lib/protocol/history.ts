/**
 * What clients saw: each operation's call and its answer, in the order in which they happened. All
 * consistency checks judge a history; nothing in it comes from inside the system.
 *
 * Source: M. Herlihy, J. Wing, "Linearizability", TOPLAS 12(3), 1990, section 2; the four event
 * types are Jepsen's: a `fail` certainly did not happen, an `info` may happen at any later time, or
 * never.
 */
import { InputError } from "../basics";

/** A client that has at most one operation under way; "nemesis" for faults noted in between. */
export type ProcessId = number | string;

export type HistoryEventType = "invoke" | "ok" | "fail" | "info";

export interface HistoryEvent {
  readonly process: ProcessId;
  readonly type: HistoryEventType;
  /** The operation's name: "read", "write", "cas", "enqueue"... */
  readonly f: string;
  /** The object, where there are several. */
  readonly key?: string | number;
  /** JSON. Of an invoke: the argument, [from, to] for cas. Of an ok: the answer. */
  readonly value?: unknown;
  /** In the recorder's unit. Only drawn: checks go by the order of events. */
  readonly time?: number;
  /** Line of the file it was read from; not written. */
  readonly line?: number;
}

export type History = readonly HistoryEvent[];

/** A call with its answer. A `fail` is no operation: it did not happen. */
export interface Operation {
  /** Place among the operations, in order of their calls, from 0. */
  readonly id: number;
  readonly process: ProcessId;
  readonly f: string;
  readonly key?: string | number;
  readonly input: unknown;
  /** The answer; undefined when the outcome is unknown. */
  readonly output: unknown;
  /** "unknown": it may take effect at any time after its call, or never. */
  readonly outcome: "ok" | "unknown";
  /**
   * Place of the call and of the answer among the events; the answer's is Infinity when unknown.
   */
  readonly call: number;
  readonly return: number;
  /** Times of both, or their places where the history has no times; Infinity when unknown. */
  readonly calledAt: number;
  readonly returnedAt: number;
  /** Line of the call, and of the answer, in the file. */
  readonly line?: number;
  readonly returnLine?: number;
}

/** An operation as a bar in a picture. */
export interface HistoryBar {
  readonly process: string;
  readonly label: string;
  /** Times of call and answer, in any one unit. */
  readonly from: number;
  readonly to: number;
  /** "unknown": no answer came, and `to` is only where the picture ends. */
  readonly mark: "fits" | "offending" | "unknown";
}

/** An event and its place in the history, from 0. */
export interface PlacedEvent {
  readonly event: HistoryEvent;
  readonly index: number;
}

/**
 * The operations of a history in order of their calls. Throws InputError, naming `source` and the
 * line or event, for an answer without a call, a second call, or an answer of another name.
 */
export function operationsOf(history: History, source = "history"): Operation[] {
  const matcher = new CallMatcher(source);
  const ends = new Map<number, PlacedEvent>();
  history.forEach((event, index) => {
    const call = matcher.next({ event, index });
    if (call !== undefined) ends.set(call.index, { event, index });
  });
  return history
    .flatMap((event, index) => (event.type === "invoke" ? [{ event, index }] : []))
    .filter(({ index }) => ends.get(index)?.event.type !== "fail")
    .map((call, id) => operationOf(id, call, ends.get(call.index)));
}

/** Finds, event by event, the call that each answer ends; holds only the calls under way. */
export class CallMatcher {
  private readonly pending = new Map<ProcessId, PlacedEvent>();

  /** `source` is named in errors. */
  constructor(private readonly source = "history") {}

  /** The call that the event ends, if it ends one. Throws InputError as `operationsOf` does. */
  next(placed: PlacedEvent): PlacedEvent | undefined {
    const { event } = placed;
    const begun = this.pending.get(event.process);
    const problem = misplaced(event, begun);
    if (problem) throw new InputError(`${this.source}:${placeOf(placed)}: ${problem}`);
    if (event.type === "invoke") {
      this.pending.set(event.process, placed);
      return undefined;
    }
    this.pending.delete(event.process);
    return begun;
  }
}

function misplaced(event: HistoryEvent, begun?: PlacedEvent): string | undefined {
  const who = `process ${event.process}`;
  if (event.type === "invoke") {
    if (begun === undefined) return undefined;
    const before = `its call of ${begun.event.f} (${placeOf(begun)})`;
    return `${who} calls ${event.f} before ${before} has ended`;
  }
  // An info of a process with nothing under way is a remark, such as Jepsen's nemesis makes.
  if (begun === undefined) {
    return event.type === "info" ? undefined : `${who} ends ${event.f}, which it did not call`;
  }
  if (begun.event.f === event.f) return undefined;
  return `${who} ends ${event.f}, but what it called is ${begun.event.f}`;
}

/** The line in the file, or else the place among the events, from 1. */
function placeOf({ event, index }: PlacedEvent): string {
  return event.line === undefined ? `event ${index + 1}` : `${event.line}`;
}

/** A call with what ended it, so far; without an `ok` its outcome is unknown. */
export function operationOf(id: number, call: PlacedEvent, end?: PlacedEvent): Operation {
  const invoke = call.event;
  const answer = end?.event.type === "ok" ? end : undefined;
  return {
    id,
    process: invoke.process,
    f: invoke.f,
    key: invoke.key ?? answer?.event.key,
    input: invoke.value,
    output: answer?.event.value,
    outcome: answer === undefined ? "unknown" : "ok",
    call: call.index,
    return: answer?.index ?? Infinity,
    calledAt: invoke.time ?? call.index,
    returnedAt: answer === undefined ? Infinity : (answer.event.time ?? answer.index),
    line: invoke.line,
    returnLine: answer?.event.line,
  };
}

/** What an explorer is told, and what it tells. */
import type { Message, Node, NodeId, Trace, TraceStep } from "../../protocol";

/**
 * "unordered": a message arrives once, in any order. "ordered": those of one link in the order in
 * which they were sent. "duplicating": once sent it may arrive again at any time, for ever; equal
 * messages of one link are one.
 */
export type ExplorerNetwork = "unordered" | "ordered" | "duplicating";

export interface Envelope<M extends Message = Message> {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: M;
}

/** What has happened so far, as far as properties ask: TLA+'s history variables. */
export interface ExplorerHistory<M extends Message = Message, T = unknown> {
  /** Plain data; part of the state, so keep it small. */
  readonly initial: unknown;
  /** The history after a step, as new data; `node` as it is then, undefined when it has crashed. */
  next(history: unknown, step: ExploredStep<M, T>, node: Node<M, T> | undefined): unknown;
}

export type ExploredStep<M extends Message = Message, T = unknown> = Pick<
  TraceStep<M, T>,
  "node" | "event" | "effects"
>;

/** A state of the whole system, to look at and not to change. */
export interface View<M extends Message = Message, T = unknown> {
  /** By name; a crashed node is undefined. */
  readonly nodes: ReadonlyMap<NodeId, Node<M, T> | undefined>;
  /** On their way. */
  readonly messages: readonly Envelope<M>[];
  readonly history: unknown;
  /** Steps from the beginning, where all nodes have started. */
  readonly depth: number;
}

/** `says`: true or false, or a sentence about what is wrong in place of false. */
export interface ExplorerProperty<M extends Message = Message, T = unknown> {
  readonly name: string;
  /**
   * "always": in every state. "sometimes": in one state at least. "eventually": somewhere on every
   * way that comes to an end (ways that go on for ever or meet a bound are not judged).
   */
  readonly kind: "always" | "sometimes" | "eventually";
  says(view: View<M, T>): boolean | string;
}

export interface ExplorerOptions<M extends Message = Message, T = unknown> {
  /** Default "unordered". */
  readonly network?: ExplorerNetwork;
  /**
   * Messages may also vanish; default false. Only "eventually" and ordered links are concerned:
   * elsewhere a message that arrives too late is as good as lost.
   */
  readonly isLossy?: boolean;
  /** Crashes in all, each after a whole step; a crashed node may restart. Default 0. */
  readonly maxCrashes?: number;
  /** Timers that ring at one node, in all; default: no bound. A bound counts in the state. */
  readonly maxTimerFirings?: number;
  /** Which timers may ring; default: each that is set, at any time and in any order. */
  readonly mayRing?: (timer: T, node: Node<M, T>) => boolean;
  /** States where it says false are not entered, as if they did not exist; default: all are. */
  readonly isWithin?: (view: View<M, T>) => boolean;
  /** Steps from the beginning; default: no bound. */
  readonly maxDepth?: number;
  /** Default 1,000,000; each is held in memory. */
  readonly maxStates?: number;
  /**
   * Nodes of one protocol and the same options, which may change places: states that differ only in
   * that are one. No node or property may prefer one name to another. At most 6. Default none.
   */
  readonly symmetric?: readonly NodeId[];
  readonly history?: ExplorerHistory<M, T>;
  /** Ends at the first "always" that is violated; default true. */
  readonly stopsAtViolation?: boolean;
  /** States looked into and states found, every 10,000. */
  readonly onProgress?: (done: number, total: number) => void;
}

export type ExplorerVerdict<M extends Message = Message, T = unknown> =
  /** Of a "sometimes" with the shortest way there. */
  | { readonly kind: "holds"; readonly name: string; readonly trace?: Trace<M, T> }
  /** With the shortest way there; a "sometimes" has none. One millisecond is one step. */
  | {
      readonly kind: "violated";
      readonly name: string;
      readonly why: string;
      readonly trace?: Trace<M, T>;
    }
  /** The search ended before it was known: at another's violation, or at `maxStates`. */
  | { readonly kind: "undecided"; readonly name: string; readonly why: string };

/** What was left out because of bounds; all 0 and false when everything was explored. */
export interface CutOff {
  /** States at `maxDepth` that have successors. */
  readonly depth: number;
  /** Steps into states where `isWithin` says false. */
  readonly outside: number;
  /** Timers that were set but had to keep silent, counted once a state. */
  readonly timerFirings: number;
  readonly hasMetMaxStates: boolean;
}

export interface Exploration<M extends Message = Message, T = unknown> {
  /**
   * "complete": every state was seen. "bounded": every state within the bounds that `cut` names.
   * "stopped": at a violation.
   */
  readonly kind: "complete" | "bounded" | "stopped";
  /** Different states, and how often a step was taken, with those to known states. */
  readonly states: number;
  readonly steps: number;
  /** Of the deepest state. */
  readonly depth: number;
  readonly cut: CutOff;
  /** The bounds in one sentence. */
  readonly bounds: string;
  /** In the order of the properties. */
  readonly verdicts: readonly ExplorerVerdict<M, T>[];
}

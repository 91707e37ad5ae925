/**
 * The contract between a protocol and whatever runs it: a Node is plain data and one method; it
 * hears Events and asks a Host for Effects. No protocol knows its host, no host its protocol.
 *
 * Source: the sans-IO shape of etcd-io/raft and the actor contract of Stateright, cut down to five
 * effects; ours keeps timers named, so that a host needs no handles.
 */

/** "n1".. for servers, "c1".. for clients. */
export type NodeId = string;

/** Plain JSON. A request carries a `requestId` that its answer repeats. */
export interface Message {
  readonly type: string;
  readonly requestId?: number;
}

/** What happened to a node. `saved` holds what it saved before it last stopped. */
export type Event<M extends Message = Message, T = unknown> =
  | { readonly kind: "start"; readonly saved: Readonly<Record<string, unknown>> }
  | { readonly kind: "message"; readonly from: NodeId; readonly message: M }
  | { readonly kind: "timer"; readonly timer: T };

/** What a node asks for, performed in order: a `save` is durable before a later `send`. */
export type Effect<M extends Message = Message, T = unknown> =
  | { readonly kind: "send"; readonly to: NodeId; readonly message: M }
  | { readonly kind: "setTimer"; readonly timer: T; readonly afterMs: number }
  | { readonly kind: "cancelTimer"; readonly timer: T }
  | { readonly kind: "save"; readonly key: string; readonly value: unknown }
  | { readonly kind: "note"; readonly label: string; readonly detail?: unknown };

/** What a node can sense of the world: its own clock, which may drift, and seeded chance. */
export interface Senses {
  readonly nowMs: number;
  /** A number in [0, 1). */
  random(): number;
}

export interface Host<M extends Message = Message, T = unknown> extends Senses {
  send(to: NodeId, message: M): void;
  /** Setting a timer that is set replaces it. Timers are told apart by their JSON text. */
  setTimer(timer: T, afterMs: number): void;
  cancelTimer(timer: T): void;
  /** Durable before any later send of the same step; saving `undefined` deletes the key. */
  save(key: string, value: unknown): void;
  /** Tells the story; checks build client histories from it. */
  note(label: string, detail?: unknown): void;
}

export interface Node<M extends Message = Message, T = unknown> {
  readonly id: NodeId;
  handle(event: Event<M, T>, host: Host<M, T>): void;
}

/** Every node is built as `(id, peers, options)`, all JSON, so that every host can build it. */
export type Protocol<M extends Message, T, O> = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<O>,
) => Node<M, T>;

/** One step of a node by hand: the effects that it asked for, in order. */
export function step<M extends Message, T>(
  node: Node<M, T>,
  event: Event<M, T>,
  senses: Senses,
): Effect<M, T>[] {
  const effects: Effect<M, T>[] = [];
  node.handle(event, recorder(senses, effects));
  return effects;
}

function recorder<M extends Message, T>(senses: Senses, effects: Effect<M, T>[]): Host<M, T> {
  return {
    nowMs: senses.nowMs,
    random: () => senses.random(),
    send: (to, message) => effects.push({ kind: "send", to, message }),
    setTimer: (timer, afterMs) => effects.push({ kind: "setTimer", timer, afterMs }),
    cancelTimer: (timer) => effects.push({ kind: "cancelTimer", timer }),
    save: (key, value) => effects.push({ kind: "save", key, value }),
    note: (label, detail) => effects.push({ kind: "note", label, detail }),
  };
}

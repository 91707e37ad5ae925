/**
 * One node's place in the system: what is different there from a new node, and what a step changes.
 *
 * The state of a node is kept as the fields that differ from a new node's, so that its name, its
 * peers and its options take no part when nodes change places.
 */
import { copy, freeze } from "../simulator/isolate";
import type { Effect, Event, Host, Message, Node, NodeId } from "../../protocol";
import { canonicalText } from "./canonical";

/** Plain data; never changed once it is made. */
export interface Local<T> {
  /** Fields that differ from a new node's; undefined while it is down. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  readonly saved: Readonly<Record<string, unknown>>;
  /** In the order of their texts. */
  readonly timers: readonly T[];
  /** How many have rung, where that is bounded. */
  readonly firings: number;
}

export const unborn: Local<never> = { fields: undefined, saved: {}, timers: [], firings: 0 };

export class Place<M extends Message, T> {
  private readonly fresh = new Map<string, string>();

  constructor(
    readonly id: NodeId,
    readonly build: () => Node<M, T>,
  ) {
    for (const [key, value] of Object.entries(build())) {
      this.fresh.set(key, canonicalText(value, `${id}.${key}`));
    }
  }

  /** A node of its own in this state; undefined while it is down. */
  nodeOf(local: Local<T>): Node<M, T> | undefined {
    return local.fields && Object.assign(this.build(), structuredClone(local.fields));
  }

  /** The state after an event, and what was asked for. A start makes a new node. */
  step(local: Local<T>, event: Event<M, T>): { after: Local<T>; effects: Effect<M, T>[] } {
    const node = event.kind === "start" ? this.build() : (this.nodeOf(local) as Node<M, T>);
    const recorder = new Recorder<M, T>(local);
    node.handle(event, recorder);
    const { saved, timers, effects } = recorder;
    const sorted = [...timers].sort(([left], [right]) => (left < right ? -1 : 1));
    const after = {
      fields: this.changed(node),
      saved,
      timers: sorted.map(([, timer]) => timer),
      firings: local.firings,
    };
    return { after, effects };
  }

  private changed(node: Node<M, T>): Record<string, unknown> {
    const fields = Object.entries(node).filter(
      ([key, value]) => this.fresh.get(key) !== canonicalText(value, `${this.id}.${key}`),
    );
    return Object.fromEntries(fields);
  }
}

/** Time stands still and chance is always 0: what they decide is decided by the order of events. */
class Recorder<M extends Message, T> implements Host<M, T> {
  readonly nowMs = 0;
  readonly effects: Effect<M, T>[] = [];
  readonly saved: Record<string, unknown>;
  readonly timers: Map<string, T>;

  constructor(local: Local<T>) {
    this.saved = { ...local.saved };
    this.timers = new Map(local.timers.map((timer) => [JSON.stringify(timer), timer]));
  }

  random(): number {
    return 0;
  }

  send(to: NodeId, message: M): void {
    this.effects.push({ kind: "send", to, message: freeze(message) });
  }

  setTimer(timer: T, afterMs: number): void {
    if (!(afterMs >= 0)) throw new RangeError(`a timer must not ring after ${afterMs} ms`);
    this.effects.push({ kind: "setTimer", timer: copy(timer), afterMs });
    this.timers.set(JSON.stringify(timer), copy(timer));
  }

  cancelTimer(timer: T): void {
    this.effects.push({ kind: "cancelTimer", timer: copy(timer) });
    this.timers.delete(JSON.stringify(timer));
  }

  save(key: string, value: unknown): void {
    this.effects.push({ kind: "save", key, value: copy(value) });
    if (value === undefined) delete this.saved[key];
    else this.saved[key] = copy(value);
  }

  note(label: string, detail?: unknown): void {
    this.effects.push({ kind: "note", label, detail: copy(detail) });
  }
}

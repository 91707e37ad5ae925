/** One node in its simulated place: its disk, timers, speed and what waits while it is paused. */
import { Random } from "../../basics";
import type { Effect, Event, Host, Message, Node, NodeId } from "../../protocol";
import type { Cause } from "../../protocol";
import { copy, freeze } from "./isolate";

/** What the node asks of its surroundings. */
export interface Surroundings<M extends Message, T> {
  readonly nowMs: number;
  readonly isTraced: boolean;
  readonly seed: number;
  /** Each node draws its chances from a stream of its own. */
  nextStream(): number;
  send(from: SimulatedNode<M, T>, to: NodeId, message: M): void;
  wake(node: SimulatedNode<M, T>, alarm: Alarm<T>): void;
  note(node: NodeId, label: string, detail: unknown): void;
}

/** A timer that is set; a replaced or cancelled one stays in the heap and is passed over. */
export interface Alarm<T> {
  readonly timer: T;
  readonly dueMs: number;
}

/** What happens to a paused node waits here. */
export interface Waiting<M extends Message, T> {
  readonly event: Event<M, T>;
  readonly cause?: Cause;
  readonly alarm?: Alarm<T>;
}

/** Delays are whole microseconds, so that no rounding of a long sum tells two runs apart. */
export function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

export class SimulatedNode<M extends Message, T> implements Host<M, T> {
  node: Node<M, T> | undefined;
  isPaused = false;
  slowFactor = 1;
  saved = new Map<string, unknown>();
  /** Effects of the step in work, when somebody wants them. */
  effects: Effect<M, T>[] = [];
  waiting: Waiting<M, T>[] = [];
  readonly machine: string;
  readonly build: () => Node<M, T>;
  private alarms = new Map<string, Alarm<T>>();
  private readonly chance: Random;

  constructor(
    readonly id: NodeId,
    place: { readonly machine: string; readonly build: () => Node<M, T> },
    private readonly world: Surroundings<M, T>,
  ) {
    this.machine = place.machine;
    this.build = place.build;
    this.chance = new Random(world.seed, world.nextStream());
  }

  get nowMs(): number {
    return this.world.nowMs;
  }

  random(): number {
    return this.chance.next();
  }

  send(to: NodeId, message: M): void {
    freeze(message);
    if (this.world.isTraced) this.effects.push({ kind: "send", to, message });
    this.world.send(this, to, message);
  }

  setTimer(timer: T, afterMs: number): void {
    if (!(afterMs >= 0)) throw new RangeError(`a timer must not ring after ${afterMs} ms`);
    if (this.world.isTraced) this.effects.push({ kind: "setTimer", timer, afterMs });
    this.arm(timer, afterMs * this.slowFactor);
  }

  cancelTimer(timer: T): void {
    if (this.world.isTraced) this.effects.push({ kind: "cancelTimer", timer });
    this.alarms.delete(keyOf(timer));
  }

  save(key: string, value: unknown): void {
    if (this.world.isTraced) this.effects.push({ kind: "save", key, value: copy(value) });
    if (value === undefined) this.saved.delete(key);
    else this.saved.set(key, copy(value));
  }

  note(label: string, detail?: unknown): void {
    const kept = copy(detail);
    if (this.world.isTraced) this.effects.push({ kind: "note", label, detail: kept });
    this.world.note(this.id, label, kept);
  }

  /** True when this alarm still counts; it does not any more afterwards. */
  ring(alarm: Alarm<T>): boolean {
    const key = keyOf(alarm.timer);
    return this.alarms.get(key) === alarm && this.alarms.delete(key);
  }

  isSet(alarm: Alarm<T>): boolean {
    return this.alarms.get(keyOf(alarm.timer)) === alarm;
  }

  /** Everything but the disk is gone; with `isDiskLost` that too. */
  crash(isDiskLost: boolean): void {
    this.node = undefined;
    this.isPaused = false;
    this.alarms = new Map();
    this.waiting = [];
    if (isDiskLost) this.saved = new Map();
  }

  /** From now on timers last `factor` times as long, and pending ones the rest of their time. */
  setSlow(factor: number): void {
    const stretch = factor / this.slowFactor;
    this.slowFactor = factor;
    for (const { timer, dueMs } of [...this.alarms.values()]) {
      this.arm(timer, Math.max(0, dueMs - this.nowMs) * stretch);
    }
  }

  private arm(timer: T, afterMs: number): void {
    const alarm = { timer, dueMs: this.world.nowMs + wholeMicroseconds(afterMs) };
    this.alarms.set(keyOf(timer), alarm);
    this.world.wake(this, alarm);
  }
}

function keyOf(timer: unknown): string {
  return typeof timer === "string" ? timer : JSON.stringify(timer);
}

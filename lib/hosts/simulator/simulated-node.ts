/** One node in its simulated place: its timers, speed, disk, and what waits while it is paused. */
import { Random } from "../../basics";
import type { Effect, Event, Host, Message, Node, NodeId } from "../../protocol";
import type { Cause } from "../../protocol";
import { wholeMicroseconds } from "./clock";
import type { Clock } from "./clock";
import { deepCopy } from "./deep-copy";
import { SimulatedDisk } from "./disk";
import { copy, freeze } from "./isolate";
import type { Latency } from "./latency";

/** What the node asks of its surroundings. */
export interface Surroundings<M extends Message, T> {
  readonly nowMs: number;
  readonly isTraced: boolean;
  readonly seed: number;
  /** Each node draws its chances from a stream of its own. */
  nextStream(): number;
  /** The send that the node asks for now, as a cause; undefined when nobody wants to know. */
  causeOf(node: SimulatedNode<M, T>): Cause | undefined;
  send(from: SimulatedNode<M, T>, letter: Letter<M>): void;
  wake(node: SimulatedNode<M, T>, alarm: Alarm<T>): void;
  note(node: NodeId, label: string, detail: unknown): void;
}

/** A timer that is set; a replaced or cancelled one stays in the heap and is passed over. */
export interface Alarm<T> {
  readonly timer: T;
  readonly dueMs: number;
}

/** A message that leaves. */
export interface Letter<M extends Message> {
  readonly to: NodeId;
  readonly message: M;
  readonly cause: Cause | undefined;
}

/** Nodes that share a clock, and that crash and pause together. */
export interface Machine<M extends Message, T> {
  readonly name: string;
  readonly nodes: SimulatedNode<M, T>[];
  /** Undefined: it is right. */
  clock: Clock | undefined;
}

/** What a node is built from. */
export interface Place<M extends Message, T> {
  readonly machine: Machine<M, T>;
  /** `others`: all other nodes that are no clients. */
  readonly build: (others: readonly NodeId[]) => Node<M, T>;
  readonly writeMs: Latency | undefined;
  /** Which stream of chance the disk draws from. */
  readonly diskStream: number;
}

/** What happens to a paused node waits here. */
export interface Waiting<M extends Message, T> {
  readonly event: Event<M, T>;
  readonly cause?: Cause;
  readonly alarm?: Alarm<T>;
}

/** All that changes in a node's place; shares nothing with the place it was taken from. */
export interface NodeState<M extends Message, T> {
  readonly node: Node<M, T> | undefined;
  readonly isPaused: boolean;
  readonly slowFactor: number;
  readonly waiting: readonly Waiting<M, T>[];
  readonly alarms: ReadonlyMap<string, Alarm<T>>;
  readonly chance: Random;
  readonly disk: SimulatedDisk<M>;
}

export class SimulatedNode<M extends Message, T> implements Host<M, T> {
  node: Node<M, T> | undefined;
  isPaused = false;
  slowFactor = 1;
  disk: SimulatedDisk<M>;
  /** Effects of the step in work, when somebody wants them. */
  effects: Effect<M, T>[] = [];
  waiting: Waiting<M, T>[] = [];
  private alarms = new Map<string, Alarm<T>>();
  private chance: Random;

  constructor(
    readonly id: NodeId,
    readonly place: Place<M, T>,
    private readonly world: Surroundings<M, T>,
  ) {
    this.chance = new Random(world.seed, world.nextStream());
    this.disk = new SimulatedDisk(place.writeMs, new Random(world.seed, place.diskStream));
  }

  /** What the clock of its machine says. */
  get nowMs(): number {
    const { clock } = this.place.machine;
    return clock === undefined ? this.world.nowMs : clock.read(this.world.nowMs);
  }

  random(): number {
    return this.chance.next();
  }

  send(to: NodeId, message: M): void {
    freeze(message);
    if (this.world.isTraced) this.effects.push({ kind: "send", to, message });
    const letter = { to, message, cause: this.world.causeOf(this) };
    if (this.disk.isBusy) this.disk.hold(letter);
    else this.world.send(this, letter);
  }

  setTimer(timer: T, afterMs: number): void {
    if (!(afterMs >= 0)) throw new RangeError(`a timer must not ring after ${afterMs} ms`);
    if (this.world.isTraced) this.effects.push({ kind: "setTimer", timer, afterMs });
    this.arm(timer, (afterMs * this.slowFactor) / (this.place.machine.clock?.rate ?? 1));
  }

  cancelTimer(timer: T): void {
    if (this.world.isTraced) this.effects.push({ kind: "cancelTimer", timer });
    this.alarms.delete(keyOf(timer));
  }

  save(key: string, value: unknown): void {
    if (this.world.isTraced) this.effects.push({ kind: "save", key, value: copy(value) });
    this.disk.save(key, copy(value));
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

  /** Everything but the disk is gone. */
  crash(): void {
    this.node = undefined;
    this.isPaused = false;
    this.alarms = new Map();
    this.waiting = [];
  }

  /** From now on timers last `factor` times as long, and pending ones the rest of their time. */
  setSlow(factor: number): void {
    this.stretch(factor / this.slowFactor);
    this.slowFactor = factor;
  }

  /** Pending timers last so many times the rest of their time. */
  stretch(factor: number): void {
    for (const { timer, dueMs } of [...this.alarms.values()]) {
      this.arm(timer, Math.max(0, dueMs - this.world.nowMs) * factor);
    }
  }

  state(): NodeState<M, T> {
    const { isPaused, slowFactor, waiting, alarms } = this;
    const [node, chance, disk] = [this.node, this.chance, this.disk].map(deepCopy) as [
      Node<M, T> | undefined,
      Random,
      SimulatedDisk<M>,
    ];
    const rest = { waiting: [...waiting], alarms: new Map(alarms) };
    return { node, chance, disk, isPaused, slowFactor, ...rest };
  }

  restore(state: NodeState<M, T>): void {
    this.node = deepCopy(state.node);
    this.chance = deepCopy(state.chance);
    this.disk = deepCopy(state.disk);
    this.isPaused = state.isPaused;
    this.slowFactor = state.slowFactor;
    this.waiting = [...state.waiting];
    this.alarms = new Map(state.alarms);
    this.effects = [];
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

/** The inside of the simulator: the heap of future events, and what happens at each. */
import { Heap, Random, assert } from "../../basics";
import type { Cause, Event, HostEvent, LossReason, Message, NodeId } from "../../protocol";
import type { TraceStep } from "../../protocol";
import { faultLabel } from "./faults";
import type { Fault } from "./faults";
import { throughJson } from "./isolate";
import { Network } from "./network";
import type { RunLimits, RunResult, SimulatorOptions } from "./options";
import { wholeMicroseconds } from "./simulated-node";
import type { Alarm, SimulatedNode, Surroundings } from "./simulated-node";

interface Arrival<M extends Message, T> {
  readonly kind: "message";
  readonly node: SimulatedNode<M, T>;
  readonly from: NodeId;
  readonly message: M;
  readonly cause: Cause | undefined;
}

type Happening<M extends Message, T> =
  | Arrival<M, T>
  | { readonly kind: "alarm"; readonly node: SimulatedNode<M, T>; readonly alarm: Alarm<T> }
  | { readonly kind: "start"; readonly node: SimulatedNode<M, T> }
  | { readonly kind: "fault"; readonly fault: Fault };

interface Future<M extends Message, T> {
  readonly atMs: number;
  readonly order: number;
  readonly what: Happening<M, T>;
}

export class Engine<M extends Message, T> implements Surroundings<M, T> {
  readonly nodes = new Map<NodeId, SimulatedNode<M, T>>();
  readonly machines = new Map<string, SimulatedNode<M, T>[]>();
  readonly trace: TraceStep<M, T>[] = [];
  readonly seed: number;
  readonly isTraced: boolean;
  nowMs = 0;
  isStopped = false;
  private order = 0;
  private streams = 0;
  private readonly network: Network;
  private readonly futures = new Heap<Future<M, T>>(
    (left, right) => left.atMs - right.atMs || left.order - right.order,
  );
  private readonly lastArrivals = new Map<string, number>();
  /** Messages lost while a step is in work: they follow it in the trace. */
  private losses: TraceStep<M, T>[] = [];

  constructor(private readonly options: SimulatorOptions<M, T>) {
    this.seed = options.seed;
    this.isTraced = options.isTraced ?? true;
    this.network = new Network(options.network ?? {}, new Random(options.seed, this.nextStream()));
  }

  nextStream(): number {
    return this.streams++;
  }

  plan(atMs: number, what: Happening<M, T>): void {
    this.futures.push({ atMs, order: this.order++, what });
  }

  run({ untilMs, maxEvents = 50_000_000 }: RunLimits): RunResult {
    this.isStopped = false;
    for (let events = 0; ; events++) {
      const { nowMs } = this;
      if (this.isStopped) return { kind: "stopped", nowMs, events };
      const next = this.futures.peek();
      if (next === undefined) return { kind: "quiet", nowMs, events };
      if (next.atMs > untilMs) {
        this.nowMs = Math.max(nowMs, untilMs);
        return { kind: "time", nowMs: this.nowMs, events };
      }
      assert(events < maxEvents, "too many events: is there an endless exchange?", { maxEvents });
      this.futures.pop();
      this.nowMs = next.atMs;
      this.happen(next.what);
    }
  }

  send(from: SimulatedNode<M, T>, to: NodeId, sent: M): void {
    const node = this.nodes.get(to);
    if (node === undefined) {
      throw new RangeError(`${from.id} sends "${sent.type}" to ${to}, but there is no such node`);
    }
    const message = this.options.passing === "json" ? throughJson(sent) : sent;
    const cause = this.isTraced
      ? { step: this.trace.length, effect: from.effects.length - 1 }
      : undefined;
    const arrival: Arrival<M, T> = { kind: "message", node, from: from.id, message, cause };
    if (from.machine === node.machine) return this.plan(this.nowMs, arrival);
    const fate = this.network.fate(from.id, to);
    if (fate.kind === "lost") {
      if (this.isTraced) this.losses.push(this.loss(arrival, fate.reason));
      return;
    }
    for (const afterMs of fate.afterMs) {
      this.plan(this.arrivalMs(from.id, to, afterMs), arrival);
    }
  }

  wake(node: SimulatedNode<M, T>, alarm: Alarm<T>): void {
    this.plan(alarm.dueMs, { kind: "alarm", node, alarm });
  }

  note(node: NodeId, label: string, detail: unknown): void {
    this.options.onNote?.({ atMs: this.nowMs, node, label, detail });
  }

  /** The nodes that a name stands for: a node, or all nodes of a machine. */
  resolve(name: string): readonly SimulatedNode<M, T>[] {
    const node = this.nodes.get(name);
    if (node !== undefined) return [node];
    const machine = this.machines.get(name);
    if (machine !== undefined) return machine;
    const known = [...this.nodes.keys()].slice(0, 10).join(", ");
    throw new RangeError(`there is no node or machine "${name}"; there are ${known}`);
  }

  private happen(what: Happening<M, T>): void {
    switch (what.kind) {
      case "message":
        return this.arrive(what);
      case "alarm":
        return this.ring(what.node, what.alarm);
      case "start":
        return this.start(what.node);
      case "fault":
        return this.strike(what.fault);
    }
  }

  private arrive(arrival: Arrival<M, T>): void {
    const { node, from, message, cause } = arrival;
    const isLocal = this.nodes.get(from)?.machine === node.machine;
    if (!isLocal && this.network.isCut(from, node.id))
      return this.record(this.loss(arrival, "cut"));
    if (node.node === undefined) return this.record(this.loss(arrival, "down"));
    const event = { kind: "message", from, message } as const;
    if (node.isPaused) node.waiting.push({ event, cause });
    else this.handle(node, event, cause);
  }

  private ring(node: SimulatedNode<M, T>, alarm: Alarm<T>): void {
    const event = { kind: "timer", timer: alarm.timer } as const;
    if (node.isPaused) {
      if (node.isSet(alarm)) node.waiting.push({ event, alarm });
    } else if (node.ring(alarm)) this.handle(node, event);
  }

  private start(node: SimulatedNode<M, T>): void {
    if (node.node !== undefined) return;
    node.node = node.build();
    const saved = Object.fromEntries(structuredClone(node.saved));
    this.handle(node, { kind: "start", saved });
  }

  private handle(node: SimulatedNode<M, T>, event: Event<M, T>, cause?: Cause): void {
    if (this.isTraced) node.effects = [];
    try {
      node.node?.handle(event, node);
    } catch (error) {
      throw inContext(error as Error, `${node.id} at ${this.nowMs} ms, ${describe(event)}`);
    }
    if (!this.isTraced) return;
    const step = { atMs: this.nowMs, node: node.id, event, effects: node.effects };
    this.record(cause === undefined ? step : { ...step, cause });
    for (const loss of this.losses) this.record(loss);
    this.losses = [];
  }

  private record(step: TraceStep<M, T>): void {
    if (!this.isTraced) return;
    this.trace.push(step);
    this.options.onStep?.(step);
  }

  private loss({ node, from, message, cause }: Arrival<M, T>, reason: LossReason): TraceStep<M, T> {
    const event = { kind: "lost", from, message, reason } as const;
    const step = { atMs: this.nowMs, node: node.id, event, effects: [] };
    return cause === undefined ? step : { ...step, cause };
  }

  private arrivalMs(from: NodeId, to: NodeId, afterMs: number): number {
    const atMs = this.nowMs + wholeMicroseconds(afterMs);
    if (!this.network.isOrdered(from, to)) return atMs;
    const link = `${from}>${to}`;
    const last = Math.max(atMs, this.lastArrivals.get(link) ?? 0);
    this.lastArrivals.set(link, last);
    return last;
  }

  private strike(fault: Fault): void {
    const all = (names: readonly string[]): NodeId[] =>
      names.flatMap((name) => this.resolve(name).map(({ id }) => id));
    this.tell("", { kind: "fault", label: faultLabel(fault) });
    switch (fault.kind) {
      case "partition":
        return fault.groups.forEach((from, i) =>
          fault.groups.forEach((to, j) => i !== j && this.network.cut(all(from), all(to))),
        );
      case "cut":
        return this.network.cut(all(fault.from), all(fault.to));
      case "heal":
        return this.network.heal();
      case "networkRates":
        return this.network.setRates(fault.rates);
      case "slow":
        return all(fault.names).forEach((id) => this.nodes.get(id)?.setSlow(fault.factor));
      default:
        for (const node of this.machinesOf(fault.names)) this.strikeNode(node, fault);
    }
  }

  /** All nodes on the machines of these names. */
  private machinesOf(names: readonly string[]): SimulatedNode<M, T>[] {
    const machines = new Set(names.flatMap((name) => this.resolve(name).map((n) => n.machine)));
    return [...machines].flatMap((machine) => this.machines.get(machine) ?? []);
  }

  private strikeNode(
    node: SimulatedNode<M, T>,
    fault: Extract<Fault, { kind: "crash" | "restart" | "pause" | "resume" }>,
  ): void {
    if (fault.kind === "restart") return this.start(node);
    if (node.node === undefined) return;
    if (fault.kind === "resume" && !node.isPaused) return;
    this.tell(node.id, { kind: fault.kind });
    if (fault.kind === "crash") node.crash(fault.disk === "lost");
    else if (fault.kind === "pause") node.isPaused = true;
    else this.resume(node);
  }

  private resume(node: SimulatedNode<M, T>): void {
    node.isPaused = false;
    const { waiting } = node;
    node.waiting = [];
    for (const { event, cause, alarm } of waiting) {
      if (alarm === undefined || node.ring(alarm)) this.handle(node, event, cause);
    }
  }

  private tell(node: NodeId, event: HostEvent<M>): void {
    this.record({ atMs: this.nowMs, node, event, effects: [] });
  }
}

function describe(event: Event): string {
  if (event.kind === "message") return `on "${event.message.type}" from ${event.from}`;
  return event.kind === "timer" ? `on timer ${JSON.stringify(event.timer)}` : "on its start";
}

const frozenHint = " (a message is frozen when it is sent: send a copy of what the node changes)";

function inContext(error: Error, where: string): Error {
  const isFrozen = /not extensible|read only property|Cannot delete property/.test(error.message);
  error.message = `${where}: ${error.message}${isFrozen ? frozenHint : ""}`;
  return error;
}

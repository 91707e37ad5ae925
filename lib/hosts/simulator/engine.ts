/** The inside of the simulator: the heap of future events, and what happens at each. */
import { Heap, Random, assert } from "../../basics";
import type { Cause, Event, HostEvent, LossReason, Message, NodeId } from "../../protocol";
import type { TraceStep } from "../../protocol";
import { wholeMicroseconds } from "./clock";
import { deepCopy } from "./deep-copy";
import type { Disk } from "./faults";
import type { Arrival, Future, Happening } from "./future";
import { throughJson } from "./isolate";
import { Network } from "./network";
import type { RunLimits, RunResult, SimulatorOptions } from "./options";
import { SimulatedNode } from "./simulated-node";
import type { Alarm, Letter, Machine, Place, Surroundings } from "./simulated-node";
import type { EngineState } from "./snapshot";
import { strike } from "./strike";
import type { Struck } from "./strike";

export class Engine<M extends Message, T> implements Surroundings<M, T>, Struck<M, T> {
  nodes = new Map<NodeId, SimulatedNode<M, T>>();
  machines = new Map<string, Machine<M, T>>();
  trace: TraceStep<M, T>[] = [];
  readonly seed: number;
  readonly isTraced: boolean;
  nowMs = 0;
  isStopped = false;
  private isRunning = false;
  network: Network;
  private order = 0;
  private streams = 0;
  private readonly futures = new Heap<Future<M, T>>(
    (left, right) => left.atMs - right.atMs || left.order - right.order,
  );
  /** Messages that have come to a clogged place. */
  private held: Arrival<M, T>[] = [];
  /** Messages lost while a step is in work: they follow it in the trace. */
  private losses: TraceStep<M, T>[] = [];

  constructor(private readonly options: SimulatorOptions<M, T>) {
    this.seed = options.seed;
    this.isTraced = options.isTraced ?? true;
    this.network = new Network(options.network ?? {}, new Random(options.seed, this.nextStream()));
  }

  addNode(id: NodeId, place: Place<M, T>): SimulatedNode<M, T> {
    const node = new SimulatedNode<M, T>(id, place, this);
    this.nodes.set(id, node);
    place.machine.nodes.push(node);
    this.machines.set(place.machine.name, place.machine);
    return node;
  }

  nextStream(): number {
    return this.streams++;
  }

  plan(atMs: number, what: Happening<M, T>): void {
    this.futures.push({ atMs, order: this.order++, what });
  }

  run(limits: RunLimits): RunResult {
    if (!(limits.untilMs >= 0)) {
      throw new RangeError(`untilMs must be 0 or more, but was ${limits.untilMs}`);
    }
    this.isStopped = false;
    this.isRunning = true;
    try {
      return this.runOn(limits);
    } finally {
      this.isRunning = false;
    }
  }

  private runOn({ untilMs, maxEvents = 50_000_000 }: RunLimits): RunResult {
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

  causeOf(node: SimulatedNode<M, T>): Cause | undefined {
    if (!this.isTraced) return undefined;
    return { step: this.trace.length, effect: node.effects.length - 1 };
  }

  send(from: SimulatedNode<M, T>, { to, message: sent, cause }: Letter<M>): void {
    const node = this.nodes.get(to);
    if (node === undefined) {
      const known = this.knownNodes();
      throw new RangeError(
        `${from.id} sends "${sent.type}" to ${to}, but there is no such node; there are ${known}`,
      );
    }
    const message = this.options.passing === "json" ? throughJson(sent) : sent;
    const arrival: Arrival<M, T> = { kind: "message", node, from: from.id, message, cause };
    if (from.place.machine === node.place.machine) return this.plan(this.nowMs, arrival);
    const fate = this.network.fate(from.id, to, { nowMs: this.nowMs, message });
    if (fate.kind === "lost") {
      if (this.isTraced) this.losses.push(this.loss(arrival, fate.reason));
      return;
    }
    for (const atMs of fate.atMs) this.plan(atMs, arrival);
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
    if (machine !== undefined) return machine.nodes;
    throw new RangeError(`there is no node or machine "${name}"; there are ${this.knownNodes()}`);
  }

  /** Names of nodes, for messages; at most ten. */
  knownNodes(): string {
    const names = [...this.nodes.keys()];
    const more = names.length > 10 ? ` and ${names.length - 10} more` : "";
    return (names.slice(0, 10).join(", ") || "none") + more;
  }

  /** The machines of these names. */
  machinesOf(names: readonly string[]): readonly Machine<M, T>[] {
    return [...new Set(names.flatMap((name) => this.resolve(name).map((n) => n.place.machine)))];
  }

  private happen(what: Happening<M, T>): void {
    switch (what.kind) {
      case "message":
        return this.arrive(what);
      case "alarm":
        return this.ring(what.node, what.alarm);
      case "start":
        return this.start(what.node);
      case "written":
        return this.finishWrite(what.node, what.write);
      case "fault":
        return strike(this, what.fault);
    }
  }

  private arrive(arrival: Arrival<M, T>): void {
    const { node, from, message, cause } = arrival;
    const isLocal = this.nodes.get(from)?.place.machine === node.place.machine;
    if (!isLocal && this.network.isCut(from, node.id))
      return this.record(this.loss(arrival, "cut"));
    const { clogs } = this.network;
    if (!isLocal && !clogs.isEmpty && clogs.holds(from, node.id)) {
      this.held.push(arrival);
      return;
    }
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

  /** No effect on a node that is up; one with a corrupt disk refuses. */
  start(node: SimulatedNode<M, T>): void {
    if (node.node !== undefined) return;
    const { isCorrupt, saved } = node.disk;
    if (isCorrupt && saved.size > 0) {
      const label = `${node.id} refuses to start: the checksum of a save is wrong`;
      return this.tell(node.id, { kind: "fault", label });
    }
    const others = [...this.nodes.keys()].filter((id) => id !== node.id && !id.startsWith("c"));
    node.node = node.place.build(others);
    this.handle(node, { kind: "start", saved: Object.fromEntries(structuredClone(saved)) });
  }

  crash(node: SimulatedNode<M, T>, left: Disk): void {
    if (node.node === undefined) {
      // There is nobody to stop, but the disk may be taken away.
      if (left === "lost") node.disk.crash(left);
      return;
    }
    this.tell(node.id, { kind: "crash" });
    node.crash();
    for (const { to, message, cause } of node.disk.crash(left)) {
      const receiver = this.nodes.get(to);
      if (receiver === undefined) continue;
      const never: Arrival<M, T> = {
        kind: "message",
        node: receiver,
        from: node.id,
        message,
        cause,
      };
      this.record(this.loss(never, "unsent"));
    }
  }

  pause(node: SimulatedNode<M, T>): void {
    if (node.node === undefined || node.isPaused) return;
    this.tell(node.id, { kind: "pause" });
    node.isPaused = true;
  }

  resume(node: SimulatedNode<M, T>): void {
    if (node.node === undefined || !node.isPaused) return;
    this.tell(node.id, { kind: "resume" });
    node.isPaused = false;
    const { waiting } = node;
    node.waiting = [];
    this.sendReleased(node);
    for (const { event, cause, alarm } of waiting) {
      if (alarm === undefined || node.ring(alarm)) this.handle(node, event, cause);
    }
  }

  /** What was held and is so no longer arrives now. */
  deliverHeld(): void {
    const { clogs } = this.network;
    const isStuck = ({ from, node }: Arrival<M, T>): boolean => clogs.holds(from, node.id);
    const free = this.held.filter((arrival) => !isStuck(arrival));
    this.held = this.held.filter(isStuck);
    for (const arrival of free) this.plan(this.nowMs, arrival);
  }

  tell(node: NodeId, event: HostEvent<M>): void {
    this.record({ atMs: this.nowMs, node, event, effects: [] });
  }

  state(): EngineState<M, T> {
    assert(!this.isRunning, "a snapshot is taken between two runs, not within one");
    const futures: Future<M, T>[] = [];
    for (let next = this.futures.pop(); next !== undefined; next = this.futures.pop()) {
      futures.push(next);
    }
    for (const future of futures) this.futures.push(future);
    const { nowMs, order, streams, trace, held } = this;
    return {
      ...{ nowMs, order, streams, futures, held: [...held], trace: [...trace] },
      network: deepCopy(this.network),
      nodes: [...this.nodes.values()].map(({ id, place }) => ({ id, place })),
      states: [...this.nodes.values()].map((node) => node.state()),
      clocks: new Map([...this.machines].map(([name, { clock }]) => [name, deepCopy(clock)])),
    };
  }

  /** Everything as it was then; nodes that were added since are gone. */
  restore(state: EngineState<M, T>): void {
    assert(!this.isRunning, "a simulation is rewound between two runs, not within one");
    this.nodes = new Map();
    this.machines = new Map();
    state.nodes.forEach(({ id, place }, i) => {
      const { name } = place.machine;
      const clock = deepCopy(state.clocks.get(name));
      const machine = this.machines.get(name) ?? { name, nodes: [], clock };
      this.addNode(id, { ...place, machine }).restore(state.states[i]);
    });
    Object.assign(this, { nowMs: state.nowMs, order: state.order, streams: state.streams });
    this.network = deepCopy(state.network);
    this.trace = [...state.trace];
    this.losses = [];
    this.held = state.held.map((arrival) => ({ ...arrival, node: this.twinOf(arrival.node) }));
    while (this.futures.pop() !== undefined);
    for (const future of state.futures) {
      const { what } = future;
      const twin = "node" in what ? { ...what, node: this.twinOf(what.node) } : what;
      this.futures.push({ ...future, what: twin });
    }
  }

  private twinOf({ id }: SimulatedNode<M, T>): SimulatedNode<M, T> {
    const twin = this.nodes.get(id);
    assert(twin !== undefined, "a snapshot has all nodes of its future", { id });
    return twin;
  }

  private finishWrite(node: SimulatedNode<M, T>, write: number): void {
    if (!node.disk.finish(write)) return;
    if (!node.isPaused) this.sendReleased(node);
    this.beginWrite(node);
  }

  private sendReleased(node: SimulatedNode<M, T>): void {
    for (const letter of node.disk.release()) this.send(node, letter);
    this.recordLosses();
  }

  private beginWrite(node: SimulatedNode<M, T>): void {
    const begun = node.disk.begin();
    if (begun === undefined) return;
    const atMs = this.nowMs + wholeMicroseconds(begun.lastsMs);
    this.plan(atMs, { kind: "written", node, write: begun.write });
  }

  private handle(node: SimulatedNode<M, T>, event: Event<M, T>, cause?: Cause): void {
    if (this.isTraced) node.effects = [];
    try {
      node.node?.handle(event, node);
    } catch (error) {
      const atMs = Number(this.nowMs.toFixed(3));
      throw inContext(error as Error, `${node.id} at ${atMs} ms, ${describe(event)}`);
    }
    if (node.disk.isBusy) this.beginWrite(node);
    if (!this.isTraced) return;
    const step = { atMs: this.nowMs, node: node.id, event, effects: node.effects };
    this.record(cause === undefined ? step : { ...step, cause });
    this.recordLosses();
  }

  private recordLosses(): void {
    if (this.losses.length === 0) return;
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

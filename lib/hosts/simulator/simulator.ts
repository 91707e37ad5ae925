/**
 * Runs protocols in virtual time, in one order that a seed decides: the same seed gives the same
 * run, byte for byte, with the faults that networks and machines have.
 *
 * Source: the shape of TigerBeetle's VOPR and of madsim: one heap of future events, one stream of
 * chance for the network and one a node; messages are frozen, so that nodes share nothing.
 * Assumes: nodes keep the contract (no clock, chance or state from elsewhere): see `playTwice`.
 * Guarantees: events happen in the order of their time, then of their making; a save is durable at
 * once; a message to a crashed node is lost, one to a paused node waits.
 * Cost: O(log n) an event, n the events to come; a trace keeps every step in memory.
 */
import { inRange } from "../../basics";
import type { Message, Node, NodeId, Protocol, Trace } from "../../protocol";
import { Engine } from "./engine";
import type { Fault, ScheduledFault } from "./faults";
import type { Placement, RunLimits, RunResult, SimulatorOptions } from "./options";
import { SimulatedNode } from "./simulated-node";

export class Simulator<M extends Message = Message, T = unknown> {
  private readonly engine: Engine<M, T>;

  constructor(options: SimulatorOptions<M, T>) {
    this.engine = new Engine(options);
  }

  /** Adds a node; it starts at `startAtMs`. Throws a RangeError for a name that is taken. */
  add<O>(id: NodeId, protocol: Protocol<M, T, O>, placement: Placement<O> = {}): void {
    const { engine } = this;
    const machine = placement.machine ?? id;
    if (engine.nodes.has(id)) throw new RangeError(`there are two nodes of the name ${id}`);
    const build = (): Node<M, T> =>
      new protocol(id, placement.peers ?? this.peersOf(id), placement.options);
    const node = new SimulatedNode<M, T>(id, { machine, build }, engine);
    engine.nodes.set(id, node);
    engine.machines.set(machine, [...(engine.machines.get(machine) ?? []), node]);
    engine.plan(Math.max(engine.nowMs, placement.startAtMs ?? 0), { kind: "start", node });
  }

  /** Faults to come. Throws a RangeError for a name that no node or machine has. */
  schedule(...faults: readonly ScheduledFault[]): void {
    for (const { atMs, fault } of faults) {
      inRange("atMs of a fault", atMs, { min: this.nowMs, max: Number.MAX_SAFE_INTEGER });
      for (const name of namesOf(fault)) this.engine.resolve(name);
      if (fault.kind === "slow") inRange("factor", fault.factor, { min: 1e-3, max: 1e6 });
      this.engine.plan(atMs, { kind: "fault", fault });
    }
  }

  /** A message from outside, as from a client that is not simulated; it arrives now. */
  inject(from: NodeId, to: NodeId, message: M): void {
    const node = this.find(to);
    this.engine.plan(this.nowMs, { kind: "message", node, from, message, cause: undefined });
  }

  /** Runs on until a limit; may be called again, to run further. */
  run(limits: RunLimits): RunResult {
    return this.engine.run(limits);
  }

  /** Ends `run` after the event in work: for `onNote` and `onStep`. */
  stop(): void {
    this.engine.isStopped = true;
  }

  get nowMs(): number {
    return this.engine.nowMs;
  }

  get seed(): number {
    return this.engine.seed;
  }

  /** Every step until now; empty when the run is not traced. */
  get trace(): Trace<M, T> {
    return this.engine.trace;
  }

  /** The node itself, to look at; undefined while it is down. */
  nodeOf(id: NodeId): Node<M, T> | undefined {
    return this.find(id).node;
  }

  isUp(id: NodeId): boolean {
    return this.nodeOf(id) !== undefined;
  }

  /** What the node has on its disk. */
  savedOf(id: NodeId): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.find(id).saved);
  }

  private find(id: NodeId): SimulatedNode<M, T> {
    const node = this.engine.nodes.get(id);
    if (node === undefined) throw new RangeError(`there is no node "${id}"`);
    return node;
  }

  private peersOf(id: NodeId): NodeId[] {
    return [...this.engine.nodes.keys()].filter((peer) => peer !== id && !peer.startsWith("c"));
  }
}

function namesOf(fault: Fault): readonly string[] {
  if ("names" in fault) return fault.names;
  if (fault.kind === "partition") return fault.groups.flat();
  return fault.kind === "cut" ? [...fault.from, ...fault.to] : [];
}

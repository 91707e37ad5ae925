/**
 * Runs protocols in virtual time, in one order that a seed decides: the same seed gives the same
 * run, byte for byte, with the faults that networks, machines, clocks and disks have.
 *
 * Source: the shape of TigerBeetle's VOPR and of madsim: one heap of future events, one stream of
 * chance for the network and one a node; messages are frozen, so that nodes share nothing.
 * Assumes: nodes keep the contract (no clock, chance or state from elsewhere): see `playTwice`.
 * Guarantees: events happen in the order of their time, then of their making; a message leaves when
 * all saves before it are durable; to a crashed node it is lost, to a paused one it waits.
 * Cost: O(log n) an event, n the events to come; a trace keeps every step in memory.
 */
import { inRange } from "../../basics";
import type { Message, Node, NodeId, Protocol, Trace } from "../../protocol";
import { checkFault, namesOf } from "./check-fault";
import { checkDrift, checkJump } from "./clock";
import type { ClockOptions } from "./clock";
import { Engine } from "./engine";
import type { ScheduledFault } from "./faults";
import { checkNames } from "./link-options";
import { placementNames, simulatorNames } from "./options";
import type { Placement, RunLimits, RunResult, SimulatorOptions } from "./options";
import type { Machine, SimulatedNode } from "./simulated-node";
import { Snapshot } from "./snapshot";
import { clockOf, setDrift } from "./strike";

/** Streams of chance from here on are the disks': so a disk changes nothing else. */
const firstDiskStream = 1_000_000;

export class Simulator<M extends Message = Message, T = unknown> {
  private readonly engine: Engine<M, T>;
  /** What a fork shares with the simulation it comes from. */
  private family: object = {};

  /** Throws a RangeError that names the option that is wrong. */
  constructor(private readonly options: SimulatorOptions<M, T>) {
    checkNames("the simulator", options, simulatorNames);
    this.engine = new Engine(options);
  }

  /**
   * Adds a node; it starts at `startAtMs`. Throws a RangeError for a name that is taken, and for an
   * option that is wrong.
   */
  add<O>(id: NodeId, protocol: Protocol<M, T, O>, placement: Placement<O> = {}): void {
    const { engine } = this;
    checkNames(`the placement of ${id}`, placement, placementNames);
    if (engine.nodes.has(id)) throw new RangeError(`there are two nodes of the name ${id}`);
    const build = (others: readonly NodeId[]): Node<M, T> =>
      new protocol(id, placement.peers ?? others, placement.options);
    const disk = { ...this.options.disk, ...placement.disk };
    checkNames("disk", disk, ["writeMs"]);
    inRange("startAtMs", placement.startAtMs ?? 0, { min: 0, max: Number.MAX_SAFE_INTEGER });
    const machine = this.machineFor(placement.machine ?? id, placement.clock);
    const diskStream = firstDiskStream + engine.nodes.size;
    const node = engine.addNode(id, { machine, build, writeMs: disk.writeMs, diskStream });
    engine.plan(Math.max(engine.nowMs, placement.startAtMs ?? 0), { kind: "start", node });
  }

  /**
   * Faults to come. Throws a RangeError for a name that no node or machine has, and for a value
   * that is out of its range.
   */
  schedule(...faults: readonly ScheduledFault[]): void {
    for (const { atMs, fault } of faults) {
      inRange("atMs of a fault", atMs, { min: this.nowMs, max: Number.MAX_SAFE_INTEGER });
      for (const name of namesOf(fault)) this.engine.resolve(name);
      checkFault(fault);
    }
    for (const { atMs, fault } of faults) this.engine.plan(atMs, { kind: "fault", fault });
  }

  /** A message from outside, as from a client that is not simulated; it arrives now. */
  inject(from: NodeId, to: NodeId, message: M): void {
    const node = this.find(to);
    this.engine.plan(this.nowMs, { kind: "message", node, from, message, cause: undefined });
  }

  /**
   * Runs on until a limit; may be called again, to run further. Throws a RangeError when a link of
   * the network names a node that there is not.
   */
  run(limits: RunLimits): RunResult {
    for (const name of this.engine.network.named) {
      if (this.engine.nodes.has(name)) continue;
      const known = this.engine.knownNodes();
      throw new RangeError(`network.links names "${name}", but there are only ${known}`);
    }
    return this.engine.run(limits);
  }

  /** Ends `run` after the event in work: for `onNote` and `onStep`. */
  stop(): void {
    this.engine.isStopped = true;
  }

  /**
   * This moment, to come back to: nodes, disks, clocks, network, chance, the trace and all that is
   * yet to happen. Fields of nodes are copied in depth, so they must be plain data or objects of
   * it; what nodes share outside of their fields is not part of it. Not to be taken within a step.
   * Cost: the size of all state and of the trace.
   */
  snapshot(): Snapshot<M, T> {
    return new Snapshot(this.engine.state(), this.family);
  }

  /**
   * Goes back to a snapshot of this simulation, or of one that it was forked from or to; as often
   * as you like. The run from there is the same again, byte for byte, unless you change something.
   * Nodes are new objects then: ask `nodeOf` again.
   */
  rewind(snapshot: Snapshot<M, T>): void {
    if (!snapshot.isOf(this.family)) {
      throw new RangeError("this snapshot is of another simulation: rewind to one of this one");
    }
    this.engine.restore(snapshot.state);
  }

  /** A simulation of its own with the same past; `onStep` and `onNote` hear both unless changed. */
  fork(changes: Pick<SimulatorOptions<M, T>, "onStep" | "onNote"> = {}): Simulator<M, T> {
    const twin = new Simulator<M, T>({ ...this.options, ...changes });
    twin.family = this.family;
    twin.rewind(this.snapshot());
    return twin;
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

  /** What the clock of the node's machine says. */
  clockOf(id: NodeId): number {
    return this.find(id).nowMs;
  }

  /** What is durable on the node's disk. */
  savedOf(id: NodeId): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.find(id).disk.saved);
  }

  private find(id: NodeId): SimulatedNode<M, T> {
    const node = this.engine.nodes.get(id);
    if (node !== undefined) return node;
    throw new RangeError(`there is no node "${id}"; there are ${this.engine.knownNodes()}`);
  }

  private machineFor(name: string, clock: Partial<ClockOptions> = {}): Machine<M, T> {
    checkNames("clock", clock, ["skewMs", "driftPpm"]);
    const { skewMs = 0, driftPpm = 0 } = clock;
    checkJump("clock.skewMs", skewMs);
    checkDrift("clock.driftPpm", driftPpm);
    const known = this.engine.machines.get(name);
    const isRight = skewMs === 0 && driftPpm === 0;
    if (known !== undefined && !isRight) {
      throw new RangeError(`machine ${name} has its clock: give one with its first node only`);
    }
    const machine: Machine<M, T> = known ?? { name, nodes: [], clock: undefined };
    if (!isRight) clockOf(machine, this.nowMs).jump(skewMs);
    if (!isRight) setDrift(machine, driftPpm, this.nowMs);
    return machine;
  }
}

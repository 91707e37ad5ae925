/**
 * A simulated Raft cluster with clients, ready for notebooks: what it did, what its clients saw,
 * what it cost. Virtual time, and the same run for the same options.
 */
import { inRange, wholeInRange } from "../../../basics";
import { at, notedHistory, Simulator } from "../../../hosts";
import type { Fault, NetworkOptions, SimulatedNote } from "../../../hosts";
import { aroundHost, operationsOf } from "../../../protocol";
import type { Event, HistoryEvent, NodeId, Operation, Trace } from "../../../protocol";
import { RaftClient } from "../client";
import type { RaftClientOptions } from "../client";
import { RaftInvariants } from "../invariants";
import type { Violation } from "../invariants";
import type { RaftMessage, RaftTimer } from "../messages";
import type { RaftOptions } from "../options";
import { Raft } from "../raft";
import type { RaftHost } from "../state";
import type { RaftClass } from "../storm/run";

/** Who is who at the moment of a fault. */
export interface Roles {
  /** Of the highest term; "" when nobody leads. */
  readonly leader: NodeId;
  /** The living servers besides the leader. */
  readonly followers: readonly NodeId[];
}

/** A fault that depends on who leads when it strikes. */
export interface ScriptedFault {
  readonly atMs: number;
  readonly fault: Fault | ((roles: Roles) => Fault);
}

export interface RaftSimulation {
  /** Any whole number; decides the run. */
  readonly seed: number;
  /** n1, n2...; 1 to 99, default 3. */
  readonly servers?: number;
  /** One client each, c1, c2...; default none. */
  readonly clients?: readonly Partial<RaftClientOptions>[];
  /** Clients begin so late, that a leader is there; default 1,000 ms. */
  readonly clientsStartMs?: number;
  /** Default `Raft`; or one of `raftVariants`. */
  readonly server?: RaftClass;
  /** Asks for votes at once, and leads unless a fault prevents it; default: chance decides. */
  readonly firstLeader?: NodeId;
  /** Of every server. */
  readonly options?: Partial<RaftOptions>;
  /** Default: a local network that loses nothing. */
  readonly network?: Partial<NetworkOptions>;
  /** In any order; default none. */
  readonly faults?: readonly ScriptedFault[];
  /** Virtual time of the end; default: when the clients have done all, one hour at most. */
  readonly untilMs?: number;
  /** Keeps the trace, for diagrams; default false, which is several times as fast. */
  readonly isTraced?: boolean;
}

export interface RaftRun {
  /** Empty unless it was asked for. */
  readonly trace: Trace<RaftMessage, RaftTimer>;
  /** What the clients saw, for checks. */
  readonly history: readonly HistoryEvent[];
  /** The same as calls with their answers. */
  readonly operations: readonly Operation[];
  /** Every leader, in order. */
  readonly leaders: readonly {
    readonly atMs: number;
    readonly id: NodeId;
    readonly term: number;
  }[];
  /** Who stood for election, in order: at most one of each term becomes leader. */
  readonly candidacies: readonly { readonly atMs: number; readonly id: NodeId }[];
  /** Between servers since the clients began, answers and heartbeats included. */
  readonly messages: number;
  /** Those that live at the end, to look at. */
  readonly servers: readonly Raft[];
  /** The property that was broken, where the run has ended; undefined: all held at every event. */
  readonly violation: Violation | undefined;
}

/** Throws a RangeError that names the option that is wrong. */
export function simulateRaft(simulation: RaftSimulation): RaftRun {
  wholeInRange("servers", simulation.servers ?? 3, { min: 1, max: 99 });
  inRange("untilMs", simulation.untilMs ?? 0, { min: 0, max: Number.MAX_SAFE_INTEGER });
  return new SimulatedCluster(simulation).run();
}

const hourMs = 3_600_000;

class SimulatedCluster {
  private readonly simulator: Simulator<RaftMessage, RaftTimer>;
  private readonly invariants = new RaftInvariants();
  private readonly ids: readonly NodeId[];
  private readonly notes: SimulatedNote[] = [];
  private messages = 0;
  /** Operations that have not ended. */
  private open: number;
  private violation: Violation | undefined;

  constructor(private readonly given: RaftSimulation) {
    const { seed, network, isTraced = false, clients = [] } = given;
    this.open = clients.reduce((all, { operations = [] }) => all + operations.length, 0);
    this.ids = Array.from({ length: given.servers ?? 3 }, (_, i) => `n${i + 1}`);
    this.simulator = new Simulator({
      seed,
      isTraced,
      ...(network && { network }),
      onNote: (note) => this.hear(note),
    });
    this.addServers();
    this.addClients();
    const { firstLeader } = given;
    if (firstLeader === undefined) return;
    this.simulator.inject("outside", firstLeader, { type: "timeoutNow", term: 0 });
  }

  run(): RaftRun {
    const faults = [...(this.given.faults ?? [])].sort((left, right) => left.atMs - right.atMs);
    for (const { atMs, fault } of faults) {
      this.runUntil(atMs);
      this.simulator.schedule(at(atMs, typeof fault === "function" ? fault(this.roles()) : fault));
    }
    this.runUntil(this.given.untilMs ?? hourMs);
    const { messages, violation } = this;
    const { trace } = this.simulator;
    const history = notedHistory(this.notes);
    const operations = operationsOf(history);
    const servers = this.living();
    return { trace, history, operations, ...this.elections(), messages, servers, violation };
  }

  /** A broken property is the end: what follows from it tells nothing. */
  private runUntil(untilMs: number): void {
    if (this.violation === undefined) this.simulator.run({ untilMs });
  }

  private hear(note: SimulatedNote): void {
    this.notes.push(note);
    if (!note.node.startsWith("c") || note.label === "invoke") return;
    if (--this.open === 0 && this.given.untilMs === undefined) this.simulator.stop();
  }

  private addServers(): void {
    const { options, server = Raft } = this.given;
    const watched = this.watched(server);
    for (const id of this.ids) {
      const peers = this.ids.filter((other) => other !== id);
      this.simulator.add(id, watched, { peers, ...(options && { options }) });
    }
  }

  private addClients(): void {
    const { clients = [], clientsStartMs = 1_000 } = this.given;
    clients.forEach((options, i) => {
      const placement = { options, peers: this.ids, startAtMs: clientsStartMs };
      this.simulator.add(`c${i + 1}`, RaftClient, placement);
    });
  }

  /** The server's class, its messages counted and every event followed by the invariants. */
  private watched(server: RaftClass): RaftClass {
    const observe = (node: Raft): void => {
      this.violation ??= this.invariants.observe(node);
      if (this.violation !== undefined) this.simulator.stop();
    };
    const { clientsStartMs = 1_000 } = this.given;
    const count = (to: NodeId, nowMs: number): void => {
      if (!to.startsWith("c") && nowMs >= clientsStartMs) this.messages++;
    };
    return class extends server {
      override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
        const send = (to: NodeId, message: RaftMessage): void => {
          count(to, host.nowMs);
          host.send(to, message);
        };
        super.handle(event, aroundHost(host, { send }));
        observe(this);
      }
    };
  }

  private living(): Raft[] {
    return this.ids.flatMap((id) => (this.simulator.nodeOf(id) as Raft | undefined) ?? []);
  }

  private roles(): Roles {
    const living = this.living();
    const leaders = living.filter(({ role }) => role === "leader");
    const leader = leaders.sort((left, right) => right.currentTerm - left.currentTerm)[0]?.id ?? "";
    const followers = living.map(({ id }) => id).filter((id) => id !== leader);
    return { leader, followers };
  }

  private elections(): Pick<RaftRun, "leaders" | "candidacies"> {
    const noted = (label: string): SimulatedNote[] =>
      this.notes.filter((note) => note.label === label);
    return {
      leaders: noted("becameLeader").map(({ atMs, node, detail }) => {
        return { atMs, id: node, term: (detail as { term: number }).term };
      }),
      candidacies: noted("becameCandidate").map(({ atMs, node }) => ({ atMs, id: node })),
    };
  }
}

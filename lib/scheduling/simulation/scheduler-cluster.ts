/** A simulated scheduler with workers, clients and a store of effects: for notebooks and storms. */
import { Simulator } from "../../hosts";
import type { ScheduledFault, SimulatedNote, SimulatorOptions } from "../../hosts";
import type { RaftOptions } from "../../consensus/raft";
import type { NodeId, Protocol, Trace } from "../../protocol";
import type { BoardSettings } from "../board";
import type { BoardState } from "../board/state";
import { SchedulerClient } from "../client";
import type { SchedulerClientOptions } from "../client";
import { EffectStore } from "../effect-store";
import type { SchedulerMessage, SchedulerTimer } from "../messages";
import { ReplicatedScheduler } from "../replicated-scheduler";
import { SchedulerServer } from "../scheduler-server";
import { SchedulerWorker } from "../worker";
import type { WorkerOptions } from "../worker";

type Class = Protocol<SchedulerMessage, SchedulerTimer, unknown>;

/** Classes in place of the library's own: for planted bugs and probes. */
export interface SchedulerParts {
  readonly server?: typeof SchedulerServer;
  readonly replica?: typeof ReplicatedScheduler;
  readonly worker?: typeof SchedulerWorker;
  readonly store?: typeof EffectStore;
}

export interface SchedulerClusterSettings {
  /** Any whole number; decides the run. */
  readonly seed: number;
  /** 1, the default: a `SchedulerServer`; more: that many `ReplicatedScheduler`s, n1, n2... */
  readonly servers?: number;
  readonly settings?: Partial<BoardSettings>;
  /** Of a single server: changes between snapshots. */
  readonly snapshotEvery?: number;
  /** The registered state machine. Default "task board". */
  readonly machine?: string;
  readonly raft?: Partial<RaftOptions>;
  readonly parts?: SchedulerParts;
  readonly simulator?: Omit<SimulatorOptions<SchedulerMessage, SchedulerTimer>, "seed" | "onNote">;
  readonly onNote?: (note: SimulatedNote) => void;
}

export class SchedulerCluster {
  readonly ids: readonly NodeId[];
  readonly workers: NodeId[] = [];
  readonly clients: NodeId[] = [];
  readonly notes: SimulatedNote[] = [];
  readonly simulator: Simulator<SchedulerMessage, SchedulerTimer>;

  constructor(private readonly given: SchedulerClusterSettings) {
    const { seed, servers = 1, parts = {} } = given;
    this.simulator = new Simulator({
      isTraced: false,
      ...given.simulator,
      seed,
      onNote: (note) => {
        this.notes.push(note);
        given.onNote?.(note);
      },
    });
    this.ids = Array.from({ length: servers }, (_, i) => `n${i + 1}`);
    for (const id of this.ids) this.addServer(id);
    this.simulator.add("e1", (parts.store ?? EffectStore) as Class, { peers: [] });
  }

  get nowMs(): number {
    return this.simulator.nowMs;
  }

  get trace(): Trace<SchedulerMessage, SchedulerTimer> {
    return this.simulator.trace;
  }

  private addServer(id: NodeId): void {
    const { settings = {}, machine = "task board", snapshotEvery, raft, parts = {} } = this.given;
    const peers = this.ids.filter((other) => other !== id);
    const own = peers.length === 0 ? snapshotEvery && { snapshotEvery } : raft;
    const options = { settings, machine, ...own };
    const single = (parts.server ?? SchedulerServer) as Class;
    const replica = (parts.replica ?? ReplicatedScheduler) as Class;
    this.simulator.add(id, peers.length === 0 ? single : replica, { peers, options });
  }

  /** Effects go to "e1", unless the options say otherwise. */
  addWorker(id: NodeId, options: Partial<WorkerOptions>): void {
    this.workers.push(id);
    const worker = (this.given.parts?.worker ?? SchedulerWorker) as Class;
    const own = { effects: "e1", ...options };
    this.simulator.add(id, worker, { peers: this.ids, options: own });
  }

  addClient(id: NodeId, options: Partial<SchedulerClientOptions>): void {
    this.clients.push(id);
    this.simulator.add(id, SchedulerClient as Class, { peers: this.ids, options });
  }

  schedule(...faults: readonly ScheduledFault[]): void {
    this.simulator.schedule(...faults);
  }

  /** Returns how many events there were. */
  run(untilMs: number): number {
    return this.simulator.run({ untilMs, maxEvents: 5_000_000 }).events;
  }

  /** Servers that live, to look at. */
  living(): (SchedulerServer | ReplicatedScheduler)[] {
    return this.ids.flatMap((id) => {
      const node = this.simulator.nodeOf(id);
      return node === undefined ? [] : [node as unknown as SchedulerServer | ReplicatedScheduler];
    });
  }

  /** What the scheduler knows: of several servers, the one that has done most. */
  state(): BoardState | undefined {
    const states = this.living().map((server) => server.state);
    return states.sort((left, right) => right.lastNumber - left.lastNumber)[0];
  }

  /** The store of effects, if it lives. */
  store(): EffectStore | undefined {
    return this.simulator.nodeOf("e1") as EffectStore | undefined;
  }
}

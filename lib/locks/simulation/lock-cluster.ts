/** A simulated lock service with clients and a resource: for notebooks, tests and storms. */
import { Simulator } from "../../hosts";
import type { ScheduledFault, SimulatedNote, SimulatorOptions } from "../../hosts";
import type { RaftOptions } from "../../consensus/raft";
import type { HistoryEvent, NodeId, Trace } from "../../protocol";
import { FencedResource } from "../fenced-resource";
import type { LockGroups } from "../leases";
import { LockClient } from "../lock-client";
import type { LockClientOptions } from "../lock-client";
import { LockServer } from "../lock-server";
import type { LockMessage, LockTimer } from "../messages";
import { leaseHistory } from "./lease-history";

export type LockServerClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<RaftOptions>,
) => LockServer;
export type LockClientClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<LockClientOptions>,
) => LockClient;
type ResourceClass = typeof FencedResource;

export interface LockClusterSettings {
  /** Any whole number; decides the run. */
  readonly seed: number;
  /** n1, n2... of the first group, and so on; in each of them so many; default 3. */
  readonly servers?: number;
  /** Of servers, each a Raft group with its own locks; default 1. */
  readonly groups?: number;
  readonly options?: Partial<RaftOptions>;
  readonly server?: LockServerClass;
  readonly client?: LockClientClass;
  readonly resource?: ResourceClass;
  /** False: the resource "r1" lets everybody in. Default true. */
  readonly isFenced?: boolean;
  readonly simulator?: Omit<SimulatorOptions<LockMessage, LockTimer>, "seed" | "onNote">;
  readonly onNote?: (note: SimulatedNote) => void;
  /** How far a server's clock is ahead, in ms. */
  readonly skewMs?: (id: NodeId) => number;
}

export class LockCluster {
  readonly ids: readonly NodeId[];
  /** The same by group. */
  readonly groups: LockGroups;
  readonly clients: NodeId[] = [];
  readonly notes: SimulatedNote[] = [];
  readonly simulator: Simulator<LockMessage, LockTimer>;

  constructor(private readonly settings: LockClusterSettings) {
    const { seed, servers = 3, groups = 1, server = LockServer, options, skewMs } = settings;
    this.simulator = new Simulator({
      isTraced: false,
      ...settings.simulator,
      seed,
      onNote: (note) => this.hear(note),
    });
    this.ids = Array.from({ length: servers * groups }, (_, i) => `n${i + 1}`);
    this.groups = Array.from({ length: groups }, (_, group) =>
      this.ids.slice(group * servers, (group + 1) * servers),
    );
    for (const id of this.ids) {
      const peers = this.groups[this.groupOf(id)].filter((other) => other !== id);
      const clock = { skewMs: skewMs?.(id) ?? 0 };
      this.simulator.add(id, server, { peers, clock, ...(options && { options }) });
    }
    const isFenced = settings.isFenced ?? true;
    const resource = settings.resource ?? FencedResource;
    this.simulator.add("r1", resource, { peers: [], options: { isFenced } });
  }

  get nowMs(): number {
    return this.simulator.nowMs;
  }

  get trace(): Trace<LockMessage, LockTimer> {
    return this.simulator.trace;
  }

  /** Uses the resource under its locks, unless the options name another or none. */
  addClient(id: NodeId, options: Partial<LockClientOptions>, startAtMs = this.nowMs): void {
    this.clients.push(id);
    const { client = LockClient } = this.settings;
    const groups = this.groups.length === 1 ? null : this.groups;
    const own = { resource: "r1", groups, ...options };
    this.simulator.add(id, client, { peers: this.ids, options: own, startAtMs });
  }

  schedule(...faults: readonly ScheduledFault[]): void {
    this.simulator.schedule(...faults);
  }

  /** Returns how many events there were. */
  run(untilMs: number): number {
    return this.simulator.run({ untilMs, maxEvents: 5_000_000 }).events;
  }

  /** Those that live, to look at. */
  living(): LockServer[] {
    return this.ids.flatMap((id) => (this.simulator.nodeOf(id) as LockServer | undefined) ?? []);
  }

  /** From 0. */
  groupOf(server: NodeId): number {
    return this.groups.findIndex((ids) => ids.includes(server));
  }

  /** `group`: from 0. */
  leader(group = 0): LockServer | undefined {
    const own = this.living().filter(({ id }) => this.groupOf(id) === group);
    const leaders = own.filter(({ raft }) => raft.role === "leader");
    return leaders.sort((left, right) => right.raft.currentTerm - left.raft.currentTerm)[0];
  }

  /** The values that the resource has, by lock. */
  values(): Readonly<Record<string, number>> {
    const resource = this.simulator.nodeOf("r1") as FencedResource | undefined;
    const entries = [...(resource?.guarded ?? [])].map(([lock, { value }]) => [lock, value]);
    return Object.fromEntries(entries) as Record<string, number>;
  }

  /** Writes that a client was told of and that are not in the resource any more, by lock. */
  lostUpdates(): Readonly<Record<string, number>> {
    const wrote = this.notes.filter(({ label }) => label === "wrote");
    const values = this.values();
    const locks = [...new Set(wrote.map(({ detail }) => (detail as { lock: string }).lock))];
    const lost = locks.map((lock) => {
      const writes = wrote.filter(({ detail }) => (detail as { lock: string }).lock === lock);
      return [lock, Math.max(0, writes.length - (values[lock] ?? 0))] as const;
    });
    return Object.fromEntries(lost.filter(([, count]) => count > 0));
  }

  count(label: string): number {
    return this.notes.filter((note) => note.label === label).length;
  }

  /** What the clients saw of each lock, for the model `leasedLock` of the checks. */
  history(): HistoryEvent[] {
    return leaseHistory(this.notes);
  }

  private hear(note: SimulatedNote): void {
    if (!note.node.startsWith("n")) this.notes.push(note);
    this.settings.onNote?.(note);
  }
}

/** A simulated cache with its database and clients: for notebooks, tests and storms. */
import { wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { ScheduledFault, SimulatedNote, SimulatorOptions } from "../../../hosts";
import type { HistoryEvent, NodeId, Trace } from "../../../protocol";
import { CacheClient } from "../client";
import { CacheDatabase } from "../database";
import type { DatabaseOptions } from "../database";
import { CacheInvalidator } from "../invalidator";
import type { InvalidatorOptions } from "../invalidator";
import type { CacheMessage, CacheOperation, CacheTimer, Row } from "../messages";
import type { CacheClientOptions, CacheOptions, CacheServerOptions } from "../options";
import { CacheServer } from "../server";

export type CacheServerClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<CacheServerOptions>,
) => CacheServer;
export type CacheClientClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<CacheClientOptions>,
) => CacheClient;

export type CacheInvalidatorClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<InvalidatorOptions>,
) => CacheInvalidator;

export interface CacheClusterSettings {
  /** Any whole number; default 1. */
  readonly seed?: number;
  /** n1, n2...; default 3. */
  readonly servers?: number;
  /** Stand-ins, g1, g2...; default 0. */
  readonly gutters?: number;
  /** c1, c2...; default 2. */
  readonly clients?: number;
  /** What servers and clients have to agree on. */
  readonly options?: Partial<CacheOptions>;
  readonly server?: Partial<CacheServerOptions>;
  /** The same for all clients, or of each one, from 0. */
  readonly client?: Partial<CacheClientOptions> | ((index: number) => Partial<CacheClientOptions>);
  readonly database?: Partial<DatabaseOptions>;
  /** Of the one beside the database, where writes go by its log. */
  readonly invalidator?: Partial<InvalidatorOptions>;
  /** Classes with a rule replaced. */
  readonly serverClass?: CacheServerClass;
  readonly clientClass?: CacheClientClass;
  readonly invalidatorClass?: CacheInvalidatorClass;
  readonly simulator?: Omit<SimulatorOptions<CacheMessage, CacheTimer>, "seed" | "onNote">;
  readonly onNote?: (note: SimulatedNote) => void;
  /** How far a node's clock is ahead, in ms, and how fast it runs, in parts per million. */
  readonly clock?: (id: NodeId) => { readonly skewMs: number; readonly driftPpm: number };
}

/** What a client's notes tell of an operation. */
export interface CacheEvent extends HistoryEvent {
  /** Calls and answers of one operation have the same number. */
  readonly operation: number;
  readonly version?: number;
  readonly from?: "cache" | "stale" | "database";
}

export class CacheCluster {
  readonly servers: readonly NodeId[];
  readonly gutters: readonly NodeId[];
  readonly clients: readonly NodeId[];
  readonly databaseId: NodeId;
  /** i1 beside the database, where writes go by its log; else none. */
  readonly invalidators: readonly NodeId[];
  private readonly simulator: Simulator<CacheMessage, CacheTimer>;

  /** Throws a RangeError for an option that is wrong. */
  constructor(private readonly settings: CacheClusterSettings = {}) {
    const { seed = 1, servers = 3, gutters = 0, clients = 2, options = {} } = settings;
    wholeInRange("servers", servers, { min: 1, max: 1_000 });
    wholeInRange("gutters", gutters, { min: 0, max: 1_000 });
    wholeInRange("clients", clients, { min: 0, max: 100_000 });
    this.simulator = new Simulator({
      isTraced: false,
      ...settings.simulator,
      seed,
      ...(settings.onNote && { onNote: settings.onNote }),
    });
    const named = (letter: string, count: number): NodeId[] =>
      Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
    this.servers = named("n", servers);
    this.gutters = named("g", gutters);
    this.clients = named("c", clients);
    this.databaseId = options.database ?? "db";
    this.invalidators = options.writes === "log" ? ["i1"] : [];
    this.addAll({ ...options, database: this.databaseId, gutters: this.gutters });
  }

  get nowMs(): number {
    return this.simulator.nowMs;
  }

  get trace(): Trace<CacheMessage, CacheTimer> {
    return this.simulator.trace;
  }

  /** One thing more for a client to do, now. */
  submit(client: NodeId, operation: CacheOperation): void {
    this.simulator.inject("outside", client, { type: "submit", operation });
  }

  schedule(...faults: readonly ScheduledFault[]): void {
    this.simulator.schedule(...faults);
  }

  /** Returns how many events there were. */
  run(untilMs: number): number {
    return this.simulator.run({ untilMs }).events;
  }

  /** The server itself, to look at; undefined while it is down. */
  serverOf(id: NodeId): CacheServer | undefined {
    return this.simulator.nodeOf(id) as CacheServer | undefined;
  }

  clientOf(id: NodeId): CacheClient | undefined {
    return this.simulator.nodeOf(id) as CacheClient | undefined;
  }

  /** What the database has; undefined while it is down. */
  truth(key: string): Row | undefined {
    return (this.simulator.nodeOf(this.databaseId) as CacheDatabase | undefined)?.rowOf(key);
  }

  private addAll(options: Partial<CacheOptions>): void {
    const { server, client, database, clock } = this.settings;
    const { serverClass = CacheServer, clientClass = CacheClient } = this.settings;
    const clockOf = (id: NodeId): object => (clock === undefined ? {} : { clock: clock(id) });
    const peers = [...this.servers, ...this.gutters];
    for (const id of peers) {
      const given = { ...options, ...server };
      this.simulator.add(id, serverClass, { peers: [], options: given, ...clockOf(id) });
    }
    const id = this.databaseId;
    const hasLog = this.invalidators.length > 0;
    const own = { hasLog, ...database };
    this.simulator.add(id, CacheDatabase, { peers: [], options: own, ...clockOf(id) });
    for (const name of this.invalidators) this.addInvalidator(name, { peers, options });
    this.clients.forEach((name, index) => {
      const own = typeof client === "function" ? client(index) : client;
      const given = { ...options, ...own };
      this.simulator.add(name, clientClass, { peers, options: given, ...clockOf(name) });
    });
  }

  /** On the database's machine: they fail together. */
  private addInvalidator(
    name: NodeId,
    { peers, options }: { peers: readonly NodeId[]; options: Partial<CacheOptions> },
  ): void {
    const { invalidatorClass = CacheInvalidator, invalidator } = this.settings;
    const { gutters, databaseId: database } = this;
    const agreed = { database, gutters, hotReplicas: options.hotReplicas ?? 1 };
    const given = { ...agreed, ...invalidator };
    this.simulator.add(name, invalidatorClass, { peers, options: given, machine: database });
  }
}

/** A client's note as an event of a history; undefined for other notes. */
export function cacheEventOf({ node, label, detail, atMs }: SimulatedNote): CacheEvent | undefined {
  if (!node.startsWith("c") || !historyLabels.includes(label)) return undefined;
  const call = detail as { operation: number; f: string; key: string };
  return { process: node, type: label as HistoryEvent["type"], ...call, time: atMs };
}

const historyLabels = ["invoke", "ok", "fail", "info"];

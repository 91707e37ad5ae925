/**
 * A cluster for scripted runs, with the verbs of MIT 6.5840's Raft lab: who leads, connect and
 * disconnect, crash and restart, and "one" command agreed on. It tells its story in lines of text.
 */
import { RaftClient, RaftInvariants, Raft } from "dabbawala/consensus";
import type { ClientAnswer, ClientRequest, RaftMessage, RaftOptions } from "dabbawala/consensus";
import type { RaftTimer, Violation } from "dabbawala/consensus";
import { Simulator, at, crash, heal, networkRates, partition, restart } from "dabbawala/hosts";
import type { NetworkOptions, NetworkRates } from "dabbawala/hosts";
import type { Event, NodeId } from "dabbawala/protocol";
import { aroundHost } from "dabbawala/protocol";
import type { RaftHost } from "dabbawala/dist/consensus/raft/state";

export interface ClusterSettings {
  readonly seed?: number;
  readonly options?: Partial<RaftOptions>;
  /** For one server: who is to be elected gets short timeouts. */
  readonly optionsOf?: (id: NodeId) => Partial<RaftOptions>;
  readonly network?: Partial<NetworkOptions>;
  /** Default: Raft as it should be, whose first violation is an error. */
  readonly server?: typeof Raft;
}

/** Notes that belong in a story; commits are too many. */
const untold = ["committed", "becamePreCandidate", "becameFollower"];

export class Cluster {
  readonly servers: readonly NodeId[];
  readonly story: string[] = [];
  /** Requests between servers, and their size as JSON. */
  readonly sent = { messages: 0, bytes: 0 };
  /** What servers have answered to what `ask` has asked them. */
  readonly answers: ClientAnswer[] = [];
  violation: Violation | undefined;
  private readonly jumps = new Map<NodeId, number>();
  private readonly simulator: Simulator<RaftMessage, RaftTimer>;
  private readonly apart = new Set<NodeId>();
  private nextRequestId = 1;

  constructor(servers: number, settings: ClusterSettings = {}) {
    this.servers = Array.from({ length: servers }, (_, i) => `n${i + 1}`);
    this.simulator = new Simulator<RaftMessage, RaftTimer>({
      seed: settings.seed ?? 1,
      isTraced: false,
      network: { latency: { kind: "uniform", minMs: 1, maxMs: 3 }, ...settings.network },
      onNote: ({ node, label, detail }) => {
        if (!untold.includes(label)) this.tell(`${node} ${label} ${JSON.stringify(detail)}`);
      },
    });
    const server = this.watched(settings.server);
    for (const id of this.servers) {
      const peers = this.servers.filter((other) => other !== id);
      const options = { ...settings.options, ...settings.optionsOf?.(id) };
      this.simulator.add(id, server, { options, peers });
    }
    this.simulator.add("c1", RaftClient, { peers: this.servers });
    this.run(0);
  }

  get nowMs(): number {
    return this.simulator.nowMs;
  }

  /** Raft with its invariants checked after every event, and its requests counted. */
  private watched(base: typeof Raft | undefined): typeof Raft {
    const invariants = new RaftInvariants();
    const { sent, answers, jumps } = this;
    const found = (violation: Violation): void => {
      if (base === undefined) throw new Error(JSON.stringify(violation));
      if (this.violation === undefined) this.tell(`!! ${violation.property}: ${violation.detail}`);
      this.violation ??= violation;
    };
    return class extends (base ?? Raft) {
      override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
        const send = (to: NodeId, message: RaftMessage): void => {
          if (!/[aA]nswer$/.test(message.type)) sent.messages++;
          sent.bytes += JSON.stringify(message).length;
          if (message.type === "answer") answers.push(message);
          host.send(to, message);
        };
        const nowMs = host.nowMs + (jumps.get(this.id) ?? 0);
        super.handle(event, aroundHost(host, { send, nowMs }));
        const violation = invariants.observe(this);
        if (violation !== undefined) found(violation);
      }
    };
  }

  tell(line: string): void {
    this.story.push(`${this.simulator.nowMs.toFixed(0).padStart(6)} ms  ${line}`);
  }

  run(forMs: number): void {
    this.simulator.run({ untilMs: this.simulator.nowMs + forMs });
  }

  /** Runs in small steps until it is so; fails after `withinMs`. */
  until(what: string, isSo: () => boolean, withinMs = 5_000): void {
    const limitMs = this.simulator.nowMs + withinMs;
    while (!isSo()) {
      if (this.simulator.nowMs >= limitMs) throw new Error(`not within ${withinMs} ms: ${what}`);
      this.run(1);
    }
  }

  server(id: NodeId): Raft {
    return this.simulator.nodeOf(id) as Raft;
  }

  isUp(id: NodeId): boolean {
    return this.simulator.isUp(id);
  }

  disconnect(...ids: NodeId[]): void {
    for (const id of ids) this.apart.add(id);
    this.tell(`-- disconnected: ${ids.join(" ")}`);
    this.rewire();
  }

  connect(...ids: NodeId[]): void {
    for (const id of ids) this.apart.delete(id);
    this.tell(`-- connected: ${ids.join(" ")}`);
    this.rewire();
  }

  /** Only servers of one group hear each other, until the next `connect` or `disconnect`. */
  split(...groups: readonly (readonly NodeId[])[]): void {
    this.apart.clear();
    this.tell(`-- split: ${groups.map((group) => group.join(" ")).join(" | ")}`);
    const { nowMs } = this.simulator;
    this.simulator.schedule(at(nowMs, heal()), at(nowMs, partition(...groups)));
    this.run(0);
  }

  /** A server's clock leaps, forwards or backwards. */
  jump(id: NodeId, byMs: number): void {
    this.tell(`-- the clock of ${id} jumps by ${byMs} ms`);
    this.jumps.set(id, (this.jumps.get(id) ?? 0) + byMs);
  }

  /** Each server that is apart is cut from all others. */
  private rewire(): void {
    const { nowMs } = this.simulator;
    const cuts = [...this.apart].map((id) => at(nowMs, partition([id], this.othersThan(id))));
    this.simulator.schedule(at(nowMs, heal()), ...cuts);
    this.run(0);
  }

  othersThan(id: NodeId): NodeId[] {
    return this.servers.filter((other) => other !== id);
  }

  crash(...ids: NodeId[]): void {
    this.tell(`-- crashed: ${ids.join(" ")}`);
    this.simulator.schedule(at(this.simulator.nowMs, crash(ids)));
    this.run(0);
  }

  restart(...ids: NodeId[]): void {
    this.tell(`-- restarted: ${ids.join(" ")}`);
    this.simulator.schedule(at(this.simulator.nowMs, restart(ids)));
    this.run(0);
  }

  rates(rates: NetworkRates): void {
    this.simulator.schedule(at(this.simulator.nowMs, networkRates(rates)));
    this.run(0);
  }

  /** Those who are up and connected. */
  reachable(): Raft[] {
    return this.servers
      .filter((id) => !this.apart.has(id) && this.isUp(id))
      .map((id) => this.server(id));
  }

  /** The leader of the highest term among those that can be reached, once there is one. */
  leader(): NodeId {
    let found: Raft | undefined;
    this.until("a leader", () => {
      const leaders = this.reachable().filter(({ role }) => role === "leader");
      found = leaders.sort((left, right) => right.currentTerm - left.currentTerm)[0];
      return found !== undefined;
    });
    return (found as Raft).id;
  }

  hasLeader(): boolean {
    return this.reachable().some(({ role }) => role === "leader");
  }

  /** Hands a command to a server, as a client would; it may come to nothing. */
  start(id: NodeId, value: unknown): void {
    const command = { op: "put", key: "x", value };
    const requestId = this.nextRequestId++;
    this.simulator.inject("c1", id, { type: "command", requestId, command });
    this.run(0);
  }

  /** How many servers have applied a command with this value. */
  appliedBy(value: unknown): number {
    return this.servers.filter((id) => this.isUp(id) && this.valueOf(id) === value).length;
  }

  valueOf(id: NodeId): unknown {
    return (this.server(id).machineState as Map<string, unknown>).get("x");
  }

  /** Has the cluster agree on a value: so many servers apply it. Tries again as a client does. */
  one(value: unknown, servers: number): void {
    const limitMs = this.simulator.nowMs + 10_000;
    while (this.simulator.nowMs < limitMs) {
      this.start(this.leader(), value);
      const tryUntilMs = this.simulator.nowMs + 2_000;
      while (this.simulator.nowMs < tryUntilMs) {
        if (this.appliedBy(value) >= servers) {
          return this.tell(`agreed on ${JSON.stringify(value)}: ${this.appliedBy(value)} servers`);
        }
        this.run(5);
      }
    }
    throw new Error(`no agreement on ${JSON.stringify(value)} by ${servers} servers`);
  }

  /** Asks a server as a client would; what it answers goes to `answers`. */
  ask(id: NodeId, message: ClientRequest): void {
    this.simulator.inject("c1", id, message);
    this.run(0);
  }
}

/**
 * One storm: a cluster, clients and an operator under random faults, every invariant checked after
 * every event of a server; then one random quorum is healed, the rest stay down, and the cluster
 * has to go on. What a seed draws is written in `planOf`, so that a seed is a whole experiment.
 */
import { Random } from "dabbawala/basics";
import { RaftClient, RaftInvariants, isConserved } from "dabbawala/consensus";
import type {
  ClientOperation,
  PaymentsState,
  Raft,
  RaftMessage,
  RaftOptions,
  RaftTimer,
  ReadMode,
  Violation,
} from "dabbawala/consensus";
import { Simulator, at, crash, heal, networkRates, randomFaults, restart } from "dabbawala/hosts";
import type { SimulatedNote } from "dabbawala/hosts";
import type { Event, NodeId } from "dabbawala/protocol";
import { aroundHost } from "./around-host";
import type { RaftHost } from "./around-host";

export type RaftClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<RaftOptions>,
) => Raft;

/** What a seed draws. */
export interface StormPlan {
  readonly seed: number;
  readonly servers: number;
  readonly clients: number;
  /** How many keys the clients share. */
  readonly keys: number;
  /** A client's pause between operations. */
  readonly thinkMs: number;
  readonly faultsMs: number;
  readonly options: Partial<RaftOptions>;
  readonly lossRate: number;
  readonly duplicateRate: number;
  readonly reorderRate: number;
  readonly isCrashing: boolean;
  readonly crashes: { readonly everyMs: number; readonly minMs: number; readonly maxMs: number };
  /** One way; drawn evenly from 1 to this, in ms. */
  readonly maxLatencyMs: number;
  /** How often the operator asks for something. */
  readonly operateMs: number;
  /** The chance that a new leader crashes within `churnMs` of its election. */
  readonly leaderChurnRate: number;
  readonly churnMs: number;
  readonly isPausing: boolean;
  readonly isPartitioned: boolean;
  /** The longest partition. */
  readonly partitionMs: number;
  /** Clocks run at rates up to so much away from 1. */
  readonly driftRate: number;
  /** Clocks jump by up to so many ms, now and then; 0 is never. */
  readonly maxJumpMs: number;
  readonly changesMembership: boolean;
  readonly transfersLeadership: boolean;
}

export interface StormResult {
  readonly plan: StormPlan;
  readonly violation: Violation | undefined;
  /** How often each note was made, and what else must not be zero in a good storm. */
  readonly counts: ReadonlyMap<string, number>;
  readonly notes: readonly SimulatedNote[];
  /** From the end of the faults to the answer to a new client's command, in ms. */
  readonly recoveredMs: number | undefined;
  readonly events: number;
}

const readModes: readonly ReadMode[] = ["readIndex", "lease", "log"];

export function planOf(seed: number, changes: Partial<StormPlan> = {}): StormPlan {
  const random = new Random(seed, 77);
  const isOften = (): boolean => random.chance(0.5);
  const options: Partial<RaftOptions> = {
    machine: isOften() ? "payments" : "kv",
    readMode: random.pick(readModes),
    hasPreVote: random.chance(0.8),
    hasParallelWrites: new Random(seed, 79).chance(0.3),
    maxInFlight: random.pick([1, 4, 16]),
    maxBatchEntries: random.pick([1, 3, 256]),
    snapshotEvery: random.pick([8, 20, 10_000]),
    trailingEntries: random.pick([0, 4, 20]),
    snapshotChunkLength: random.pick([1_000, 4_000, 65_536]),
    maxSessions: 100,
  };
  return {
    seed,
    servers: random.pick([3, 3, 5]),
    clients: 3,
    keys: 3,
    thinkMs: 10,
    faultsMs: 5_000,
    options: { ...options, ...changes.options },
    lossRate: isOften() ? random.between(0, 0.3) : 0,
    duplicateRate: isOften() ? random.between(0, 0.5) : 0,
    reorderRate: isOften() ? random.between(0, 0.3) : 0,
    isCrashing: isOften(),
    crashes: { everyMs: 500, minMs: 1, maxMs: 800 },
    maxLatencyMs: 8,
    operateMs: 250,
    leaderChurnRate: random.chance(0.3) ? 0.5 : 0,
    churnMs: 40,
    isPausing: isOften(),
    isPartitioned: isOften(),
    partitionMs: 1_200,
    driftRate: isOften() ? 0.04 : 0,
    maxJumpMs: 0,
    changesMembership: random.chance(0.3),
    transfersLeadership: random.chance(0.3),
    ...without(changes, "options"),
  };
}

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const copy = { ...value };
  delete copy[key];
  return copy;
}

/** Ends at the first violation. */
export function runStorm(plan: StormPlan, server: RaftClass): StormResult {
  return new Storm(plan, server).run();
}

/** What the clients saw, as consistency checks read it. */
export function historyOf({ notes }: StormResult): HistoryEvent[] {
  return notes.map(({ node, label, detail, atMs }) => {
    const call = detail as { f: string; key?: string; value?: unknown };
    return { process: node, type: label as HistoryEvent["type"], ...call, time: atMs };
  });
}

interface HistoryEvent {
  readonly process: string;
  readonly type: "invoke" | "ok" | "fail" | "info";
  readonly f: string;
  readonly key?: string;
  readonly value?: unknown;
  readonly time: number;
}

const wallets = ["asha", "ravi", "meena", "dabbawala"];
const depositPaise = 100_000;

class Storm {
  private readonly random: Random;
  private readonly invariants = new RaftInvariants();
  private readonly simulator: Simulator<RaftMessage, RaftTimer>;
  private readonly servers: NodeId[];
  private readonly notes: SimulatedNote[] = [];
  private readonly counts = new Map<string, number>();
  private readonly jumps = new Map<NodeId, number>();
  private violation: Violation | undefined;
  private events = 0;

  constructor(
    private readonly plan: StormPlan,
    private readonly server: RaftClass,
  ) {
    this.random = new Random(plan.seed, 78);
    this.servers = Array.from({ length: plan.servers }, (_, i) => `n${i + 1}`);
    this.simulator = new Simulator<RaftMessage, RaftTimer>({
      seed: plan.seed,
      isTraced: false,
      network: { latency: { kind: "uniform", minMs: 1, maxMs: plan.maxLatencyMs } },
      onNote: (note) => this.hear(note),
    });
  }

  run(): StormResult {
    this.addServers();
    this.addClients();
    this.simulator.schedule(...this.faults());
    while (this.simulator.nowMs < this.plan.faultsMs && this.violation === undefined) {
      this.runUntil(this.simulator.nowMs + this.plan.operateMs);
      this.operate();
    }
    const recoveredMs = this.violation === undefined ? this.recover() : undefined;
    this.violation ??= this.lastLook() ?? this.moneySeen();
    const { plan, violation, counts, notes, events } = this;
    return { plan, violation, counts, notes, recoveredMs, events };
  }

  private runUntil(untilMs: number): void {
    this.events += this.simulator.run({ untilMs, maxEvents: 2_000_000 }).events;
  }

  private hear(note: SimulatedNote): void {
    this.counts.set(note.label, (this.counts.get(note.label) ?? 0) + 1);
    if (note.node.startsWith("c")) this.notes.push(note);
    if (note.label === "becameLeader") this.churn(note.node);
  }

  /** A leader that dies young leaves entries that only some have: figure 3.7's beginning. */
  private churn(leader: NodeId): void {
    const { leaderChurnRate, churnMs, faultsMs } = this.plan;
    const atMs = this.simulator.nowMs + this.random.between(0, churnMs);
    const backMs = atMs + this.random.between(1, 10 * churnMs);
    if (!this.random.chance(leaderChurnRate) || backMs >= faultsMs) return;
    this.simulator.schedule(at(atMs, crash([leader])), at(backMs, restart([leader])));
  }

  private addServers(): void {
    const { options, changesMembership } = this.plan;
    const voters = changesMembership ? this.servers.slice(0, 3) : this.servers;
    if (changesMembership) this.servers.push("n6", "n7");
    for (const id of this.servers) {
      const placement = { options: { ...options, voters } };
      this.simulator.add(id, this.watched(), { ...placement, peers: this.others(id) });
    }
  }

  private others(id: NodeId): NodeId[] {
    return this.servers.filter((other) => other !== id);
  }

  /** The server's class, with a clock of its own and every event followed by the invariants. */
  private watched(): RaftClass {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a class within has its own
    const storm = this;
    return class extends this.server {
      override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
        super.handle(event, storm.clockOf(this.id, host));
        const violation = storm.invariants.observe(this);
        if (violation === undefined || storm.violation !== undefined) return;
        storm.violation = violation;
        storm.simulator.stop();
      }
    };
  }

  private clockOf(id: NodeId, host: RaftHost): RaftHost {
    const { driftRate, maxJumpMs, seed } = this.plan;
    if (driftRate === 0 && maxJumpMs === 0) return host;
    const rate = 1 + driftRate * (2 * new Random(seed, 500 + Number(id.slice(1))).next() - 1);
    const nowMs = host.nowMs * rate + (this.jumps.get(id) ?? 0);
    const setTimer = (timer: RaftTimer, afterMs: number): void =>
      host.setTimer(timer, afterMs / rate);
    return aroundHost(host, { nowMs, setTimer });
  }

  private addClients(): void {
    for (let i = 1; i <= this.plan.clients; i++) {
      const operations = this.plan.options.machine === "payments" ? this.payments(i) : this.keys(i);
      const options = { operations, thinkMs: this.plan.thinkMs, retryMs: 100 };
      this.simulator.add(`c${i}`, RaftClient, { options, peers: this.servers });
    }
    this.simulator.add("c99", RaftClient, { peers: this.servers, options: { retryMs: 100 } });
  }

  private keys(client: number): ClientOperation[] {
    return Array.from({ length: 300 }, (_, i): ClientOperation => {
      const key = `k${this.random.below(this.plan.keys)}`;
      const value = client * 1_000 + i;
      // The first client only reads, so that nothing keeps it from a leader that has been deposed.
      const kind = client === 1 ? 0 : this.random.below(5);
      if (kind < 2) return { query: { op: "get", key } };
      if (kind === 2) return { command: { op: "append", key, value: `${value},` } };
      return { command: { op: "put", key, value: `${value},` } };
    });
  }

  private payments(client: number): ClientOperation[] {
    const opened = wallets.map((wallet) => ({ command: { op: "openWallet", wallet } }));
    const deposits = wallets.map((wallet) => ({
      command: { op: "deposit", wallet, paise: depositPaise, idempotencyKey: `first ${wallet}` },
    }));
    const transfers = Array.from({ length: 300 }, (_, i): ClientOperation => {
      if (this.random.chance(0.2)) return { query: { op: "total" } };
      const [from, to] = this.random.shuffle(wallets);
      const paise = 1 + this.random.below(depositPaise / 2);
      const idempotencyKey = `c${client} ${i}`;
      return { command: { op: "transfer", from, to, paise, idempotencyKey } };
    });
    return [...opened, ...deposits, ...transfers];
  }

  private faults(): ReturnType<typeof randomFaults> {
    const { plan } = this;
    const faults = randomFaults({
      seed: plan.seed,
      names: this.servers,
      untilMs: plan.faultsMs,
      ...(plan.isCrashing && { crash: plan.crashes }),
      ...(plan.isPausing && { pause: { everyMs: 500, minMs: 20, maxMs: 900 } }),
      ...(plan.isPartitioned && {
        partition: { everyMs: 400, minMs: 50, maxMs: plan.partitionMs },
      }),
    });
    const { lossRate, duplicateRate, reorderRate } = plan;
    return [
      at(0, networkRates({ lossRate, duplicateRate, reorderRate, reorderFactor: 20 })),
      ...faults,
      at(plan.faultsMs, heal()),
      at(plan.faultsMs, networkRates({})),
    ];
  }

  /** The operator's wishes, and the clocks' leaps. */
  private operate(): void {
    const { plan, random } = this;
    const to = random.pick(this.servers);
    const requestId = 0;
    if (plan.maxJumpMs > 0 && random.chance(0.5)) {
      const jumpMs = random.between(-plan.maxJumpMs, plan.maxJumpMs);
      this.jumps.set(to, (this.jumps.get(to) ?? 0) + jumpMs);
    }
    if (!this.simulator.isUp(to)) return;
    if (plan.changesMembership) {
      const voters = random.shuffle(this.servers).slice(0, 1 + random.below(4));
      const learners = this.servers.filter((id) => !voters.includes(id) && random.chance(0.3));
      const message = { type: "changeMembership", requestId, voters, learners } as const;
      for (const id of this.servers) this.simulator.inject("c99", id, message);
    } else if (plan.transfersLeadership) {
      const message = { type: "transferLeadership", requestId, to } as const;
      for (const id of this.servers) this.simulator.inject("c99", id, message);
    }
  }

  /** Only a quorum lives on: enough to do what a new client asks within ten election timeouts. */
  private recover(): number | undefined {
    const startMs = this.simulator.nowMs;
    const core = this.core();
    const rest = this.servers.filter((id) => !core.includes(id));
    this.simulator.schedule(at(startMs, restart(core)), at(startMs, crash(rest)));
    const isPayments = this.plan.options.machine === "payments";
    const put = { op: "put", key: "new", value: "new" };
    const operation = { command: isPayments ? { op: "openWallet", wallet: "new" } : put };
    this.simulator.inject("outside", "c99", { type: "submit", operation });
    const isDone = (): boolean =>
      this.notes.some(({ node, label }) => node === "c99" && label === "ok");
    while (this.simulator.nowMs < startMs + 10 * 300 && this.violation === undefined) {
      this.runUntil(this.simulator.nowMs + 10);
      if (!isDone()) continue;
      const recoveredMs = this.simulator.nowMs - startMs;
      this.runUntil(this.simulator.nowMs + 500);
      return recoveredMs;
    }
    return undefined;
  }

  /** While membership changes, what a quorum is depends on whom one asks: then all live on. */
  private core(): NodeId[] {
    const { servers, random, plan } = this;
    if (plan.changesMembership) return servers;
    const size = Math.floor(servers.length / 2) + 1;
    return random.shuffle(servers).slice(0, size);
  }

  /** After the storm: same entries, same state; and the money is all there. */
  private lastLook(): Violation | undefined {
    const states = new Map<number, string>();
    for (const id of this.servers) {
      const server = this.simulator.nodeOf(id) as Raft | undefined;
      if (server === undefined) continue;
      const { machine, machineState, lastApplied, sessions } = server;
      const text = JSON.stringify([machine.toJson(machineState), [...sessions.keys()]]);
      const other = states.get(lastApplied) ?? text;
      states.set(lastApplied, text);
      const detail = `after entry ${lastApplied}`;
      if (other !== text) return { property: "sameState", server: id, detail };
      const isWrong =
        machine.name === "payments" && !isConserved(server.machineState as PaymentsState);
      if (isWrong) return { property: "moneyConserved", server: id, detail };
    }
    return undefined;
  }

  /** Clients ask for the total after their deposits, which are all the same ones. */
  private moneySeen(): Violation | undefined {
    const totals = this.notes.flatMap(({ node, label, detail }) => {
      const { f, value } = detail as { f: string; value?: { paise?: number } };
      return label === "ok" && f === "total" ? [{ node, paise: value?.paise }] : [];
    });
    const wrong = totals.find(({ paise }) => paise !== depositPaise * wallets.length);
    if (wrong === undefined) return undefined;
    const detail = `${wrong.node} was told ${wrong.paise} paise in all`;
    return { property: "moneySeen", server: "", detail };
  }
}

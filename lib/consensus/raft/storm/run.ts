/**
 * One storm: a cluster, clients and an operator under random faults, every invariant checked after
 * every event of a server; then one random quorum is healed, the rest stay down, and the cluster
 * has to go on. All that befalls the cluster is recorded as actions, and a run can be given the
 * actions in place of drawing them: so a storm can be shrunk.
 */
import { Random } from "../../../basics";
import { Simulator, at, crash, restart, resume } from "../../../hosts";
import type { ScheduledFault, SimulatedNote, StormRunOptions } from "../../../hosts";
import type { Event, NodeId, Trace } from "../../../protocol";
import { RaftClient } from "../client";
import { RaftInvariants } from "../invariants";
import type { Violation } from "../invariants";
import type { RaftMessage, RaftTimer } from "../messages";
import type { RaftHost } from "../state";
import type { RaftOptions } from "../options";
import type { Raft } from "../raft";
import type { RaftStormAction } from "./actions";
import { calm, faultsOf } from "./faults";
import { moneySeen, stateViolation } from "./last-look";
import type { StormPlan } from "./plan";
import { keyOperations, paymentOperations } from "./workload";

export type RaftClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<RaftOptions>,
) => Raft;

export interface StormResult {
  readonly plan: StormPlan;
  readonly violation: Violation | undefined;
  /** How often each note was made, and what else must not be zero in a good storm. */
  readonly counts: ReadonlyMap<string, number>;
  /** What the clients noted. */
  readonly notes: readonly SimulatedNote[];
  /** From the end of the faults to the answer to a new client's command, in ms. */
  readonly recoveredMs: number | undefined;
  readonly events: number;
  /** All that befell the cluster, in the order of time. */
  readonly actions: readonly RaftStormAction[];
  /** Virtual time of the end. */
  readonly nowMs: number;
  /** Empty unless it was asked for. */
  readonly trace: Trace<RaftMessage, RaftTimer>;
}

/** Ends at the first violation. */
export function runStorm(
  plan: StormPlan,
  server: RaftClass,
  options: StormRunOptions<RaftStormAction> = {},
): StormResult {
  return new Storm(plan, server, options).run();
}

/** Ten of the longest election timeouts: the time in which a healed quorum has to go on. */
export const progressMs = 10 * 300;

class Storm {
  private readonly random: Random;
  private readonly invariants = new RaftInvariants();
  private readonly simulator: Simulator<RaftMessage, RaftTimer>;
  private readonly servers: NodeId[];
  private readonly notes: SimulatedNote[] = [];
  private readonly counts = new Map<string, number>();
  private readonly actions: RaftStormAction[] = [];
  /** Servers that will not start again. */
  private readonly spoilt = new Set<NodeId>();
  private violation: Violation | undefined;
  private events = 0;

  constructor(
    private readonly plan: StormPlan,
    private readonly server: RaftClass,
    private readonly given: StormRunOptions<RaftStormAction>,
  ) {
    this.random = new Random(plan.seed, 78);
    this.servers = Array.from({ length: plan.servers }, (_, i) => `n${i + 1}`);
    this.simulator = new Simulator<RaftMessage, RaftTimer>({
      seed: plan.seed,
      isTraced: given.isTraced ?? false,
      network: { latency: { kind: "uniform", minMs: 1, maxMs: plan.maxLatencyMs } },
      ...(plan.diskMs > 0 && {
        disk: { writeMs: { kind: "exponential", minMs: plan.diskMs / 2, tailMs: plan.diskMs / 2 } },
      }),
      onNote: (note) => this.hear(note),
    });
  }

  run(): StormResult {
    this.addServers();
    this.addClients();
    if (this.given.actions === undefined) this.draw();
    else this.replay(this.given.actions);
    const recoveredMs = this.violation === undefined ? this.recover() : undefined;
    this.violation ??= this.lastLook() ?? moneySeen(this.notes);
    const { plan, violation, counts, notes, events, simulator } = this;
    const actions = [...this.actions].sort((left, right) => left.atMs - right.atMs);
    const { nowMs, trace } = simulator;
    return { plan, violation, counts, notes, recoveredMs, events, actions, nowMs, trace };
  }

  /** When the faults end. */
  private get untilMs(): number {
    return Math.min(this.given.untilMs ?? Infinity, this.plan.faultsMs);
  }

  /** Chance decides what happens, and when. */
  private draw(): void {
    this.strike(faultsOf(this.plan, this.servers));
    this.scheduleCalm();
    while (this.simulator.nowMs < this.untilMs && this.violation === undefined) {
      this.runUntil(this.simulator.nowMs + this.plan.operateMs);
      if (this.violation === undefined) this.operate();
    }
  }

  /** What happens is given. */
  private replay(actions: readonly RaftStormAction[]): void {
    const due = actions.filter(({ atMs }) => atMs <= this.untilMs);
    this.strike(due.flatMap((action) => (action.kind === "fault" ? [action] : [])));
    this.scheduleCalm();
    for (const action of due) {
      if (action.kind === "fault") continue;
      this.runUntil(action.atMs);
      if (this.violation !== undefined) return;
      this.perform(action);
    }
    this.runUntil(this.untilMs);
  }

  private strike(faults: readonly ScheduledFault[]): void {
    for (const { atMs, fault } of faults) {
      this.actions.push({ kind: "fault", atMs, fault });
      if (fault.kind === "corrupt") for (const name of fault.names) this.spoilt.add(name);
    }
    this.simulator.schedule(...faults);
  }

  private scheduleCalm(): void {
    this.simulator.schedule(...calm(this.servers).map((fault) => at(this.untilMs, fault)));
  }

  private runUntil(untilMs: number): void {
    try {
      this.events += this.simulator.run({ untilMs, maxEvents: 2_000_000 }).events;
    } catch (error) {
      // A broken assertion of a server is a find like any other: it has a seed and can be shrunk.
      this.violation ??= { property: "exception", server: "", detail: (error as Error).message };
    }
  }

  private hear(note: SimulatedNote): void {
    this.counts.set(note.label, (this.counts.get(note.label) ?? 0) + 1);
    if (note.node.startsWith("c")) this.notes.push(note);
    if (note.label === "becameLeader" && this.given.actions === undefined) this.churn(note.node);
  }

  /** A leader that dies young leaves entries that only some have: figure 3.7's beginning. */
  private churn(leader: NodeId): void {
    const { leaderChurnRate, churnMs } = this.plan;
    const atMs = this.simulator.nowMs + this.random.between(0, churnMs);
    const backMs = atMs + this.random.between(1, 10 * churnMs);
    if (!this.random.chance(leaderChurnRate) || backMs >= this.untilMs) return;
    this.strike([at(atMs, crash([leader])), at(backMs, restart([leader]))]);
  }

  private addServers(): void {
    const { options, changesMembership, maxSkewMs, seed } = this.plan;
    const voters = changesMembership ? this.servers.slice(0, 3) : this.servers;
    if (changesMembership) this.servers.push("n6", "n7");
    const random = new Random(seed, 82);
    for (const id of this.servers) {
      const placement = { options: { ...options, voters }, peers: this.others(id) };
      const clock = { skewMs: maxSkewMs * random.between(-1, 1) };
      this.simulator.add(id, this.watched(), { ...placement, clock });
    }
  }

  private others(id: NodeId): NodeId[] {
    return this.servers.filter((other) => other !== id);
  }

  /** The server's class, with every event followed by the invariants. */
  private watched(): RaftClass {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a class within has its own
    const storm = this;
    return class extends this.server {
      override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
        super.handle(event, host);
        const violation = storm.invariants.observe(this);
        if (violation === undefined || storm.violation !== undefined) return;
        storm.violation = violation;
        storm.simulator.stop();
      }
    };
  }

  private addClients(): void {
    const {
      clients,
      keys,
      options: { machine },
      thinkMs,
    } = this.plan;
    for (let i = 1; i <= clients; i++) {
      const operations =
        machine === "payments"
          ? paymentOperations(i, this.random)
          : keyOperations(i, keys, this.random);
      const options = { operations, thinkMs, retryMs: 100 };
      this.simulator.add(`c${i}`, RaftClient, { options, peers: this.servers });
    }
    this.simulator.add("c99", RaftClient, { peers: this.servers, options: { retryMs: 100 } });
  }

  /** The operator's wishes. */
  private operate(): void {
    const { plan, random } = this;
    const { nowMs: atMs } = this.simulator;
    const to = random.pick(this.servers);
    if (!this.simulator.isUp(to)) return;
    if (plan.changesMembership) {
      const voters = random.shuffle(this.servers).slice(0, 1 + random.below(4));
      const learners = this.servers.filter((id) => !voters.includes(id) && random.chance(0.3));
      this.perform({ kind: "changeMembership", atMs, voters, learners });
    } else if (plan.transfersLeadership) this.perform({ kind: "transferLeadership", atMs, to });
  }

  private perform(action: Exclude<RaftStormAction, { kind: "fault" }>): void {
    this.actions.push(action);
    for (const id of this.servers) this.simulator.inject("c99", id, requestOf(action));
  }

  /** Only a quorum lives on: enough to do what a new client asks within ten election timeouts. */
  private recover(): number | undefined {
    const startMs = this.simulator.nowMs;
    const core = this.core();
    const rest = this.servers.filter((id) => !core.includes(id));
    const calm = [restart(core), resume(core), crash(rest)];
    this.simulator.schedule(...calm.map((fault) => at(startMs, fault)));
    const isPayments = this.plan.options.machine === "payments";
    const put = { op: "put", key: "new", value: "new" };
    const operation = { command: isPayments ? { op: "openWallet", wallet: "new" } : put };
    this.simulator.inject("outside", "c99", { type: "submit", operation });
    const isDone = (): boolean =>
      this.notes.some(({ node, label }) => node === "c99" && label === "ok");
    while (this.simulator.nowMs < startMs + progressMs && this.violation === undefined) {
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
    const { servers, plan } = this;
    if (plan.changesMembership) return servers;
    const size = Math.floor(servers.length / 2) + 1;
    const shuffled = new Random(plan.seed, 80).shuffle(servers);
    const [sound, spoilt] = [true, false].map((isSound) =>
      shuffled.filter((id) => this.spoilt.has(id) !== isSound),
    );
    return [...sound, ...spoilt].slice(0, size);
  }

  /** After the storm: same entries, same state. */
  private lastLook(): Violation | undefined {
    const living = this.servers.filter((id) => this.simulator.isUp(id));
    return stateViolation(living.map((id) => this.simulator.nodeOf(id) as Raft));
  }
}

function requestOf(
  action: Extract<RaftStormAction, { kind: "changeMembership" | "transferLeadership" }>,
): RaftMessage {
  const requestId = 0;
  if (action.kind === "transferLeadership") {
    return { type: "transferLeadership", requestId, to: action.to };
  }
  const { voters, learners } = action;
  return { type: "changeMembership", requestId, voters, learners };
}

/**
 * One storm: a cluster, clients and an operator under random faults; then all is healed, and the
 * copies have to become equal and to have every write that was acknowledged.
 */
import { Random } from "../../../basics";
import { at, faultLabel, groundOf, healingOf, randomFaults } from "../../../hosts";
import type { ScheduledFault, StormRunOptions } from "../../../hosts";
import type { NodeId, Trace } from "../../../protocol";
import type { DynamoMessage, DynamoOperation, DynamoTimer } from "../messages";
import type { RingChange } from "../ring";
import { DynamoCluster } from "../simulation/cluster";
import type { DynamoClass } from "../simulation/cluster";
import { StoreJudge } from "./judge";
import type { StoreHistory } from "./judge";
import { valuesOf } from "../storage";
import type { DynamoStormPlan } from "./plan";

export type DynamoStormAction =
  | ({ readonly kind: "fault" } & ScheduledFault)
  | {
      readonly kind: "changeRing";
      readonly atMs: number;
      readonly at: NodeId;
      readonly change: RingChange;
    };

export interface DynamoStormResult {
  readonly failure: { readonly property: string; readonly detail: string } | undefined;
  readonly actions: readonly DynamoStormAction[];
  readonly counts: ReadonlyMap<string, number>;
  readonly history: StoreHistory;
  readonly staleReads: number;
  readonly events: number;
  readonly nowMs: number;
  readonly trace: Trace<DynamoMessage, DynamoTimer>;
}

export function describeAction(action: DynamoStormAction): string {
  if (action.kind === "fault") return faultLabel(action.fault);
  const { change } = action;
  if (change.kind === "replace") return `${change.by} shall replace ${change.node}`;
  return `${change.node} shall ${change.kind}`;
}

export function runStorm(
  plan: DynamoStormPlan,
  server: DynamoClass,
  options: StormRunOptions<DynamoStormAction> = {},
): DynamoStormResult {
  return new Storm(plan, server, options).run();
}

/** Left alone for so long, the copies have to be equal. */
const calmMs = 6_000;

class Storm {
  private readonly cluster: DynamoCluster;
  private readonly actions: DynamoStormAction[] = [];
  private readonly counts = new Map<string, number>();
  private readonly random: Random;
  private events = 0;
  private failure: DynamoStormResult["failure"];

  constructor(
    private readonly plan: DynamoStormPlan,
    server: DynamoClass,
    private readonly given: StormRunOptions<DynamoStormAction>,
  ) {
    const { seed, maxSkewMs } = plan;
    this.random = new Random(seed, 91);
    const skews = new Random(seed, 92);
    this.cluster = new DynamoCluster({
      ...plan,
      server,
      skewMs: () => Math.round(maxSkewMs * skews.between(-1, 1)),
      simulator: {
        isTraced: given.isTraced ?? false,
        ...groundOf(plan),
      },
      onNote: ({ label }) => this.count(label),
    });
  }

  run(): DynamoStormResult {
    const { plan, cluster, given } = this;
    for (let i = 1; i <= plan.clients; i++) {
      const operations = operationsOf(i, plan, new Random(plan.seed, 93 + i));
      cluster.addClient(`c${i}`, { operations, thinkMs: plan.thinkMs, answerMs: 150 }, 10);
    }
    if (given.actions === undefined) this.draw();
    else this.replay(given.actions);
    if (this.failure === undefined) this.calm();
    const history = cluster.history();
    const staleReads = this.judge(history);
    const actions = [...this.actions].sort((left, right) => left.atMs - right.atMs);
    const { failure, counts, events } = this;
    const { nowMs, trace } = cluster;
    return { failure, actions, counts, history, staleReads, events, nowMs, trace };
  }

  private get untilMs(): number {
    return Math.min(this.given.untilMs ?? Infinity, this.plan.faultsMs);
  }

  private draw(): void {
    const { seed, faults, operateMs } = this.plan;
    const names = this.cluster.ids;
    this.strike(randomFaults({ ...faults, seed, names, untilMs: Math.floor(this.untilMs) }));
    if (operateMs === 0) return this.runUntil(this.untilMs);
    while (this.cluster.nowMs < this.untilMs && this.failure === undefined) {
      this.runUntil(Math.min(this.untilMs, this.cluster.nowMs + operateMs));
      this.operate();
    }
  }

  private replay(actions: readonly DynamoStormAction[]): void {
    const due = actions.filter(({ atMs }) => atMs <= this.untilMs);
    this.strike(due.flatMap((action) => (action.kind === "fault" ? [action] : [])));
    for (const action of due) {
      if (action.kind === "fault") continue;
      this.runUntil(action.atMs);
      this.perform(action);
    }
    this.runUntil(this.untilMs);
  }

  private strike(faults: readonly ScheduledFault[]): void {
    for (const fault of faults) this.actions.push({ kind: "fault", ...fault });
    this.cluster.schedule(...faults);
  }

  /** One operator or two, at any nodes, whatever else is under way. */
  private operate(): void {
    const operators = this.random.chance(0.5) ? 2 : 1;
    for (let i = 0; i < operators; i++) this.wish();
  }

  private wish(): void {
    const { cluster, random } = this;
    const living = cluster.living();
    const dice = random.next();
    if (living.length === 0 || this.failure !== undefined) return;
    const statuses = Object.entries(random.pick(living).ring.members);
    const ups = statuses.filter(([, { status }]) => status === "up").map(([id]) => id);
    const outside = cluster.ids.filter((id) => !ups.includes(id));
    const node = random.pick(ups);
    const comer = outside.length > 0 ? random.pick(outside) : undefined;
    const change: RingChange | undefined =
      dice < 0.35 && comer !== undefined
        ? { kind: "join", node: comer }
        : dice < 0.65 && comer !== undefined
          ? { kind: "replace", node, by: comer }
          : ups.length > 3
            ? { kind: "leave", node }
            : undefined;
    if (change === undefined) return;
    const atMs = cluster.nowMs;
    this.perform({ kind: "changeRing", atMs, at: random.pick(living).id, change });
  }

  private perform(action: Extract<DynamoStormAction, { kind: "changeRing" }>): void {
    this.actions.push(action);
    this.count(action.change.kind);
    this.cluster.change(action.at, action.change);
  }

  private runUntil(untilMs: number): void {
    try {
      this.events += this.cluster.run(untilMs);
    } catch (error) {
      this.failure ??= { property: "exception", detail: (error as Error).message };
    }
  }

  /** All faults end, all live, and the clients may finish. */
  private calm(): void {
    const { cluster } = this;
    const { nowMs, ids } = cluster;
    cluster.schedule(...healingOf(ids).map((fault) => at(Math.ceil(nowMs), fault)));
    const { graceMs = 0 } = this.plan.options;
    for (let i = 0; i < (calmMs + graceMs) / 200 && this.failure === undefined; i++) {
      this.runUntil(Math.ceil(nowMs) + 200 * (i + 1));
      const ended = this.counts.get("ended") ?? 0;
      if (ended > this.plan.clients && this.disorder() === undefined) return;
    }
    const detail = this.disorder();
    if (detail !== undefined) this.failure ??= { property: "notConverged", detail };
  }

  /** Where tombstones are forgotten at all, all of them are in the end. */
  private disorder(): string | undefined {
    const { cluster, plan } = this;
    const late = cluster.living().find(({ deleted }) => deleted.size > 0);
    if (plan.options.graceMs !== undefined && late) return `${late.id} keeps tombstones`;
    return cluster.disorder();
  }

  /** Returns how many reads were stale, which only a strict quorum forbids. */
  private judge(history: StoreHistory): number {
    const judge = new StoreJudge(history);
    const stale = judge.staleReads();
    const { replicas = 3, readQuorum = 2, writeQuorum = 2, isSloppy } = this.plan.options;
    const isStrict = isSloppy !== true && readQuorum + writeQuorum > replicas;
    this.failure ??= judge.nonsense();
    if (isStrict) this.failure ??= stale[0];
    this.failure ??= judge.lost(this.final());
    for (let i = 0; i < stale.length; i++) this.count("staleRead");
    return stale.length;
  }

  /** What the store has at the end: the copies are equal, so any of them tells. */
  private final(): Map<string, unknown[]> {
    const all = this.cluster.living().flatMap(({ entries }) => [...entries]);
    return new Map(all.map(([key, { versions }]) => [key, valuesOf(versions)]));
  }

  private count(label: string): void {
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
  }
}

/** Reads, deletes, writes after a read, and writes of whoever has not looked. */
function operationsOf(client: number, plan: DynamoStormPlan, random: Random): DynamoOperation[] {
  return Array.from({ length: plan.operationsEach }, (_, i): DynamoOperation => {
    const key = `wallet-${random.below(plan.keys)}`;
    if (random.chance(0.5)) return { op: "get", key };
    if (random.chance(plan.deleteRate)) return { op: "delete", key };
    return { op: "put", key, value: `c${client}/${i}`, isBlind: random.chance(0.3) };
  });
}

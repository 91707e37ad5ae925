/**
 * One storm: a cache, its database and its clients under random faults; then all is healed, and
 * every client must have its answers, and have seen what the plan's options promise.
 */
import { Random } from "../../../basics";
import { at, faultLabel, healingOf, randomFaults } from "../../../hosts";
import type { ScheduledFault, SimulatedNote, StormRunOptions } from "../../../hosts";
import type { NodeId, Trace } from "../../../protocol";
import type { CacheMessage, CacheOperation, CacheTimer } from "../messages";
import { CacheCluster, cacheEventOf } from "../simulation/cluster";
import type { CacheClientClass, CacheEvent, CacheServerClass } from "../simulation/cluster";
import type { CacheInvalidatorClass } from "../simulation/cluster";
import { CacheJudge } from "./judge";
import type { CacheViolation, Version } from "./judge";
import type { CacheStormPlan } from "./plan";

export interface CacheStormResult {
  readonly failure: { readonly property: string; readonly detail: string } | undefined;
  readonly actions: readonly ScheduledFault[];
  readonly counts: ReadonlyMap<string, number>;
  readonly history: readonly CacheEvent[];
  /** Reads that missed an acknowledged write: promised by some options, forbidden by others. */
  readonly staleReads: number;
  /** Write-back: acknowledged writes that a crash has taken. */
  readonly lost: readonly Version[];
  readonly events: number;
  readonly nowMs: number;
  readonly trace: Trace<CacheMessage, CacheTimer>;
}

export interface CacheClasses {
  readonly serverClass?: CacheServerClass;
  readonly clientClass?: CacheClientClass;
  readonly invalidatorClass?: CacheInvalidatorClass;
}

export function runStorm(
  plan: CacheStormPlan,
  classes: CacheClasses = {},
  options: StormRunOptions<ScheduledFault> = {},
): CacheStormResult {
  return new Storm(plan, classes, options).run();
}

export function describeAction({ fault }: ScheduledFault): string {
  return faultLabel(fault);
}

/** Left alone for so long, every client has its answers. */
const calmMs = 8_000;

class Storm {
  private readonly cluster: CacheCluster;
  private readonly counts = new Map<string, number>();
  private readonly history: CacheEvent[] = [];
  private readonly committed: Version[] = [];
  /** By the log: every server has been told. */
  private readonly invalidated: Version[] = [];
  /** Write-back: by server and key, what is not flushed. */
  private readonly dirty = new Map<NodeId, Map<string, Version>>();
  private readonly lost: Version[] = [];
  private events = 0;
  private failure: CacheStormResult["failure"];

  constructor(
    private readonly plan: CacheStormPlan,
    classes: CacheClasses,
    private readonly given: StormRunOptions<ScheduledFault>,
  ) {
    const { seed, maxLatencyMs, maxSkewMs, maxDriftPpm } = plan;
    const clocks = new Random(seed, 112);
    const network = { latency: { kind: "uniform", minMs: 0.2, maxMs: maxLatencyMs } } as const;
    this.cluster = new CacheCluster({
      ...plan,
      ...classes,
      client: (index) => ({ ...plan.client, operations: operationsOf(index, plan) }),
      clock: () => ({
        skewMs: Math.round(maxSkewMs * clocks.between(-1, 1)),
        driftPpm: Math.round(maxDriftPpm * clocks.between(-1, 1)),
      }),
      simulator: { isTraced: given.isTraced ?? false, network },
      onNote: (note) => this.hear(note),
    });
  }

  run(): CacheStormResult {
    const { cluster, given, plan } = this;
    const { servers, gutters, clients, databaseId, invalidators } = cluster;
    const untilMs = Math.min(given.untilMs ?? Infinity, plan.faultsMs);
    const names = [...servers, ...gutters, ...clients, databaseId, ...invalidators];
    const { faults, seed } = plan;
    const drawn = given.actions ?? randomFaults({ ...faults, seed, names, untilMs });
    const actions = drawn.filter(({ atMs }) => atMs <= untilMs);
    this.play(actions, untilMs);
    if (this.failure === undefined) this.calm();
    const staleReads = this.judge(actions);
    const { failure, counts, events, history, lost } = this;
    const { nowMs, trace } = cluster;
    return { failure, actions, counts, history, staleReads, lost, events, nowMs, trace };
  }

  /** Runs to each crash, to see what is dirty then. */
  private play(actions: readonly ScheduledFault[], untilMs: number): void {
    const { cluster } = this;
    try {
      cluster.schedule(...actions);
      for (const { atMs, fault } of actions) {
        if (fault.kind !== "crash") continue;
        this.events += cluster.run(atMs);
        for (const name of fault.names) this.lose(name);
      }
      this.events += cluster.run(Math.max(cluster.nowMs, untilMs));
    } catch (error) {
      this.failure ??= { property: "exception", detail: (error as Error).message };
    }
  }

  private lose(server: NodeId): void {
    for (const version of this.dirty.get(server)?.values() ?? []) {
      this.lost.push({ ...version, atMs: this.cluster.nowMs });
      this.count("lostDirty");
    }
    this.dirty.delete(server);
  }

  /** All faults end, all live, and the clients may finish. */
  private calm(): void {
    const { cluster } = this;
    const { servers, gutters, clients, databaseId, invalidators, nowMs } = cluster;
    const names = [...servers, ...gutters, ...clients, databaseId, ...invalidators];
    cluster.schedule(...healingOf(names).map((fault) => at(Math.ceil(nowMs), fault)));
    try {
      this.events += cluster.run(Math.ceil(nowMs) + calmMs);
    } catch (error) {
      this.failure ??= { property: "exception", detail: (error as Error).message };
    }
  }

  /** Returns how many reads were stale, which some options allow. */
  private judge(actions: readonly ScheduledFault[]): number {
    const { history, lost, committed, cluster } = this;
    const { writes = "aside", refills = "leases", ttlMs = 60_000 } = this.plan.options;
    const judge = new CacheJudge(history, { lost });
    const stale = judge.staleReads();
    const isFresh = !["around", "log"].includes(writes) && refills !== "any";
    this.fail(judge.nonsense());
    if (isFresh) this.fail(stale[0]);
    if (refills !== "any") this.fail(judge.staleAfterLog(this.invalidated));
    // Clocks may run slow by `maxDriftPpm`, so that the TTL of a server lasts longer.
    const boundMs = (ttlMs + (this.plan.options.staleMs ?? 0)) * 1.02;
    this.fail(judge.tooStale(committed, boundMs));
    this.fail(judge.lostWrites((key) => cluster.truth(key)?.version ?? 0));
    const crashedMs = (client: NodeId): number =>
      Math.max(-1, ...actions.filter((action) => crashes(action, client)).map((a) => a.atMs));
    this.fail(judge.unanswered(crashedMs));
    for (let i = 0; i < stale.length; i++) this.count("staleRead");
    return stale.length;
  }

  private fail(violation: CacheViolation | undefined): void {
    this.failure ??= violation;
  }

  private hear(note: SimulatedNote): void {
    const { label, node, detail, atMs } = note;
    this.count(label);
    const event = cacheEventOf(note);
    if (event !== undefined) return void this.history.push(event);
    if (label === "committed") this.committed.push({ ...(detail as Version), atMs });
    if (label === "invalidated") this.invalidated.push({ ...(detail as Version), atMs });
    if (label !== "dirty" && label !== "flushed") return;
    const { key, version } = detail as Version;
    const dirty = this.dirty.get(node) ?? new Map<string, Version>();
    this.dirty.set(node, dirty);
    if (label === "dirty") dirty.set(`${key} ${version}`, { key, version, atMs });
    // Later versions of the key have taken the earlier ones' place before they were flushed.
    for (const [name, row] of dirty) {
      if (label === "flushed" && row.key === key && row.version <= version) dirty.delete(name);
    }
  }

  private count(label: string): void {
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
  }
}

function crashes({ fault }: ScheduledFault, name: NodeId): boolean {
  return fault.kind === "crash" && fault.names.includes(name);
}

function operationsOf(client: number, plan: CacheStormPlan): CacheOperation[] {
  const random = new Random(plan.seed, 113 + client);
  return Array.from({ length: plan.operationsEach }, (_, i): CacheOperation => {
    // One key is asked for far more often than the others.
    const key = `phone-${random.chance(0.5) ? 0 : random.below(plan.keys)}`;
    if (!random.chance(plan.writesShare)) return { op: "read", key };
    return { op: "write", key, value: `c${client + 1}/${i}` };
  });
}

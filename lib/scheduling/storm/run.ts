/**
 * One storm: a scheduler, workers, clients and a store of effects under random faults; then a
 * majority of the servers is healed, and every task has to end within a bound.
 */
import { Random } from "../../basics";
import { at, clogLinks, crash, drift, faultLabel, heal, networkRates } from "../../hosts";
import { randomFaults, restart, resume, unclog, unclogLinks } from "../../hosts";
import type { Fault, RandomFaultOptions, ScheduledFault, StormRunOptions } from "../../hosts";
import type { Trace } from "../../protocol";
import type { SchedulerMessage, SchedulerTimer } from "../messages";
import { ReplicatedScheduler } from "../replicated-scheduler";
import { SchedulerCluster } from "../simulation/scheduler-cluster";
import type { SchedulerParts } from "../simulation/scheduler-cluster";
import { drawCommands, drawTasks } from "./plan";
import type { SchedulerStormPlan } from "./plan";
import { SchedulerWatch } from "./watch";
import type { SchedulerViolation } from "./watch";

export type SchedulerStormAction = { readonly kind: "fault" } & ScheduledFault;

export interface SchedulerStormResult {
  readonly failure: SchedulerViolation | undefined;
  readonly actions: readonly SchedulerStormAction[];
  readonly counts: ReadonlyMap<string, number>;
  readonly events: number;
  readonly nowMs: number;
  readonly trace: Trace<SchedulerMessage, SchedulerTimer>;
}

export function describeAction({ fault }: SchedulerStormAction): string {
  return faultLabel(fault);
}

export function runStorm(
  plan: SchedulerStormPlan,
  parts: SchedulerParts = {},
  options: StormRunOptions<SchedulerStormAction> = {},
): SchedulerStormResult {
  return new Storm(plan, parts, options).run();
}

/**
 * From the end of the faults on every task ends within so long: its ageing (3 s from the least
 * urgent to the most), four attempts with their back-off and time-outs, along a chain of parents.
 */
const endedMs = 16_000;

class Storm {
  private readonly watch: SchedulerWatch;
  private readonly cluster: SchedulerCluster;
  private readonly counts = new Map<string, number>();
  private readonly over = new Set<string>();
  private actions: SchedulerStormAction[] = [];
  private events = 0;

  constructor(
    private readonly plan: SchedulerStormPlan,
    parts: SchedulerParts,
    private readonly given: StormRunOptions<SchedulerStormAction>,
  ) {
    const { seed, servers, settings, snapshotEvery, machine, raft, maxLatencyMs, diskMs } = plan;
    const names = Array.from({ length: plan.clients }, (_, i) => `c${i + 1}`);
    this.watch = new SchedulerWatch(names.flatMap((id) => drawTasks(plan, id)));
    this.cluster = new SchedulerCluster({
      ...{ seed, servers, settings, snapshotEvery, machine, raft, parts },
      simulator: {
        isTraced: given.isTraced ?? false,
        network: { latency: { kind: "uniform", minMs: 0.5, maxMs: maxLatencyMs } },
        ...(diskMs > 0 && {
          disk: { writeMs: { kind: "exponential", minMs: diskMs / 2, tailMs: diskMs / 2 } },
        }),
      },
      onNote: (note) => {
        this.counts.set(note.label, (this.counts.get(note.label) ?? 0) + 1);
        if (note.label === "over") this.over.add(note.node);
        this.watch.hear(note);
        if (this.watch.violation !== undefined) this.cluster.simulator.stop();
      },
    });
    this.addAll(names);
  }

  run(): SchedulerStormResult {
    const faults = this.given.actions ?? this.draw();
    this.actions = faults.filter(({ atMs }) => atMs <= this.untilMs);
    this.cluster.schedule(...this.actions.map(({ atMs, fault }) => at(atMs, fault)));
    this.runUntil(this.untilMs);
    this.recover();
    this.judge();
    const { counts, actions, events } = this;
    const { nowMs, trace } = this.cluster;
    return { failure: this.watch.violation, actions, counts, events, nowMs, trace };
  }

  private addAll(names: readonly string[]): void {
    const { plan, cluster } = this;
    const { failRate, serviceMs: meanMs } = plan;
    const service = { "*": { meanMs, failRate }, poison: { meanMs, failRate: 1 } };
    const capabilities = ["k", "mail", "poison"];
    for (let i = 1; i <= plan.workers; i++) {
      const own = { slots: 2, prefetch: i % 2, service, heartbeatMs: 100, retryMs: 80 };
      const more = i === 1 ? [] : ["gpu"];
      cluster.addWorker(`w${i}`, { ...own, capabilities: [...capabilities, ...more] });
    }
    const times = { retryMs: 80, lookMs: 150 };
    for (const id of names) {
      const tasks = drawTasks(plan, id);
      cluster.addClient(id, { tasks, batch: 4, window: 12, thinkMs: 30, ...times });
    }
    if (plan.hasOperator) {
      cluster.addClient("c8", { commands: drawCommands(plan), thinkMs: 250, ...times });
    }
    if (plan.isFlooded) {
      const load = { kinds: ["k"], priority: 0 };
      cluster.addClient("c9", { load, batch: 5, window: 15, ...times });
    }
  }

  private get untilMs(): number {
    return Math.min(this.given.untilMs ?? Infinity, this.plan.faultsMs);
  }

  private draw(): SchedulerStormAction[] {
    const { seed, faultsMs: untilMs, ...plan } = this.plan;
    const { ids, workers, clients } = this.cluster;
    const of = (names: readonly string[], stream: number, faults: Partial<RandomFaultOptions>) =>
      randomFaults({ ...faults, seed: 5 * seed + stream, names, untilMs });
    const { partition } = plan.serverFaults;
    const cut = partition && { ...partition, names: [...ids, ...workers, ...clients, "e1"] };
    const all = [
      ...of(ids, 0, { ...plan.serverFaults, ...(cut && { partition: cut }) }),
      ...of(workers, 1, plan.workerFaults),
      ...of(clients, 2, plan.clientFaults),
      ...of(["e1"], 3, plan.storeFaults),
      ...this.delays(),
    ];
    const sorted = all.sort((left, right) => left.atMs - right.atMs);
    return sorted.map((fault) => ({ kind: "fault", ...fault }));
  }

  /** A worker's word that is late: its task may be another's by then. */
  private delays(): ScheduledFault[] {
    const random = new Random(this.plan.seed, 90);
    return Array.from({ length: random.below(8) }, () => {
      const [worker] = random.shuffle(this.cluster.workers);
      const [to] = random.shuffle([...this.cluster.ids, "e1"]);
      const atMs = Math.ceil(random.between(100, this.plan.faultsMs));
      const endMs = Math.ceil(Math.min(this.plan.faultsMs, atMs + random.between(100, 1_500)));
      return [at(atMs, clogLinks([worker], [to])), at(endMs, unclogLinks([worker], [to]))];
    }).flat();
  }

  private runUntil(untilMs: number): void {
    if (this.watch.violation !== undefined) return;
    try {
      this.events += this.cluster.run(untilMs);
    } catch (error) {
      this.watch.fail("exception", (error as Error).message);
    }
  }

  /** Only a quorum of the servers lives on. */
  private recover(): void {
    const { cluster, plan } = this;
    const { ids, clients, workers } = cluster;
    const startMs = Math.ceil(cluster.nowMs);
    const core = new Random(plan.seed, 91).shuffle(ids).slice(0, (ids.length >> 1) + 1);
    const others = [...clients, ...workers, "e1"];
    const all = [...ids, ...others];
    // One worker never comes back: its tasks have to go to the others.
    const [gone] = workers.slice(-1);
    const calm: Fault[] = [
      ...[heal(), networkRates({}), unclog(all), unclogLinks(all, all), drift(all, 0)],
      ...[resume(all), restart([...core, ...others])],
      crash([...ids.filter((id) => !core.includes(id)), gone]),
    ];
    if (this.watch.violation !== undefined) return;
    cluster.schedule(...calm.map((fault) => at(startMs, fault)));
    const expected = clients.filter((id) => id !== "c9");
    for (let i = 1; i <= endedMs / 500; i++) {
      this.runUntil(startMs + 500 * i);
      if (this.watch.violation !== undefined) return;
      if (i > 1 && expected.every((id) => this.isOver(id))) return;
    }
    const open = expected.filter((id) => !this.isOver(id));
    this.watch.fail("notEnded", `tasks of ${open.join(", ")} have not ended in ${endedMs} ms`);
  }

  /** A client that was restarted after its end says so again. */
  private isOver(client: string): boolean {
    if (!this.over.has(client)) return false;
    const last = this.cluster.notes.filter(({ node }) => node === client).at(-1);
    return last?.label === "over" || client === "c8";
  }

  private judge(): void {
    const { cluster, watch } = this;
    if (watch.violation !== undefined) return;
    const [state, store] = [cluster.state(), cluster.store()];
    if (state !== undefined && store !== undefined) watch.judge(state, store);
    const states = new Map<number, string>();
    for (const server of cluster.living()) {
      if (!(server instanceof ReplicatedScheduler)) continue;
      const { machine, machineState, lastApplied } = server.raft;
      const text = JSON.stringify(machine.toJson(machineState));
      if ((states.get(lastApplied) ?? text) !== text) {
        watch.fail("differentStates", `after entry ${lastApplied}`);
      }
      states.set(lastApplied, text);
    }
  }
}

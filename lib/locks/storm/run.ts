/**
 * One storm: servers, clients and a resource under random faults; then a majority of the servers
 * is healed, the rest stay down, and every client has to get its turn.
 */
import { Random } from "../../basics";
import { checkLinearizable, leasedLock, verdictInOneLine } from "../../checks";
import { at, clogLinks, crash, drift, faultLabel, groundOf, heal, networkRates } from "../../hosts";
import { randomFaults, restart, resume, unclog, unclogLinks } from "../../hosts";
import type { Fault, RandomFaultOptions, ScheduledFault, StormRunOptions } from "../../hosts";
import type { Event, Host, HistoryEvent, Trace } from "../../protocol";
import { FencedResource } from "../fenced-resource";
import { LockServer } from "../lock-server";
import type { LockMessage, LockTimer } from "../messages";
import { LockCluster } from "../simulation/lock-cluster";
import type { LockClientClass, LockServerClass } from "../simulation/lock-cluster";
import type { LockCommand } from "../table";
import { drawErrands } from "./plan";
import type { LockStormPlan } from "./plan";
import { LockWatch } from "./watch";
import type { LockViolation } from "./watch";

export type LockStormAction = { readonly kind: "fault" } & ScheduledFault;

/** What a planted bug replaces. */
export interface LockParts {
  readonly server?: LockServerClass;
  readonly client?: LockClientClass;
  readonly resource?: typeof FencedResource;
}

export interface LockStormResult {
  readonly failure: LockViolation | undefined;
  readonly actions: readonly LockStormAction[];
  readonly counts: ReadonlyMap<string, number>;
  readonly history: readonly HistoryEvent[];
  readonly events: number;
  readonly nowMs: number;
  readonly trace: Trace<LockMessage, LockTimer>;
}

export function describeAction({ fault }: LockStormAction): string {
  return faultLabel(fault);
}

export function runStorm(
  plan: LockStormPlan,
  parts: LockParts = {},
  options: StormRunOptions<LockStormAction> = {},
): LockStormResult {
  return new Storm(plan, parts, options).run();
}

/** From the end of the faults on, everybody has to be served within so long. */
const servedMs = 30_000;

class Storm {
  private readonly watch = new LockWatch();
  private readonly cluster: LockCluster;
  private readonly counts = new Map<string, number>();
  private actions: LockStormAction[] = [];
  private events = 0;

  constructor(
    private readonly plan: LockStormPlan,
    parts: LockParts,
    private readonly given: StormRunOptions<LockStormAction>,
  ) {
    const { seed, servers, groups, options, maxSkewMs, isFenced } = plan;
    const skews = new Random(seed, 61);
    this.cluster = new LockCluster({
      ...{ seed, servers, groups, options, isFenced, ...parts },
      server: this.watched(parts.server ?? LockServer),
      skewMs: () => Math.round(maxSkewMs * skews.between(-1, 1)),
      simulator: {
        isTraced: given.isTraced ?? false,
        ...groundOf(plan, 0.5),
      },
      onNote: (note) => {
        this.counts.set(note.label, (this.counts.get(note.label) ?? 0) + 1);
        this.watch.hear(note);
      },
    });
  }

  run(): LockStormResult {
    const { plan, cluster } = this;
    for (let i = 1; i <= plan.clients; i++) {
      const errands = drawErrands(plan, new Random(plan.seed, 62 + i));
      const { ttlMs, thinkMs } = plan;
      cluster.addClient(`c${i}`, { errands, ttlMs, thinkMs, retryMs: 100 }, 300);
    }
    const faults = this.given.actions ?? this.draw();
    this.actions = faults.filter(({ atMs }) => atMs <= this.untilMs);
    cluster.schedule(...this.actions.map(({ atMs, fault }) => at(atMs, fault)));
    this.runUntil(this.untilMs);
    this.recover();
    const history = cluster.history();
    this.judge(history);
    const { counts, actions, events } = this;
    const { nowMs, trace } = cluster;
    return { failure: this.watch.violation, actions, counts, history, events, nowMs, trace };
  }

  private get untilMs(): number {
    return Math.min(this.given.untilMs ?? Infinity, this.plan.faultsMs);
  }

  private draw(): LockStormAction[] {
    const { seed, faultsMs: untilMs, serverFaults, clientFaults, resourceFaults } = this.plan;
    const { ids, clients } = this.cluster;
    const of = (names: readonly string[], stream: number, faults: Partial<RandomFaultOptions>) =>
      randomFaults({ ...faults, seed: 4 * seed + stream, names, untilMs });
    const isCut = serverFaults.partition && { names: [...ids, ...clients] };
    const partition = isCut && { ...serverFaults.partition, ...isCut };
    const all = [
      ...of(ids, 0, { ...serverFaults, ...(partition && { partition }) }),
      ...of(clients, 1, clientFaults),
      ...of(["r1"], 2, resourceFaults),
      ...this.delays(),
    ];
    const sorted = all.sort((left, right) => left.atMs - right.atMs);
    return sorted.map((fault) => ({ kind: "fault", ...fault }));
  }

  /** A use that is late: it arrives when the lock may be another's. */
  private delays(): ScheduledFault[] {
    const { delayedUses, seed, faultsMs } = this.plan;
    const random = new Random(seed, 70);
    return Array.from({ length: delayedUses }, () => {
      const [client] = random.shuffle(this.cluster.clients);
      const atMs = Math.ceil(random.between(300, faultsMs));
      const endMs = Math.ceil(Math.min(faultsMs, atMs + random.between(100, 2_500)));
      return [at(atMs, clogLinks([client], ["r1"])), at(endMs, unclogLinks([client], ["r1"]))];
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

  /** Only a quorum of each group lives on. */
  private recover(): void {
    const { cluster, plan } = this;
    const { ids, clients } = cluster;
    const startMs = Math.ceil(cluster.nowMs);
    const random = new Random(plan.seed, 71);
    const core = cluster.groups.flatMap((group) =>
      random.shuffle(group).slice(0, (group.length >> 1) + 1),
    );
    const others = [...clients, "r1"];
    const all = [...ids, ...others];
    const calm: Fault[] = [
      ...[heal(), networkRates({}), unclog(all), unclogLinks(all, all), drift(all, 0)],
      ...[resume(all), restart([...core, ...others])],
      crash(ids.filter((id) => !core.includes(id))),
    ];
    if (this.watch.violation !== undefined) return;
    cluster.schedule(...calm.map((fault) => at(startMs, fault)));
    for (let i = 1; i <= servedMs / 500; i++) {
      this.runUntil(startMs + 500 * i);
      if (this.watch.violation !== undefined) return;
      if (clients.every((id) => this.hasEnded(id))) return;
    }
    const waiting = clients.filter((id) => !this.hasEnded(id));
    this.watch.fail("notServed", `${waiting.join(", ")} have not done their errands by then`);
  }

  /** A client that was restarted after its end says so again. */
  private hasEnded(client: string): boolean {
    const { notes } = this.cluster;
    const last = notes.filter(({ node }) => node === client).at(-1);
    return last?.label === "ended";
  }

  private judge(history: readonly HistoryEvent[]): void {
    if (this.watch.violation !== undefined) return;
    const [gone] = Object.entries(this.cluster.lostUpdates());
    if (gone !== undefined) {
      this.watch.fail("lostUpdate", `${gone[1]} acknowledged writes of ${gone[0]} are gone`);
    }
    const states = new Map<string, string>();
    for (const { id, raft } of this.cluster.living()) {
      const text = JSON.stringify(raft.machine.toJson(raft.machineState));
      const at = `${this.cluster.groupOf(id)}/${raft.lastApplied}`;
      if ((states.get(at) ?? text) !== text) {
        this.watch.fail("differentStates", `after entry ${raft.lastApplied}`);
      }
      states.set(at, text);
    }
    const verdict = checkLinearizable(history, leasedLock());
    if (verdict.kind !== "linearizable") {
      this.watch.fail("linearizability", verdictInOneLine(verdict));
    }
  }

  /** The server's class, watched at every event; a broken property ends the run. */
  private watched(server: LockServerClass): LockServerClass {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a class within has its own
    const storm = this;
    type LockHost = Host<LockMessage, LockTimer>;
    return class extends server {
      override handle(event: Event<LockMessage, LockTimer>, host: LockHost): void {
        super.handle(event, host);
        storm.watch.observe(this, storm.cluster.nowMs, storm.cluster.groupOf(this.id));
        if (storm.watch.violation !== undefined) storm.cluster.simulator.stop();
      }

      protected override stampOf(command: LockCommand, host: LockHost): number {
        const stamp = super.stampOf(command, host);
        const { client } = command as { readonly client?: string };
        const when = { nowMs: storm.cluster.nowMs, group: storm.cluster.groupOf(this.id) };
        if (client !== undefined) storm.watch.proposed(client, stamp, when);
        return stamp;
      }
    };
  }
}

/**
 * One storm: clients read and compare-and-set registers under random faults, every acceptance is
 * held against those before it; then all is healed, the clients end, and another one finds all
 * servers at work. What all have seen has to be linearizable.
 */
import { casRegister, checkLinearizable, verdictInOneLine } from "../../../checks";
import { at, faultLabel, groundOf, healingOf, notedHistory, randomFaults } from "../../../hosts";
import { Simulator } from "../../../hosts";
import type { ScheduledFault, SimulatedNote, StormRunOptions, StormVerdict } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, Host, HistoryEvent, NodeId } from "../../../protocol";
import { CasClient } from "../cas-client";
import type { CasRegister, CasRegisterOptions } from "../cas-register";
import type { CasMessage, CasTimer } from "../messages";
import { nothingYet, withAcceptance } from "./agreement";
import type { CasStormPlan } from "./plan";

export type CasClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<CasRegisterOptions>,
) => CasRegister;

export interface CasStormResult extends StormVerdict<ScheduledFault> {
  readonly history: readonly HistoryEvent[];
}

export function describeAction({ fault }: ScheduledFault): string {
  return faultLabel(fault);
}

export function runStorm(
  plan: CasStormPlan,
  server: CasClass,
  options: StormRunOptions<ScheduledFault> = {},
): CasStormResult {
  return new Storm(plan, server, options).run();
}

/** Longer than any operation may last. */
const calmMs = 20_000;
/** The client that comes when all is well. */
const last = "c99";

class Storm {
  private readonly simulator: Simulator<CasMessage, CasTimer>;
  private readonly names: readonly NodeId[];
  private readonly counts = new Map<string, number>();
  private readonly history: HistoryEvent[] = [];
  private agreement = nothingYet;
  private failure: CasStormResult["failure"];
  private events = 0;

  constructor(
    private readonly plan: CasStormPlan,
    private readonly server: CasClass,
    private readonly given: StormRunOptions<ScheduledFault>,
  ) {
    const { seed, servers } = plan;
    this.names = Array.from({ length: servers }, (_, i) => `n${i + 1}`);
    this.simulator = new Simulator<CasMessage, CasTimer>({
      ...{ seed, isTraced: given.isTraced ?? false },
      ...groundOf(plan),
      onNote: (note) => this.hear(note),
    });
  }

  run(): CasStormResult {
    const { plan, simulator, given } = this;
    const server = this.watched();
    for (const id of this.names) {
      const peers = this.names.filter((other) => other !== id);
      simulator.add(id, server, { peers, options: plan.options });
    }
    for (let i = 1; i <= plan.clients; i++) this.addClient(`c${i}`, `x${i % plan.keys}`);
    const untilMs = Math.min(given.untilMs ?? Infinity, plan.faultsMs);
    const actions = (given.actions ?? this.drawn()).filter(({ atMs }) => atMs <= untilMs);
    simulator.schedule(...actions);
    this.runUntil(untilMs);
    if (this.failure === undefined) this.calm();
    this.failure ??= this.judge();
    const { failure, counts, events, history } = this;
    const { nowMs, trace } = simulator;
    return { failure, actions, counts, events, nowMs, trace, history };
  }

  private addClient(id: NodeId, key: string): void {
    const { operationsEach: operations, thinkMs, answerMs } = this.plan;
    const options = { key, operations, thinkMs, answerMs };
    this.simulator.add(id, CasClient, { peers: this.names, options });
  }

  private drawn(): ScheduledFault[] {
    const { seed, faults, faultsMs: untilMs } = this.plan;
    return randomFaults({ ...faults, seed, names: this.names, untilMs });
  }

  private runUntil(untilMs: number): void {
    try {
      this.events += this.simulator.run({ untilMs, maxEvents: 1_000_000 }).events;
    } catch (error) {
      this.failure ??= { property: "exception", detail: (error as Error).message };
    }
  }

  /** All faults end; who comes then finds servers that answer. */
  private calm(): void {
    const { simulator, names } = this;
    simulator.schedule(...healingOf(names).map((fault) => at(Math.ceil(simulator.nowMs), fault)));
    this.runUntil(Math.ceil(simulator.nowMs) + calmMs);
    if (this.failure !== undefined) return;
    this.addClient(last, "x0");
    this.runUntil(Math.ceil(simulator.nowMs) + calmMs);
  }

  private hear(note: SimulatedNote): void {
    this.counts.set(note.label, (this.counts.get(note.label) ?? 0) + 1);
    this.history.push(...notedHistory([note]));
  }

  private judge(): CasStormResult["failure"] {
    const verdict = checkLinearizable(this.history, casRegister());
    if (verdict.kind !== "linearizable") {
      return { property: "linearizability", detail: verdictInOneLine(verdict) };
    }
    const done = this.history.filter(({ process, type }) => process === last && type === "ok");
    if (done.length >= this.plan.operationsEach) return undefined;
    const detail = `alone with healed servers, a client has done ${done.length} operations`;
    return { property: "progress", detail };
  }

  /** The class, with everything that is accepted held against what was accepted before. */
  private watched(): CasClass {
    const onAccepted = (by: NodeId, message: CasMessage): void => {
      if (message.type !== "accept" || this.failure !== undefined) return;
      this.agreement = withAcceptance(this.agreement, { by, ...message }, this.names.length);
      if (this.agreement.conflict === undefined) return;
      this.failure = { property: "agreement", detail: this.agreement.conflict };
      this.simulator.stop();
    };
    return class extends this.server {
      override handle(event: Event<CasMessage, CasTimer>, host: Host<CasMessage, CasTimer>): void {
        const send = (to: NodeId, message: CasMessage): void => {
          if (message.type === "accepted" && event.kind === "message") {
            onAccepted(this.id, event.message);
          }
          host.send(to, message);
        };
        super.handle(event, aroundHost(host, { send }));
      }
    };
  }
}

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
import { nothingYet, withAcceptance, withCast } from "./agreement";
import type { Acceptance } from "./agreement";
import type { CasStormPlan } from "./plan";
import { OpenVotes } from "./votes";

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
  private readonly votes = new OpenVotes();
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

  /** The class, with every vote that counts held against those before it. */
  private watched(): CasClass {
    const before = (id: NodeId, event: Event<CasMessage, CasTimer>): void => this.see(id, event);
    const cast = (vote: Acceptance): void => this.cast(vote);
    const after = (): void => this.judgeVotes();
    return class extends this.server {
      override handle(event: Event<CasMessage, CasTimer>, host: Host<CasMessage, CasTimer>): void {
        const send = (to: NodeId, message: CasMessage): void => {
          const asked = event.kind === "message" ? event.message : undefined;
          if (message.type === "accepted" && asked?.type === "accept") {
            cast({ by: this.id, ...asked });
          }
          host.send(to, message);
        };
        before(this.id, event);
        super.handle(event, aroundHost(host, { send }));
        after();
      }
    };
  }

  private see(id: NodeId, event: Event<CasMessage, CasTimer>): void {
    this.judgeVotes();
    if (event.kind === "start") this.votes.lost(id);
    if (event.kind !== "message" || event.message.type !== "accepted") return;
    this.count(this.votes.heard(event.from, event.message));
  }

  private cast(vote: Acceptance): void {
    this.votes.cast(vote);
    this.agreement = withCast(this.agreement, vote);
  }

  private judgeVotes(): void {
    for (const by of this.votes.voters) {
      this.count(this.votes.saved(by, this.simulator.savedOf(by)));
    }
    const { conflict } = this.agreement;
    if (conflict === undefined || this.failure !== undefined) return;
    this.failure = { property: "agreement", detail: conflict };
    this.simulator.stop();
  }

  private count(votes: readonly Acceptance[]): void {
    for (const vote of votes) {
      this.agreement = withAcceptance(this.agreement, vote, this.names.length);
    }
  }
}

/**
 * One storm: clients, balancers and servers under random faults, while operators change the pool
 * and servers fall ill; then all is healed, every server that has not been drained must be open
 * again to every balancer, and every request must be answered.
 */
import { Simulator, at, faultLabel, heal, networkRates, restart, resume } from "../../../hosts";
import { slow, unclog, unclogLinks } from "../../../hosts";
import type { SimulatedNote, StormFailure, StormRunOptions, StormVerdict } from "../../../hosts";
import type { Event, Protocol } from "../../../protocol";
import { BalancedServer } from "../balanced-server";
import { Balancer } from "../balancer";
import type { BalancerHost } from "../balancer";
import type { BalancingMessage, BalancingTimer } from "../messages";
import type { BalancerOptions } from "../options";
import { RequestClient } from "../request-client";
import { BalancerJudge } from "./judge";
import { actionsOf, backMs } from "./plan";
import type { BalancingAction, BalancingPlan } from "./plan";

export type BalancerClass = new (
  id: string,
  peers: readonly string[],
  options?: Partial<BalancerOptions>,
) => Balancer;

export function describeAction(action: BalancingAction): string {
  if (action.kind === "fault") return faultLabel(action.fault);
  return `${action.to} is told ${JSON.stringify(action.message)}`;
}

export function runStorm(
  plan: BalancingPlan,
  balancer: BalancerClass = Balancer,
  options: StormRunOptions<BalancingAction> = {},
): StormVerdict<BalancingAction> {
  return new Storm(plan, balancer, options).run();
}

/** What is asked after so long has its answer, and it is "ok", once everybody is back. */
const steadyMs = 1_500;

/** What has waited in a paused balancer fills the servers for a while after it goes on. */
const backlogMs = 1_000;

class Storm {
  private readonly simulator: Simulator<BalancingMessage, BalancingTimer>;
  private readonly judges = new Map<string, BalancerJudge>();
  private readonly counts = new Map<string, number>();
  private readonly done: BalancingAction[] = [];
  /** Attempts that servers have worked on, by client's request and life of its balancer. */
  private readonly worked = new Map<string, number>();
  /** From then on every request must be answered, and then well. */
  private answeredFromMs = Infinity;
  private wellFromMs = Infinity;
  private failure: StormFailure | undefined;
  private events = 0;

  constructor(
    private readonly plan: BalancingPlan,
    balancer: BalancerClass,
    private readonly given: StormRunOptions<BalancingAction>,
  ) {
    const { seed, maxLatencyMs } = plan;
    this.simulator = new Simulator<BalancingMessage, BalancingTimer>({
      seed,
      isTraced: given.isTraced ?? false,
      network: { latency: { kind: "uniform", minMs: 0.2, maxMs: maxLatencyMs } },
      onNote: (note) => this.hear(note),
    });
    this.addNodes(balancer);
  }

  run(): StormVerdict<BalancingAction> {
    const { faultsMs } = this.plan;
    const untilMs = Math.min(this.given.untilMs ?? Infinity, faultsMs);
    for (const action of this.given.actions ?? actionsOf(this.plan)) {
      if (action.atMs <= untilMs) this.perform(action);
    }
    this.runUntil(untilMs);
    this.calm();
    const { failure, done: actions, events, counts } = this;
    return { failure, actions, nowMs: this.nowMs, events, counts, trace: this.simulator.trace };
  }

  private get nowMs(): number {
    return this.simulator.nowMs;
  }

  private get names(): readonly string[] {
    const { servers, added, balancers, clients } = this.plan;
    return [...servers, added, ...balancers, ...clients];
  }

  private addNodes(balancer: BalancerClass): void {
    const { servers, added, balancers, clients, ...options } = this.plan;
    const add = <O>(id: string, node: unknown, peers: readonly string[], given: O): void =>
      this.simulator.add(id, node as Protocol<BalancingMessage, BalancingTimer, object>, {
        ...{ peers, options: given as object },
      });
    for (const id of [...servers, added]) add(id, BalancedServer, [], options.server);
    for (const id of balancers) {
      this.judges.set(id, new BalancerJudge(this.plan, id));
      add(id, this.watched(balancer), servers, options.balancer);
    }
    for (const id of clients) add(id, RequestClient, balancers, options.client);
  }

  /** The class, with what an operator says told to its judge. */
  private watched(balancer: BalancerClass): BalancerClass {
    const judges = this.judges;
    return class extends balancer {
      override handle(event: Event<BalancingMessage, BalancingTimer>, host: BalancerHost): void {
        const judge = judges.get(this.id);
        if (event.kind === "start") judge?.restart();
        if (event.kind === "message") {
          const { message } = event;
          if (["drain", "keep", "add"].includes(message.type)) judge?.change(message as never);
        }
        super.handle(event, host);
      }
    };
  }

  private perform(action: BalancingAction): void {
    this.runUntil(action.atMs);
    if (this.failure !== undefined) return;
    this.done.push(action);
    if (action.kind === "fault") this.simulator.schedule(action);
    else if (this.simulator.isUp(action.to)) {
      this.simulator.inject("operator", action.to, action.message);
    }
  }

  private runUntil(untilMs: number): void {
    if (this.failure !== undefined || untilMs <= this.nowMs) return;
    try {
      this.events += this.simulator.run({ untilMs, maxEvents: 2_000_000 }).events;
    } catch (error) {
      this.fail({ property: "exception", detail: (error as Error).message });
    }
  }

  private calm(): void {
    if (this.failure !== undefined) return;
    const { names, simulator } = this;
    const faults = [heal(), networkRates({}), unclog(names), unclogLinks(names, names)];
    const healed = [...faults, slow(names, 1), resume(names), restart(names)];
    const startMs = Math.ceil(this.nowMs);
    simulator.schedule(...healed.map((fault) => at(startMs, fault)));
    this.runUntil(startMs + 1);
    for (const id of [...this.plan.servers, this.plan.added]) {
      simulator.inject("operator", id, { type: "mode", mode: "well" });
    }
    this.answeredFromMs = this.nowMs + 20;
    this.runUntil(startMs + backlogMs);
    while (this.unsettled() !== undefined && this.nowMs < startMs + backMs) {
      this.runUntil(this.nowMs + backMs / 100);
      if (this.failure !== undefined) return;
    }
    this.fail(this.unsettled());
    this.wellFromMs = this.nowMs;
    this.runUntil(this.nowMs + steadyMs);
    this.fail(this.unsettled());
    this.fail(this.waiting());
  }

  /** A server that some balancer has not yet taken back whole. */
  private unsettled(): StormFailure | undefined {
    for (const id of this.plan.balancers) {
      const { pool, health } = simulatorNode<Balancer>(this.simulator, id);
      for (const [at, { id: server, weight = 1 }] of pool.servers.entries()) {
        if (pool.isDraining(at)) continue;
        const closedBy = health.doors.closedBy(at);
        const why = closedBy.length > 0 ? closedBy.join() : `weight ${pool.weights[at]}`;
        if (closedBy.length === 0 && pool.weights[at] === weight) continue;
        return { property: "notBack", detail: `${server} is not back at ${id}: ${why}` };
      }
    }
    return undefined;
  }

  /** A client that has waited longer than all attempts take. */
  private waiting(): StormFailure | undefined {
    const { attemptMs = 1_000, maxAttempts = 3 } = this.plan.balancer;
    const longestMs = attemptMs * maxAttempts + 4 * this.plan.maxLatencyMs;
    for (const id of this.plan.clients) {
      const { pending } = simulatorNode<RequestClient>(this.simulator, id);
      for (const [requestId, sentMs] of pending) {
        if (sentMs < this.answeredFromMs || this.nowMs - sentMs <= longestMs) continue;
        return { property: "unanswered", detail: `request ${requestId} of ${id} has no answer` };
      }
    }
    return undefined;
  }

  private hear({ label, node, detail, atMs }: SimulatedNote): void {
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
    this.fail(this.judges.get(node)?.hear(label, detail, atMs));
    if (label === "worked") this.fail(this.workedTwice(detail as Worked));
    if (!["fail", "info", "unanswered"].includes(label)) return;
    const { requestId, ms } = detail as { requestId: number; ms: number };
    const sentMs = atMs - ms;
    const text = `request ${requestId} of ${node}: ${label}`;
    if (label === "unanswered" && sentMs >= this.answeredFromMs) {
      this.fail({ property: "unanswered", detail: text });
    } else if (sentMs >= this.wellFromMs) this.fail({ property: "notWell", detail: text });
  }

  /** Of requests that must be done once; a doubled message is the network's, not the balancer's. */
  private workedTwice({ client, clientRequest, attempt }: Worked): StormFailure | undefined {
    const { onceEvery = 0 } = this.plan.client;
    if (onceEvery === 0 || clientRequest % onceEvery !== 0) return undefined;
    const life = Math.floor(attempt / 2 ** 32);
    const key = `${client}/${clientRequest}/${life}`;
    const first = this.worked.get(key) ?? attempt;
    this.worked.set(key, first);
    if (first === attempt) return undefined;
    return { property: "doneTwice", detail: `request ${clientRequest} of ${client}` };
  }

  private fail(failure: StormFailure | undefined): void {
    if (failure === undefined || this.failure !== undefined) return;
    this.failure = failure;
    this.simulator.stop();
  }
}

interface Worked {
  readonly client: string;
  readonly clientRequest: number;
  readonly attempt: number;
}

function simulatorNode<N>(simulator: Simulator<BalancingMessage, BalancingTimer>, id: string): N {
  return simulator.nodeOf(id) as unknown as N;
}

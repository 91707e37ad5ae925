/**
 * A balancer: passes each request on to the server that its policy picks, checks and ejects
 * servers, and sends a request again to another one where that is safe and the budget allows it.
 *
 * Source: ours, of parts that name their own: `ServerHealth`, `RetryBudget`, the policies. What may
 * be sent again is nginx's rule (proxy_next_upstream): a request that must not be done twice only
 * after an error that says it was not done. No hedging: a second copy goes out after the first has
 * failed, never beside it.
 * Assumes: servers crash, hang, slow down and lie to checks; messages are lost, late and doubled.
 * Guarantees: a request is answered, or told an error, within maxAttempts x attemptMs, unless the
 * balancer itself crashes. Nothing new goes to a server that is closed or drains.
 * Cost: 2 messages an attempt; 2 a server and interval for checks.
 */
import { murmur32 } from "../../basics";
import { errorAnswer, isDefinite } from "../../protocol";
import type { ErrorAnswer, Event, Host, Node, NodeId } from "../../protocol";
import { RetryBudget, ServerHealth } from "../health";
import type { AnswerKind, HealthNews } from "../health";
import type { Policy } from "../policy";
import { Pool } from "../pool";
import type { BalancingMessage, BalancingTimer, PoolChange, Serve } from "./messages";
import { balancerOptions } from "./options";
import type { BalancerOptions } from "./options";
import { policyNamed } from "../policies/policy-names";
import { ProbeRounds } from "./probe-rounds";
import { Underway } from "./underway";
import type { Attempt, Pending } from "./underway";

export type BalancerHost = Host<BalancingMessage, BalancingTimer>;

/** Room for the numbers of one life; of the lives before none is used again. */
const numbersOfALife = 2 ** 32;

/** Picks until one is found that has not failed this request yet. */
const picks = 4;

export class Balancer implements Node<BalancingMessage, BalancingTimer> {
  readonly options: BalancerOptions;
  readonly pool: Pool;
  readonly health: ServerHealth;
  protected readonly budget: RetryBudget;
  protected readonly policy: Policy;
  private readonly underway = new Underway();
  private readonly probes = new ProbeRounds();
  private number = 0;

  /** `peers`: the servers. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<BalancerOptions> = {},
  ) {
    this.options = balancerOptions(options);
    const known = new Map(this.options.servers.map((server) => [server.id, server]));
    this.pool = new Pool(peers.map((peer) => known.get(peer) ?? { id: peer }));
    this.health = new ServerHealth(this.pool, this.options.health);
    this.budget = new RetryBudget(this.options.budget);
    this.policy = policyNamed(this.options.policy, this.pool, murmur32(id));
  }

  handle(event: Event<BalancingMessage, BalancingTimer>, host: BalancerHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else this.hear(event.from, event.message, host);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: BalancerHost): void {
    const life = ((saved["life"] as number | undefined) ?? 0) + 1;
    host.save("life", life);
    this.number = life * numbersOfALife;
    for (const begin of ["added/", "leaving/"]) {
      const keys = Object.keys(saved).filter((key) => key.startsWith(begin));
      for (const key of keys) this.change(saved[key] as PoolChange, host);
    }
    host.setTimer("interval", this.health.outliers.options.intervalMs);
    const { intervalMs } = this.health.active.options;
    // Spread over the interval: many balancers would otherwise ask a server all at once.
    for (const server of this.pool.servers.keys()) {
      host.setTimer({ check: server }, host.random() * intervalMs);
    }
  }

  private hear(from: NodeId, message: BalancingMessage, host: BalancerHost): void {
    switch (message.type) {
      case "serve":
        return this.accept(from, message, host);
      case "served":
        return this.answered(message.requestId, "ok", host);
      case "error":
        return this.answered(message.requestId ?? -1, message, host);
      case "probed": {
        const server = this.pool.indexOf(from);
        if (server === undefined) return;
        this.policy.learn?.({ server, ...message }, host.nowMs);
        if (this.probes.isAwaited(server, message.requestId)) {
          this.checked(server, message.isWell ? "ok" : "failed", host);
        }
        return;
      }
      case "drain":
      case "keep":
      case "add":
        this.save(message, host);
        return this.change(message, host);
    }
  }

  protected save(change: PoolChange, host: BalancerHost): void {
    host.save(`${change.type === "add" ? "added" : "leaving"}/${change.server}`, change);
  }

  private ring(timer: BalancingTimer, host: BalancerHost): void {
    if (timer === "interval") this.interval(host);
    else if (timer === "ramp") this.ramp(host);
    else if (timer === "next") return;
    else if ("check" in timer) this.check(timer.check, host);
    else if ("overdue" in timer) this.checked(timer.overdue, "failed", host);
    else if ("circuit" in timer) this.look(timer.circuit, host);
    else if ("attempt" in timer) this.answered(timer.attempt, "gateway", host);
  }

  /** A client's request; one that came before is known, and not done again. */
  private accept(client: NodeId, serve: Serve, host: BalancerHost): void {
    const pending = this.underway.begin(client, serve);
    if (pending === undefined) return;
    if (this.underway.size > this.options.maxRequests) {
      const text = `${this.id} has ${this.options.maxRequests} requests under way`;
      return this.fail(pending, errorAnswer(0, "temporarilyUnavailable", text), host);
    }
    this.send(pending, host);
  }

  private send(pending: Pending, host: BalancerHost): void {
    const server = this.pick(pending, host);
    const permit = server < 0 ? undefined : this.health.permit(server, host.nowMs);
    if (permit === undefined) {
      const text = `${this.id} has no server that is open`;
      return this.fail(pending, errorAnswer(0, "temporarilyUnavailable", text), host);
    }
    const requestId = ++this.number;
    const { client, serve } = pending;
    if (pending.attempts++ === 0) this.budget.request(host.nowMs);
    pending.tried.push(server);
    this.underway.attempts.set(requestId, { pending, server, permit, sentMs: host.nowMs });
    this.pool.send(server);
    const id = this.pool.servers[server].id;
    host.note("sent", { server: id, client, request: serve.requestId, number: pending.attempts });
    host.send(id, { ...serve, requestId, client, clientRequest: serve.requestId });
    host.setTimer({ attempt: requestId }, this.options.attemptMs);
    this.probe(host);
  }

  /** A server that has failed this request already only when no other is picked. */
  private pick({ serve, tried }: Pending, host: BalancerHost): number {
    const { key = "", region = "" } = serve;
    let server = -1;
    for (let i = 0; i < picks; i++) {
      server = this.policy.pick({ key, region, nowMs: host.nowMs });
      if (!tried.includes(server)) break;
    }
    return server;
  }

  /** Of policies that go by probes. */
  private probe(host: BalancerHost): void {
    for (const server of this.policy.targets?.() ?? []) {
      host.send(this.pool.servers[server].id, { type: "probe", requestId: ++this.number });
    }
  }

  /** An attempt has ended: by an answer, by an error, or by none in time ("gateway"). */
  private answered(number: number, outcome: "ok" | "gateway" | ErrorAnswer, host: BalancerHost) {
    const attempt = this.underway.attempts.get(number);
    if (attempt === undefined) return;
    this.underway.attempts.delete(number);
    host.cancelTimer({ attempt: number });
    const { server, permit, sentMs, pending } = attempt;
    const { nowMs } = host;
    this.pool.end(server);
    this.policy.answered?.(server, nowMs - sentMs, nowMs);
    const kind: AnswerKind = typeof outcome === "string" ? outcome : "error";
    this.tell(this.health.ended(server, { permit, kind, nowMs }), host);
    if (this.pool.isDrained(server)) host.note("drained", { server: this.nameOf(server) });
    if (outcome === "ok") this.done(pending, attempt, host);
    else if (outcome === "gateway") {
      const text = `${this.nameOf(server)} has not answered in time`;
      this.tryAgain(pending, errorAnswer(0, "timeout", text), host);
    } else this.tryAgain(pending, outcome, host);
  }

  private done(pending: Pending, { server }: Attempt, host: BalancerHost): void {
    this.underway.end(pending);
    const { requestId } = pending.serve;
    host.send(pending.client, { type: "served", requestId, server: this.nameOf(server) });
  }

  private tryAgain(pending: Pending, error: ErrorAnswer, host: BalancerHost): void {
    // Once it may have been done, a later refusal does not make it undone.
    pending.isDoubtful ||= !isDefinite(error.code);
    const isLast = pending.attempts >= this.options.maxAttempts;
    if (isLast || !this.isSafe(pending)) return this.fail(pending, error, host);
    if (!this.isPaid(host)) {
      host.note("budgetExhausted");
      return this.fail(pending, error, host);
    }
    host.note("retry");
    this.send(pending, host);
  }

  /** Whether it may be sent again without being done twice, if that matters. */
  protected isSafe({ serve, isDoubtful }: Pending): boolean {
    return serve.isOnce !== true || !isDoubtful;
  }

  protected isPaid(host: BalancerHost): boolean {
    return this.budget.take(host.nowMs) === "retry";
  }

  protected fail(pending: Pending, error: ErrorAnswer, host: BalancerHost): void {
    this.underway.end(pending);
    const isInDoubt = pending.isDoubtful && isDefinite(error.code);
    const told = isInDoubt ? errorAnswer(0, "timeout", error.text) : error;
    host.send(pending.client, { ...told, requestId: pending.serve.requestId });
  }

  /** Asks a server how it is, and again after the interval. */
  private check(server: number, host: BalancerHost): void {
    if (this.pool.isDrained(server)) return;
    const { intervalMs, timeoutMs } = this.health.active.options;
    const requestId = ++this.number;
    this.probes.ask(server, requestId);
    host.send(this.nameOf(server), { type: "probe", requestId });
    host.setTimer({ overdue: server }, timeoutMs);
    host.setTimer({ check: server }, intervalMs);
  }

  protected checked(server: number, outcome: "ok" | "failed", host: BalancerHost): void {
    this.probes.end(server);
    host.cancelTimer({ overdue: server });
    host.note("checked", { server: this.nameOf(server), outcome });
    this.tell(this.health.checked(server, outcome, host.nowMs), host);
  }

  private change(change: PoolChange, host: BalancerHost): void {
    const server = this.pool.indexOf(change.server);
    if (change.type === "add" && server === undefined) {
      const { server: id, weight = 1 } = change;
      const added = this.health.add({ id, weight }, host.nowMs);
      host.note("added", { server: id });
      host.setTimer({ check: added }, 0);
      return host.setTimer("ramp", this.options.rampMs);
    }
    if (server === undefined) return;
    host.note(change.type === "drain" ? "draining" : "kept", { server: change.server });
    if (change.type === "drain") return this.drain(server, host);
    this.tell(this.health.keep(server), host);
    host.setTimer({ check: server }, 0);
  }

  protected drain(server: number, host: BalancerHost): void {
    this.tell(this.health.drain(server), host);
    if (this.pool.isDrained(server)) host.note("drained", { server: this.nameOf(server) });
  }

  protected interval(host: BalancerHost): void {
    this.tell(this.health.interval(host.nowMs), host);
    host.setTimer("interval", this.health.outliers.options.intervalMs);
  }

  protected look(server: number, host: BalancerHost): void {
    this.tell(this.health.look(server, host.nowMs), host);
    // A timer may ring a little early, by the clock that the circuit was opened by.
    const isEarly = this.health.circuit(server).stateAt(host.nowMs) === "open";
    if (isEarly) host.setTimer({ circuit: server }, 1);
  }

  protected ramp(host: BalancerHost): void {
    if (this.health.ramp(host.nowMs) > 0) host.setTimer("ramp", this.options.rampMs);
  }

  /** Notes what has changed, and sets the timers that it needs. */
  protected tell(news: readonly HealthNews[], host: BalancerHost): void {
    for (const { kind, ...rest } of news) {
      const server = "server" in rest ? this.nameOf(rest.server) : undefined;
      host.note(kind, { ...rest, server });
      if (kind === "up" || kind === "returned") host.setTimer("ramp", this.options.rampMs);
      if (!("state" in rest) || rest.state !== "open") continue;
      const { openMs } = this.health.circuit(rest.server).options;
      host.setTimer({ circuit: rest.server }, openMs);
    }
  }

  protected nameOf(server: number): NodeId {
    return this.pool.servers[server].id;
  }
}

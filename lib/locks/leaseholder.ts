/**
 * The client's side of a session: opens it, renews it, sends one command after the other until each
 * is answered, and says clearly when all is lost. A node has one as a field, and tells it all.
 *
 * Source: M. Burrows, "The Chubby lock service", OSDI 2006, section 2.8. Ours has no grace period:
 * what is not renewed in time is lost, by the client's reckoning no later than by the service's.
 * Assumes: the own clock and the leader's differ in rate by `driftRate` at most, and the own clock
 * does not jump while a lease runs: else only fencing tells.
 * Guarantees: a command is done at most once; "lost" comes before the service gives a lock away.
 * Cost: a renewal every quarter of the lease; a message a command.
 */
import { inRange } from "../basics";
import type { Answer } from "../consensus/raft";
import type { Event, NodeId } from "../protocol";
import type { Asking, Held, LeaseHost, Leases, Signals } from "./leases";
import type { LockMessage, LockTimer } from "./messages";
import type { LockAnswer, LockCommand, LockMode, LockNews, Opening, Tokens } from "./table";

export interface LeaseOptions {
  /** The lease: as long as a crashed holder may block others. Default 1,000 ms. */
  readonly ttlMs: number;
  /** Asks the next server after so long. Default 150 ms. */
  readonly retryMs: number;
  /** By how much clocks may differ in rate, 0 to 1: the lease counts as so much shorter. 0.1. */
  readonly driftRate: number;
}

export const leaseDefaults: LeaseOptions = { ttlMs: 1_000, retryMs: 150, driftRate: 0.1 };

/** A command without what the session adds. */
type Wish = { readonly label: number } & (
  | { op: "acquire"; names: readonly string[]; mode: LockMode; waitMs: number | null }
  | { op: "upgrade"; name: string; waitMs: number | null }
  | { op: "downgrade" | "release"; name: string; token: number }
  | { op: "watch"; name: string }
  | { op: "withdraw"; asked: number }
  | { op: "close" }
);

/** Numbers of one life of a node: answers may outlive a crash. */
const numbersPerLife = 2 ** 20;

export class Leaseholder implements Leases {
  readonly options: LeaseOptions;
  readonly held = new Map<string, Held>();
  session: number | null = null;
  /** By the own clock; what is held counts until then. */
  leaseEndMs = -Infinity;
  private isClosed = false;
  private number = 0;
  private opening: Opening = [0, 0, 0];
  private sequence = 0;
  private readonly queue: Wish[] = [];
  private current: { readonly requestId: number; readonly command: LockCommand } | null = null;
  private currentLabel = 0;
  /** When the present opening, and each renewal that is not answered, was sent first. */
  private openedMs = 0;
  private readonly renewals = new Map<number, number>();
  /** News up to here are acknowledged; those beyond that have come. */
  private seen = 0;
  private readonly delivered = new Set<number>();
  /** Labels of what has been asked and has no outcome yet. */
  private readonly asked = new Set<number>();
  /** Labels of upgrades and downgrades, whose token takes the place of the one before. */
  private readonly changes = new Set<number>();
  private server = 0;

  /** `servers`: at least one. Throws a RangeError for an option that is wrong. */
  constructor(
    private readonly servers: readonly NodeId[],
    options: Partial<LeaseOptions> = {},
  ) {
    const { ttlMs, retryMs, driftRate } = { ...leaseDefaults, ...options };
    if (servers.length === 0) throw new RangeError("a leaseholder needs the names of servers");
    inRange("ttlMs", ttlMs, { min: 1, max: 3_600_000 });
    inRange("retryMs", retryMs, { min: 1, max: 3_600_000 });
    inRange("driftRate", driftRate, { min: 0, max: 1 });
    this.options = { ttlMs, retryMs, driftRate };
  }

  start(saved: Readonly<Record<string, unknown>>, host: LeaseHost): void {
    const life = ((saved["life"] as number | undefined) ?? 0) + 1;
    host.save("life", life);
    this.number = life * numbersPerLife;
    this.opening = [life, Math.floor(host.random() * 2 ** 32), 0];
    this.open(host);
  }

  acquire(names: readonly string[], { mode, waitMs }: Asking, host: LeaseHost): number {
    return this.ask({ op: "acquire", names, mode, waitMs, label: ++this.number }, host);
  }

  upgrade(name: string, waitMs: number | null, host: LeaseHost): number {
    this.changes.add(++this.number);
    return this.ask({ op: "upgrade", name, waitMs, label: this.number }, host);
  }

  downgrade(name: string, host: LeaseHost): number {
    this.changes.add(++this.number);
    const token = this.held.get(name)?.token ?? 0;
    return this.ask({ op: "downgrade", name, token, label: this.number }, host);
  }

  release(name: string, host: LeaseHost): number {
    const held = this.held.get(name);
    if (held !== undefined && --held.count === 0) this.held.delete(name);
    const token = held?.token ?? 0;
    return this.ask({ op: "release", name, token, label: ++this.number }, host);
  }

  watch(name: string, host: LeaseHost): number {
    return this.ask({ op: "watch", name, label: ++this.number }, host);
  }

  /** The claim of that label shall wait no longer; it may have its answer already. */
  withdraw(asked: number, host: LeaseHost): number {
    return this.ask({ op: "withdraw", asked, label: ++this.number }, host);
  }

  close(host: LeaseHost): void {
    this.ask({ op: "close", label: ++this.number }, host);
  }

  react(event: Event<LockMessage, LockTimer>, host: LeaseHost): Signals {
    const signals = [...this.expire(host), ...this.heed(event, host)];
    for (const signal of signals) {
      if ("label" in signal && signal.kind !== "queued") this.asked.delete(signal.label);
    }
    return signals;
  }

  /** Notices that the lease has ended, of whatever event. */
  expire(host: LeaseHost): Signals {
    return host.nowMs >= this.leaseEndMs && this.session !== null ? this.lose(host) : [];
  }

  private heed(event: Event<LockMessage, LockTimer>, host: LeaseHost): Signals {
    if (event.kind === "timer") return this.ring(event.timer, host);
    if (event.kind !== "message") return [];
    const { message, from } = event;
    if (message.type === "answer") return this.hear(from, message, host);
    if (message.type !== "lockNews" || message.session !== this.session) return [];
    return message.news.flatMap((news) => this.take(news));
  }

  private ring(timer: LockTimer, host: LeaseHost): Signals {
    if (timer === "leaseEnd") return this.session === null ? [] : this.lose(host);
    if (timer === "renew") this.renew(host);
    if (timer === "retry" && this.current !== null) {
      this.turn();
      this.send(host);
    }
    return [];
  }

  private turn(): void {
    this.server = (this.server + 1) % this.servers.length;
  }

  private open(host: LeaseHost): void {
    this.openedMs = host.nowMs;
    const [life, drawn, count] = this.opening;
    this.opening = [life, drawn, count + 1];
    const command = { op: "open", opening: this.opening, ttlMs: this.options.ttlMs } as const;
    this.current = { requestId: ++this.number, command };
    this.send(host);
  }

  private ask(wish: Wish, host: LeaseHost): number {
    this.queue.push(wish);
    this.asked.add(wish.label);
    this.next(host);
    return wish.label;
  }

  private next(host: LeaseHost): void {
    if (this.current !== null || this.session === null) return;
    const wish = this.queue.shift();
    if (wish === undefined) return;
    const { label, ...body } = wish;
    const stamp = { session: this.session, sequence: ++this.sequence, label };
    this.current = { requestId: ++this.number, command: { ...body, ...stamp } };
    this.currentLabel = label;
    this.send(host);
  }

  private send(host: LeaseHost): void {
    if (this.current === null) return;
    host.setTimer("retry", this.options.retryMs);
    host.send(this.servers[this.server], { type: "command", ...this.current });
  }

  /** Asks another server when the last renewal was not answered. */
  private renew(host: LeaseHost): void {
    if (this.session === null) return;
    host.setTimer("renew", this.options.ttlMs / 4);
    if (this.renewals.size > 0 && this.current === null) this.turn();
    this.sendRenewal(host);
  }

  private sendRenewal(host: LeaseHost): void {
    const { session, seen, renewals } = this;
    if (session === null) return;
    const requestId = ++this.number;
    renewals.set(requestId, host.nowMs);
    for (const [old] of renewals) if (renewals.size > 8) renewals.delete(old);
    const command = { op: "keepAlive", session, seen } as const;
    host.send(this.servers[this.server], { type: "command", requestId, command });
  }

  private hear(
    from: NodeId,
    answer: Answer & { readonly requestId: number },
    host: LeaseHost,
  ): Signals {
    const { requestId } = answer;
    const sentMs = this.renewals.get(requestId);
    if (requestId !== this.current?.requestId && sentMs === undefined) return [];
    if (answer.kind === "notLeader") return this.redirect(from, answer.leader, requestId, host);
    if (answer.kind !== "ok") return []; // asked again by the timers
    const result = answer.result as LockAnswer;
    if (result.kind === "noSession") return this.session === null ? [] : this.lose(host);
    if (sentMs === undefined) return this.hearAnswer(result, host);
    for (const [id] of this.renewals) if (id <= requestId) this.renewals.delete(id);
    this.holdFrom(sentMs, host);
    return result.kind === "alive" ? this.takeAll(result.news) : [];
  }

  private redirect(from: NodeId, leader: NodeId | null, requestId: number, host: LeaseHost): [] {
    const at = leader === null ? -1 : this.servers.indexOf(leader);
    const isRenewal = this.renewals.delete(requestId);
    if (at === -1 || leader === from || at === this.server) return [];
    this.server = at;
    if (isRenewal) this.sendRenewal(host);
    else this.send(host);
    return [];
  }

  /** The lease counts from when its renewal was sent: the service counts from later. */
  private holdFrom(sentMs: number, host: LeaseHost): void {
    const { ttlMs, driftRate } = this.options;
    this.leaseEndMs = sentMs + ttlMs / (1 + driftRate);
    host.setTimer("leaseEnd", Math.max(0, this.leaseEndMs - host.nowMs));
  }

  private hearAnswer(answer: LockAnswer, host: LeaseHost): Signals {
    const label = this.currentLabel;
    this.current = null;
    host.cancelTimer("retry");
    const signals = this.signalsOf(answer, label, host);
    if (!this.isClosed) this.next(host);
    return signals;
  }

  private signalsOf(answer: LockAnswer, label: number, host: LeaseHost): Signals {
    switch (answer.kind) {
      case "opened":
        return this.opened(answer.session, host);
      case "granted":
        return this.granted(label, answer.tokens);
      case "closed":
        return this.closed(host);
      case "queued":
      case "denied":
      case "released":
      case "notHeld":
      case "watching":
      case "withdrawn":
      case "notWaiting":
        return [{ label, ...answer }];
      case "invalid":
        return [{ kind: "denied", label, why: answer.reason }];
      default:
        return [];
    }
  }

  private opened(session: number, host: LeaseHost): Signals {
    this.session = session;
    this.sequence = 0;
    this.seen = 0;
    this.delivered.clear();
    this.leaseEndMs = -Infinity;
    this.holdFrom(this.openedMs, host);
    host.setTimer("renew", this.options.ttlMs / 4);
    return [{ kind: "opened" }];
  }

  private granted(label: number, tokens: Tokens): Signals {
    for (const [name, token] of Object.entries(tokens)) {
      const held = this.held.get(name);
      if (held === undefined) this.held.set(name, { token, count: 1 });
      else if (this.changes.has(label)) held.token = token;
      else held.count++;
    }
    this.changes.delete(label);
    return [{ kind: "granted", label, tokens }];
  }

  private closed(host: LeaseHost): Signals {
    this.isClosed = true;
    this.forget(host);
    return [{ kind: "closed" }];
  }

  /** News as a renewal brings them: all that were not acknowledged. */
  private takeAll(news: readonly LockNews[]): Signals {
    const signals = news.flatMap((each) => this.take(each));
    const last = news[news.length - 1]?.number ?? 0;
    this.seen = Math.max(this.seen, last);
    for (const number of this.delivered) if (number <= this.seen) this.delivered.delete(number);
    return signals;
  }

  private take(news: LockNews): Signals {
    const { number, label } = news;
    if (number <= this.seen || this.delivered.has(number)) return [];
    this.delivered.add(number);
    if (news.kind === "granted") return this.granted(label, news.tokens);
    if (news.kind === "denied") return [{ kind: "denied", label, why: news.why }];
    return [{ kind: "changed", name: news.name }];
  }

  private lose(host: LeaseHost): Signals {
    const [names, labels] = [[...this.held.keys()], [...this.asked]];
    this.forget(host);
    this.open(host);
    return [{ kind: "lost", names, labels }];
  }

  private forget(host: LeaseHost): void {
    this.session = null;
    this.leaseEndMs = -Infinity;
    this.held.clear();
    this.changes.clear();
    this.asked.clear();
    this.queue.length = 0;
    this.current = null;
    this.renewals.clear();
    for (const timer of ["renew", "leaseEnd", "retry"] as const) host.cancelTimer(timer);
  }
}

/**
 * A worker: takes tasks that it is capable of, as many as it has room for, and tells how they went.
 * What it tells while an answer is on its way goes with the next message, so that the busier it is,
 * the more tasks travel together.
 *
 * Source: leases: C. Gray, D. Cheriton, SOSP 1989; credits: H. T. Kung, R. Morris, "Credit-based
 * flow control for ATM networks", IEEE Network 9(2), 1995. Ours reports a state, not changes to it.
 * Assumes: crash and recovery; messages lost, late, twice. Clocks only decide when it speaks.
 * Guarantees: tells of an attempt only what it did in it; begins no attempt twice in one life.
 * Cost: a message and its answer a batch of tasks, and one each heartbeat.
 */
import { inRange, wholeInRange, withDefaults } from "../basics";
import type { ClientAnswer } from "../consensus/raft";
import type { Event, Host, Node, NodeId } from "../protocol";
import type { BoardAnswer, Failed, Finished, Held, Stop, Work } from "./board/commands";
import { abandonRun, abandonRuns, runHandler } from "./handler-run";
import { handlerOf } from "./handlers";
import type { EffectAnswer, Handled, HandlerOutcome } from "./messages";
import type { SchedulerMessage, SchedulerTimer } from "./messages";
import { ServerLink } from "./server-link";
import type { Lease } from "./task";

/** How long tasks take where no handler does them: the mean of an exponential draw, or exactly. */
export interface Service {
  readonly meanMs: number;
  /** Default false. */
  readonly isExact?: boolean;
  /** How often an attempt fails, 0 to 1. Default 0. */
  readonly failRate?: number;
}

export interface WorkerOptions {
  /** What it can do; tasks need their kind, unless they say otherwise. */
  readonly capabilities: readonly string[];
  /** Tasks that it does at a time. Default 1; handlers share one thread, and give way at awaits. */
  readonly slots: number;
  /** Tasks that it has in stock beyond those. Default 0; as many as come in one round trip. */
  readonly prefetch: number;
  /** Default 1,000 ms: a third of the board's lease at most. */
  readonly heartbeatMs: number;
  /** Until it asks again. Default 500 ms. */
  readonly retryMs: number;
  /** By kind; "*" for all others. Default { "*": { meanMs: 10 } }. */
  readonly service: Readonly<Record<string, Service>>;
  /** The store of effects that a task has to reach before it is done. Default null: none. */
  readonly effects: NodeId | null;
}

const defaults: WorkerOptions = {
  ...{ capabilities: [], slots: 1, prefetch: 0, heartbeatMs: 1_000, retryMs: 500, effects: null },
  service: { "*": { meanMs: 10 } },
};

export type WorkerHost = Host<SchedulerMessage, SchedulerTimer>;
type WorkAnswer = Extract<BoardAnswer, { kind: "work" }>;

/** Attempts of which late copies are known. */
const maxSeen = 4_096;

export class SchedulerWorker implements Node<SchedulerMessage, SchedulerTimer> {
  readonly options: WorkerOptions;
  readonly link: ServerLink;
  life = 0;
  private drawn = 0;
  private sequence = 0;
  private requestId = 0;
  private isDraining = false;
  private isDrained = false;
  /** By task; those that are begun are in both. */
  readonly stock = new Map<string, Lease>();
  readonly running = new Map<string, Lease>();
  /** As handlers told it; of others, the share of their time is. Travels with heartbeats. */
  private readonly progress = new Map<string, unknown>();
  /** Of tasks whose time only passes: since when, and how long. */
  private readonly spans = new Map<string, { fromMs: number; lastsMs: number }>();
  private finished: Finished[] = [];
  private failed: Failed[] = [];
  private returned: Held[] = [];
  /** How many of each were in the message that is not answered yet. */
  private told = { finished: 0, failed: 0, returned: 0 };
  private isHeartbeatDue = false;
  private readonly seen = new Set<string>();
  /** Attempts that it has done since it started. */
  done = 0;

  /** `peers`: the scheduler's servers. RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<WorkerOptions> = {},
  ) {
    this.options = withDefaults("a worker", defaults, options);
    const { capabilities, slots, prefetch, heartbeatMs, retryMs } = this.options;
    if (capabilities.length === 0) throw new RangeError("a worker needs capabilities");
    wholeInRange("slots", slots, { min: 1, max: 10_000 });
    wholeInRange("prefetch", prefetch, { min: 0, max: 10_000 });
    inRange("heartbeatMs", heartbeatMs, { min: 1, max: 3_600_000 });
    this.link = new ServerLink(peers, retryMs);
  }

  handle(event: Event<SchedulerMessage, SchedulerTimer>, host: WorkerHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else this.hear(event.from, event.message, host);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: WorkerHost): void {
    this.life = ((saved["life"] as number | undefined) ?? 0) + 1;
    abandonRuns(this.id);
    host.save("life", this.life);
    this.drawn = Math.floor(host.random() * 2 ** 32);
    this.link.startFrom(this.life * 1e9);
    host.setTimer("heartbeat", this.options.heartbeatMs);
    this.isHeartbeatDue = true;
    this.report(host);
  }

  private ring(timer: SchedulerTimer, host: WorkerHost): void {
    if (timer === "heartbeat") {
      host.setTimer("heartbeat", this.options.heartbeatMs);
      this.isHeartbeatDue = true;
      this.report(host);
    } else if (timer === "retry") this.retry(host);
    else if (typeof timer === "object" && "serve" in timer) this.served(timer.serve, host);
    else if (typeof timer === "object") this.askEffect(timer.effect, host);
  }

  /** What it says now is newer than what was lost, so it is said anew and whole. */
  private retry(host: WorkerHost): void {
    this.link.next();
    this.isHeartbeatDue = true;
    this.say(host);
  }

  private hear(from: NodeId, message: SchedulerMessage, host: WorkerHost): void {
    if (message.type === "answer") this.answered(from, message, host);
    else if (message.type === "taskNews") {
      this.take(message.leases, message.stops, host);
      this.report(host);
    } else if (message.type === "effectDone") this.effectDone(message, host);
    else if (message.type === "handled") this.handled(from, message, host);
    else if (message.type === "drain") this.drain(host);
  }

  private answered(from: NodeId, message: ClientAnswer, host: WorkerHost): void {
    const answer = this.link.hear(from, message, host) as BoardAnswer | undefined;
    if (answer === undefined) return;
    if (answer.kind !== "work") {
      // An outdated word: a later one has been heard, or this life is over. Say all again.
      host.note("refused", answer);
      this.isHeartbeatDue = true;
      host.setTimer("retry", this.options.retryMs);
      return;
    }
    this.forgetTold(answer, host);
    this.take(answer.leases, answer.stops, host);
    if (answer.isDraining && !this.isDraining) this.drain(host);
    if (this.finished.length + this.failed.length + this.returned.length > 0) this.report(host);
    this.noteDrained(host);
  }

  private forgetTold({ stale }: WorkAnswer, host: WorkerHost): void {
    this.finished.splice(0, this.told.finished);
    this.failed.splice(0, this.told.failed);
    this.returned.splice(0, this.told.returned);
    this.told = { finished: 0, failed: 0, returned: 0 };
    for (const late of stale) host.note("stale", late);
  }

  /** Says what there is to say, unless an answer is awaited: then with the next word. */
  protected report(host: WorkerHost): void {
    const count = this.finished.length + this.failed.length + this.returned.length;
    if (this.link.isWaiting || (count === 0 && !this.isHeartbeatDue)) return;
    this.say(host);
  }

  private say(host: WorkerHost): void {
    const { finished, failed, returned, options } = this;
    const { capabilities, slots, prefetch } = options;
    const command: Work = {
      ...{ op: "work", worker: this.id, incarnation: [this.life, this.drawn] },
      ...{ sequence: ++this.sequence, capabilities },
      capacity: this.isDraining ? 0 : slots + prefetch,
      ...(finished.length > 0 && { finished: [...finished] }),
      ...(failed.length > 0 && { failed: [...failed] }),
      ...(returned.length > 0 && { returned: [...returned] }),
      ...(this.isHeartbeatDue && { held: this.held(host.nowMs) }),
    };
    const count = { finished: finished.length, failed: failed.length, returned: returned.length };
    this.told = count;
    this.isHeartbeatDue = false;
    this.link.ask({ command }, host);
  }

  private held(nowMs: number): Held[] {
    return [...this.stock.values(), ...this.running.values()].map(({ id, attempt }) => {
      const progress = this.progress.get(id) ?? this.shareDone(id, nowMs);
      return { id, attempt, ...(progress !== undefined && { progress }) };
    });
  }

  private shareDone(id: string, nowMs: number): number | undefined {
    const span = this.spans.get(id);
    if (span === undefined || span.lastsMs <= 0) return undefined;
    return Math.max(0, Math.min(1, (nowMs - span.fromMs) / span.lastsMs));
  }

  private take(leases: readonly Lease[], stops: readonly Stop[], host: WorkerHost): void {
    for (const { id, attempt } of stops) this.stop(id, attempt, host);
    for (const lease of leases) {
      const name = `${lease.attempt} ${lease.id}`;
      if (this.seen.has(name)) continue;
      this.seen.add(name);
      if (this.seen.size > maxSeen) this.seen.delete(this.seen.values().next().value as string);
      this.drop(lease.id, host);
      if (this.isDraining) this.returned.push({ id: lease.id, attempt: lease.attempt });
      else this.stock.set(lease.id, lease);
    }
    this.beginSome(host);
  }

  private stop(id: string, attempt: number, host: WorkerHost): void {
    const lease = this.stock.get(id) ?? this.running.get(id);
    if (lease?.attempt !== attempt) return;
    host.note("stopped", { id, attempt });
    this.drop(id, host);
  }

  private drop(id: string, host: WorkerHost): void {
    this.stock.delete(id);
    this.progress.delete(id);
    this.spans.delete(id);
    if (!this.running.delete(id)) return;
    abandonRun(this.id, id);
    host.cancelTimer({ serve: id });
    host.cancelTimer({ effect: id });
  }

  private beginSome(host: WorkerHost): void {
    for (const [id, lease] of this.stock) {
      if (this.running.size >= this.options.slots) return;
      this.stock.delete(id);
      this.running.set(id, lease);
      this.begin(lease, host);
    }
  }

  /** Does the task with its handler, or lets its time pass. */
  protected begin(lease: Lease, host: WorkerHost): void {
    const { id, attempt } = lease;
    host.note("begin", { id, attempt, life: this.life });
    const handler = handlerOf(lease.kind);
    if (handler !== undefined) {
      const run = { worker: this.id, life: this.life, lease };
      for (const outcome of runHandler(handler, run)) this.heed(lease, outcome, host);
      return;
    }
    const { meanMs, isExact = false } = this.serviceOf(lease);
    const drawnMs = isExact ? meanMs : -meanMs * Math.log(1 - host.random());
    this.spans.set(id, { fromMs: host.nowMs, lastsMs: drawnMs });
    host.setTimer({ serve: id }, drawnMs);
  }

  /** Of a handler that returned a promise; from nobody but this life's own. */
  private handled(from: NodeId, { id, attempt, life, outcome }: Handled, host: WorkerHost): void {
    const lease = this.running.get(id);
    if (from !== this.id || life !== this.life || lease?.attempt !== attempt) return;
    this.heed(lease, outcome, host);
    this.beginSome(host);
    this.report(host);
  }

  private heed(lease: Lease, outcome: HandlerOutcome, host: WorkerHost): void {
    if (outcome.kind === "done") this.complete(lease, outcome.result, host);
    else if (outcome.kind === "failed") this.fail(lease, outcome, host);
    else this.progress.set(lease.id, outcome.progress);
  }

  private serviceOf({ kind }: Lease): Service {
    const { service } = this.options;
    // Kinds are free text: one may be called "constructor".
    const own = Object.prototype.hasOwnProperty.call(service, kind) ? service[kind] : undefined;
    return own ?? service["*"] ?? { meanMs: 0 };
  }

  private served(id: string, host: WorkerHost): void {
    const lease = this.running.get(id);
    if (lease === undefined) return;
    const { failRate = 0 } = this.serviceOf(lease);
    if (failRate > 0 && host.random() < failRate)
      this.fail(lease, { reason: "it failed by chance" }, host);
    else this.complete(lease, null, host);
    this.beginSome(host);
    this.report(host);
  }

  /** Its work is done; its effect, where there is a store for it, comes first. */
  protected complete(lease: Lease, result: unknown, host: WorkerHost): void {
    if (this.options.effects === null) return this.finish(lease, result, host);
    this.askEffect(lease.id, host);
  }

  private askEffect(id: string, host: WorkerHost): void {
    const lease = this.running.get(id);
    const { effects, retryMs } = this.options;
    if (lease === undefined || effects === null) return;
    const { attempt, payload: value } = lease;
    host.setTimer({ effect: id }, retryMs);
    const requestId = this.life * 1e9 + ++this.requestId;
    host.send(effects, { type: "effect", requestId, id, attempt, value });
  }

  private effectDone({ id, attempt, outcome }: EffectAnswer, host: WorkerHost): void {
    const lease = this.running.get(id);
    if (lease?.attempt !== attempt) return;
    if (outcome.kind === "stale") this.drop(id, host);
    else this.finish(lease, outcome.value, host);
    this.beginSome(host);
    this.report(host);
  }

  protected finish({ id, attempt }: Lease, result: unknown, host: WorkerHost): void {
    this.drop(id, host);
    this.done++;
    this.finished.push({ id, attempt, result });
    host.note("finish", { id, attempt });
  }

  protected fail(
    { id, attempt }: Lease,
    { reason, isFinal = false }: { readonly reason: string; readonly isFinal?: boolean },
    host: WorkerHost,
  ): void {
    this.drop(id, host);
    this.failed.push({ id, attempt, reason, ...(isFinal && { isFinal }) });
    host.note("failed", { id, attempt, reason });
  }

  /** Begins nothing more, and gives back what is not begun. */
  private drain(host: WorkerHost): void {
    this.isDraining = true;
    for (const { id, attempt } of this.stock.values()) this.returned.push({ id, attempt });
    this.stock.clear();
    this.isHeartbeatDue = true;
    this.report(host);
  }

  private noteDrained(host: WorkerHost): void {
    const left = this.stock.size + this.running.size + this.finished.length + this.failed.length;
    if (!this.isDraining || this.isDrained || left + this.returned.length > 0) return;
    this.isDrained = true;
    host.note("drained", { done: this.done });
  }
}

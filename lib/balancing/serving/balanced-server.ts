/**
 * A server behind a balancer: so many requests at a time, the others wait in a queue of bounded
 * length, and what does not fit is refused at once. It can be made to fail, to be slow or to hang.
 *
 * Source: ours; one queue with `slots` servers, as `simulateFarm` has it.
 * Assumes: copies of a message come before `remembered` others, and before a crash.
 * Guarantees: at most slots + maxQueue requests are here; a refusal is definite, a failure is not:
 * of a message that the network has doubled only the first copy counts, or one might be refused and
 * the other done.
 * Cost: a timer a request.
 */
import { errorAnswer } from "../../protocol";
import type { Event, Host, Node, NodeId } from "../../protocol";
import type { BalancingMessage, BalancingTimer, Serve, ServerMode } from "./messages";
import { serverOptions } from "./options";
import type { BalancedServerOptions } from "./options";

interface Job {
  readonly from: NodeId;
  readonly serve: Serve;
  readonly arrivedMs: number;
}

type ServerHost = Host<BalancingMessage, BalancingTimer>;

/** Messages that are known again when a copy of them comes. */
const remembered = 10_000;

/** How much the last latency counts in their mean. */
const newest = 0.2;

export class BalancedServer implements Node<BalancingMessage, BalancingTimer> {
  readonly options: BalancedServerOptions;
  mode: ServerMode = "well";
  private readonly running = new Map<number, Job>();
  private readonly waiting: Job[] = [];
  private readonly seen = new Set<string>();
  private jobs = 0;
  private latencyMs = 0;

  /** `peers` are not needed. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    _peers: readonly NodeId[],
    options: Partial<BalancedServerOptions> = {},
  ) {
    this.options = serverOptions(options);
  }

  get inFlight(): number {
    return this.running.size + this.waiting.length;
  }

  handle(event: Event<BalancingMessage, BalancingTimer>, host: ServerHost): void {
    if (event.kind === "timer" && typeof event.timer === "object" && "job" in event.timer) {
      this.finish(event.timer.job, host);
    }
    if (event.kind !== "message") return;
    const { from, message } = event;
    if (message.type === "serve") this.serve({ from, serve: message, arrivedMs: host.nowMs }, host);
    else if (message.type === "mode") this.setMode(message.mode, host);
    else if (message.type === "probe") {
      const { inFlight, latencyMs } = this;
      const { requestId } = message;
      const isWell = this.mode !== "sick";
      host.send(from, { type: "probed", requestId, isWell, inFlight, latencyMs });
    }
  }

  private setMode(mode: ServerMode, host: ServerHost): void {
    this.mode = mode;
    host.note("mode", mode);
  }

  private serve(job: Job, host: ServerHost): void {
    const { from, serve } = job;
    const { slots, maxQueue } = this.options;
    if (!this.isNew(job)) return;
    if (this.mode === "silent") return;
    if (this.mode === "failing") {
      return host.send(from, errorAnswer(serve.requestId, "crash", `${this.id} has failed`));
    }
    if (this.running.size < slots) return this.begin(job, host);
    if (this.waiting.length < maxQueue) return void this.waiting.push(job);
    const text = `${this.id} is full`;
    host.note("full");
    host.send(from, errorAnswer(serve.requestId, "temporarilyUnavailable", text));
  }

  private isNew({ from, serve }: Job): boolean {
    const name = `${from}/${serve.requestId}`;
    if (this.seen.has(name)) return false;
    this.seen.add(name);
    if (this.seen.size <= remembered) return true;
    const [oldest] = this.seen;
    if (oldest !== undefined) this.seen.delete(oldest);
    return true;
  }

  private begin(job: Job, host: ServerHost): void {
    const { serviceMs, slowFactor } = this.options;
    const number = ++this.jobs;
    const factor = this.mode === "slow" ? slowFactor : 1;
    this.running.set(number, job);
    host.setTimer({ job: number }, -serviceMs * factor * Math.log(1 - host.random()));
  }

  private finish(number: number, host: ServerHost): void {
    const job = this.running.get(number);
    if (job === undefined) return;
    const { requestId, client, clientRequest } = job.serve;
    this.running.delete(number);
    this.latencyMs += newest * (host.nowMs - job.arrivedMs - this.latencyMs);
    host.note("worked", { client, clientRequest, attempt: requestId });
    host.send(job.from, { type: "served", requestId, server: this.id });
    const next = this.waiting.shift();
    if (next !== undefined) this.begin(next, host);
  }
}

/**
 * A reverse proxy over HTTP/1.1 in this process: any policy in front of real servers. What an
 * upgrade to "websocket" asks for goes through as a tunnel, other upgrades are not passed on.
 */
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { RetryBudget } from "../health";
import { BackEnds } from "./back-ends";
import { ClientConnection } from "./client";
import type { Reception } from "./client";
import type { Attempt, Exchange, Outcome } from "./exchange";
import { checkedOptions } from "./options";
import type { BackEndPlace, ProxyOptions } from "./options";
import type { ProxyMetrics } from "./tally";

const readAheadBytes = 131_072;

export class ReverseProxy implements Reception {
  readonly options: ProxyOptions;
  /** Of a coarse clock, that of performance.now(). */
  nowMs = performance.now();
  isClosing = false;
  private readonly backEnds: BackEnds;
  private readonly server: Server;
  private readonly budget: RetryBudget;
  private readonly clients = new Set<ClientConnection>();
  private readonly sweeper: NodeJS.Timeout;
  private readonly ownAnswers: Record<string, number> = {};
  private requests = 0;
  private retries = 0;
  private onLeft: (() => void) | undefined;

  constructor(options: Partial<ProxyOptions>) {
    this.options = checkedOptions(options);
    this.budget = new RetryBudget(this.options.budget);
    this.backEnds = new BackEnds(this.options, () => this.nowMs);
    const settings = { allowHalfOpen: true, noDelay: true, highWaterMark: readAheadBytes };
    this.server = createServer(settings, (socket) => this.serve(socket));
    this.sweeper = setInterval(() => this.sweep(), sweepMs(this.options));
  }

  /** Listens at the host and port of the options. Resolves with the port. */
  async listen(): Promise<number> {
    const { host, port } = this.options;
    await new Promise<void>((listening, failed) => {
      this.server.once("error", (error) => {
        clearInterval(this.sweeper);
        failed(error);
      });
      this.server.listen({ host, port, backlog: 1_024 }, listening);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes a connection that somebody else has accepted. */
  serve(socket: Socket): void {
    this.clients.add(new ClientConnection(socket, this));
  }

  add(place: BackEndPlace): void {
    this.backEnds.add(place);
  }

  drain(id: string): Promise<void> {
    return this.backEnds.drain(id);
  }

  get metrics(): ProxyMetrics {
    const { requests, retries, ownAnswers, backEnds, clients } = this;
    return {
      processIds: [process.pid],
      ...{ clients: clients.size, requests, retries, ownAnswers: { ...ownAnswers } },
      backEnds: backEnds.metrics,
    };
  }

  /** Takes no more connections, ends those without a request, and waits for the others. */
  async close(graceMs = 10_000): Promise<ProxyMetrics> {
    this.isClosing = true;
    this.server.close();
    for (const client of this.clients) client.close();
    const timer = setTimeout(() => this.clients.forEach((client) => client.destroy()), graceMs);
    if (this.clients.size > 0) await new Promise<void>((left) => (this.onLeft = left));
    clearTimeout(timer);
    clearInterval(this.sweeper);
    const { metrics } = this;
    this.backEnds.close();
    return metrics;
  }

  choose({ head, client, tried }: Exchange): Attempt | undefined {
    return this.backEnds.choose({ head, address: client.address, tried });
  }

  ended(attempt: Attempt, outcome: Outcome): void {
    this.backEnds.ended(attempt, outcome);
  }

  mayRetry(): boolean {
    const mayRetry = this.budget.take(performance.now()) === "retry";
    if (mayRetry) this.retries++;
    return mayRetry;
  }

  requested(): void {
    this.requests++;
    this.budget.request(this.nowMs);
  }

  refused(status: number): void {
    this.ownAnswers[status] = (this.ownAnswers[status] ?? 0) + 1;
  }

  left(client: ClientConnection): void {
    this.clients.delete(client);
    if (this.clients.size === 0) this.onLeft?.();
  }

  private sweep(): void {
    this.nowMs = performance.now();
    for (const client of this.clients) client.sweep(this.nowMs);
    this.backEnds.sweep(this.nowMs);
  }
}

/** Often enough that no time limit is missed by much: by a quarter, at most 100 ms. */
function sweepMs(options: ProxyOptions): number {
  const { connectMs, headMs, bodyMs, responseMs, idleMs, backEndIdleMs } = options;
  const least = Math.min(connectMs, headMs, bodyMs, responseMs, idleMs, backEndIdleMs);
  return Math.min(100, Math.max(5, least / 4));
}

/**
 * A reverse proxy in several processes, so that all cores serve: this one accepts connections and
 * gives them to the others in turn. Each has its own pool, as nginx has without a shared zone. One
 * that dies takes its connections with it and is replaced.
 */
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { checkedOptions } from "../options";
import type { BackEndPlace, ProxyOptions } from "../options";
import type { RunningProxy } from "../running-proxy";
import type { ProxyMetrics } from "../tally";
import { mergedMetrics } from "./merged-metrics";
import type { Order } from "./orders";
import { Worker } from "./worker";

/** So many replacements in a row, none of which lived for a second, and no more is started. */
const mostInRow = 5;

export class ProxyWorkers implements RunningProxy {
  port = 0;
  private readonly options: ProxyOptions;
  private readonly server: Server;
  private readonly workers: Worker[] = [];
  /** Back ends as they were changed since the start, for a worker that comes later. */
  private readonly changes: Order[] = [];
  private next = 0;
  private isClosing = false;
  private deathsInRow = 0;

  constructor(options: Partial<ProxyOptions>) {
    this.options = checkedOptions(options);
    const settings = { pauseOnConnect: true, allowHalfOpen: true, noDelay: true };
    this.server = createServer(settings, (socket) => this.serve(socket));
  }

  async start(): Promise<void> {
    const { host, port, workers } = this.options;
    try {
      await Promise.all(Array.from({ length: workers }, () => this.startWorker()));
      await new Promise<void>((listening, failed) => {
        this.server.once("error", failed);
        this.server.listen({ host, port, backlog: 1_024 }, listening);
      });
    } catch (error) {
      await this.close(0);
      throw error;
    }
    this.port = (this.server.address() as AddressInfo).port;
  }

  private async startWorker(): Promise<void> {
    const startMs = performance.now();
    const worker = new Worker((ended) => this.ended(ended, startMs));
    await worker.tell({ kind: "start", options: this.options });
    if (worker.isOver) throw new Error("a worker has ended before it could serve");
    for (const change of this.changes) await worker.tell(change);
    this.workers.push(worker);
  }

  private ended(worker: Worker, startMs: number): void {
    const at = this.workers.indexOf(worker);
    if (at >= 0) this.workers.splice(at, 1);
    if (this.isClosing) return;
    this.deathsInRow = performance.now() - startMs < 1_000 ? this.deathsInRow + 1 : 0;
    if (this.deathsInRow <= mostInRow) this.startWorker().catch(() => undefined);
  }

  private serve(socket: Socket): void {
    const worker = this.workers[this.next++ % Math.max(1, this.workers.length)];
    if (worker === undefined) socket.destroy();
    else worker.serve(socket);
  }

  async add(place: BackEndPlace): Promise<void> {
    await this.change({ kind: "add", place });
  }

  async drain(id: string): Promise<void> {
    await this.change({ kind: "drain", id });
  }

  private async change(order: Order): Promise<void> {
    await this.tellAll(order);
    this.changes.push(order);
  }

  private async tellAll(order: Order): Promise<(ProxyMetrics | undefined)[]> {
    return await Promise.all(this.workers.map((worker) => worker.tell(order)));
  }

  async metrics(): Promise<ProxyMetrics> {
    const all = await this.tellAll({ kind: "metrics" });
    return mergedMetrics(all.filter(isThere));
  }

  async close(graceMs?: number): Promise<ProxyMetrics> {
    this.isClosing = true;
    this.server.close();
    const workers = [...this.workers];
    const order = { kind: "close", graceMs } as const;
    const ends = await Promise.allSettled(workers.map((worker) => worker.tell(order)));
    await Promise.all(workers.map((worker) => worker.end()));
    const all = ends.map((end) => (end.status === "fulfilled" ? end.value : undefined));
    return mergedMetrics(all.filter(isThere));
  }
}

function isThere(metrics: ProxyMetrics | undefined): metrics is ProxyMetrics {
  return metrics !== undefined;
}

/**
 * A process of clients in closed loops: each connection sends its next request when the last
 * response is complete, so that a slow proxy is asked less often (latencies leave out requests that
 * would have come meanwhile: coordinated omission). Started by sides.ts with fork.
 */
import { connect } from "node:net";
import type { Socket } from "node:net";

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  /** As "/small"; with "#" in the place of a number that changes with every request. */
  readonly path: string;
}

export interface LoadResult {
  readonly throughput: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** No response, a broken one, or a status that is not 200; from the first request on. */
  readonly failed: number;
  readonly answered: number;
  readonly cpuMs: number;
}

class Loop {
  isOver = false;
  private socket!: Socket;
  private held: Buffer | undefined;
  /** Bytes of the body that are still to come; undefined before the head has. */
  private rest: number | undefined;
  private sentMs = 0;
  private isWaiting = false;
  private number: number;

  constructor(
    private readonly order: LoadOrder,
    private readonly count: (ms: number, isGood: boolean) => void,
    number: number,
  ) {
    this.number = number * 1_000_003;
    this.open();
  }

  private open(): void {
    this.socket = connect({ port: this.order.port, host: "127.0.0.1", noDelay: true });
    this.socket.on("connect", () => this.ask());
    this.socket.on("data", (bytes: Buffer) => this.read(bytes));
    this.socket.on("error", () => undefined);
    this.socket.on("close", () => this.closed());
  }

  end(): void {
    this.isOver = true;
    this.socket.destroy();
  }

  private ask(): void {
    if (this.isOver) return;
    const path = this.order.path.replace("#", `${this.number++ % 10_000}`);
    this.sentMs = performance.now();
    this.isWaiting = true;
    this.socket.write(
      `GET ${path} HTTP/1.1\r\nHost: shop\r\nUser-Agent: load\r\nAccept: */*\r\n\r\n`,
      "latin1",
    );
  }

  private read(bytes: Buffer): void {
    let at = 0;
    if (this.rest === undefined) {
      const whole = this.held === undefined ? bytes : Buffer.concat([this.held, bytes]);
      const end = whole.indexOf("\r\n\r\n");
      if (end < 0) {
        this.held = whole;
        return;
      }
      this.held = undefined;
      const head = whole.toString("latin1", 0, end + 2);
      const length = head.indexOf("Content-Length: ");
      if (!head.startsWith("HTTP/1.1 200 ") || length < 0) {
        this.answered(false);
        this.socket.destroy();
        return;
      }
      this.rest = parseInt(head.slice(length + 16), 10);
      at = end + 4;
      bytes = whole;
    }
    this.rest -= bytes.length - at;
    if (this.rest > 0) return;
    this.answered(this.rest === 0);
    this.rest = undefined;
    this.ask();
  }

  private answered(isGood: boolean): void {
    this.isWaiting = false;
    if (!this.isOver) this.count(performance.now() - this.sentMs, isGood);
  }

  private closed(): void {
    if (this.isOver) return;
    if (this.isWaiting) this.answered(false);
    this.rest = this.held = undefined;
    this.open();
  }
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const times: number[] = [];
  let [isMeasuring, failed] = [false, 0];
  const count = (ms: number, isGood: boolean): void => {
    if (!isGood) failed++;
    else if (isMeasuring) times.push(ms);
  };
  const loops = Array.from({ length: order.connections }, (_, at) => new Loop(order, count, at));
  await pause(order.warmUpMs);
  isMeasuring = true;
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  await pause(order.measuredMs);
  isMeasuring = false;
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  for (const loop of loops) loop.end();
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return {
    throughput: (times.length / elapsedMs) * 1_000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    ...{ failed, answered: times.length, cpuMs: (user + system) / 1_000 },
  };
}

async function pause(ms: number): Promise<void> {
  await new Promise((wake) => setTimeout(wake, ms));
}

process.on("message", (order: LoadOrder) => {
  void run(order).then((result) => process.send?.(result));
});
process.on("disconnect", () => process.exit());

/**
 * The way from this place to another one: a connection that is made again whenever it is lost, and
 * a bounded queue. Messages of one turn leave in one frame and one write.
 *
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter", 2015: waits double, and half of
 * each is chance. Ours: a peer that is away loses what is sent to it, as a network would.
 */
import { connect } from "net";
import type { Socket } from "net";
import { randomInt } from "crypto";
import { encodeFrame } from "./frames";
import { encodeHello } from "./hello";
import type { Hello } from "./hello";
import type { Counts } from "./metrics";
import { loopback } from "./sockets";
import type { SocketOptions } from "./sockets";

/** Whose link it is. */
export interface LinkOwner {
  readonly counts: Counts;
  /** One sentence for people. */
  log(sentence: string): void;
}

/** "connecting" for the first time keeps messages; "away" drops them. */
type State = "connecting" | "open" | "away" | "closed";

export class Link {
  private state: State = "connecting";
  private socket: Socket | undefined;
  private queue: string[] = [];
  private sizes: number[] = [];
  private queuedBytes = 0;
  private isBlocked = false;
  private delayMs: number;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly to: { readonly hello: Hello; readonly port: number },
    private readonly options: SocketOptions,
    private readonly owner: LinkOwner,
  ) {
    this.delayMs = options.reconnectMinMs;
    this.connect();
  }

  /** `text` is part of a JSON array; it leaves with the next `flush`. */
  send(text: string): void {
    const { counts, log } = this.owner;
    const bytes = Buffer.byteLength(text);
    if (bytes + 2 > this.options.maxFrameBytes) {
      counts.messagesDropped++;
      return log.call(this.owner, this.tooLong(bytes));
    }
    const isFull = this.queuedBytes + bytes > this.options.maxQueueBytes;
    if (isFull || this.state === "away" || this.state === "closed") {
      counts.messagesDropped++;
      return;
    }
    this.queue.push(text);
    this.sizes.push(bytes);
    this.queuedBytes += bytes;
  }

  flush(): void {
    if (this.state !== "open" || this.isBlocked || this.queue.length === 0) return;
    const { queue, sizes } = this;
    this.queue = [];
    this.sizes = [];
    this.queuedBytes = 0;
    let first = 0;
    let bytes = 2;
    for (let next = 0; next < queue.length; next++) {
      if (bytes + sizes[next] + 1 > this.options.maxFrameBytes) {
        this.write(queue.slice(first, next));
        first = next;
        bytes = 2;
      }
      bytes += sizes[next] + 1;
    }
    this.write(first === 0 ? queue : queue.slice(first));
  }

  close(): void {
    this.state = "closed";
    clearTimeout(this.timer);
    this.socket?.destroy();
  }

  private write(texts: readonly string[]): void {
    const { counts } = this.owner;
    const frame = encodeFrame(`[${texts.join(",")}]`);
    counts.framesSent++;
    counts.messagesSent += texts.length;
    counts.bytesSent += frame.length;
    if (this.socket?.write(frame) === false) this.isBlocked = true;
  }

  private connect(): void {
    const socket = connect({ port: this.to.port, host: loopback, noDelay: true });
    this.socket = socket;
    socket.on("connect", () => this.opened(socket));
    socket.on("drain", () => {
      this.isBlocked = false;
      this.flush();
    });
    socket.on("error", () => undefined); // "close" follows
    socket.on("close", () => this.lost());
    socket.resume();
  }

  private opened(socket: Socket): void {
    this.owner.counts.connectionsMade++;
    this.state = "open";
    this.isBlocked = false;
    socket.write(encodeFrame(encodeHello(this.to.hello)));
    // A peer that hangs up on the hello each time must not be called without a pause.
    this.timer = setTimeout(() => {
      this.delayMs = this.options.reconnectMinMs;
    }, this.options.reconnectMaxMs);
    this.flush();
  }

  private lost(): void {
    if (this.state === "closed") return;
    clearTimeout(this.timer);
    this.owner.counts.messagesDropped += this.queue.length;
    this.queue = [];
    this.sizes = [];
    this.queuedBytes = 0;
    this.state = "away";
    const waitMs = this.delayMs * (0.5 + randomInt(1_000_000) / 2_000_000);
    this.delayMs = Math.min(this.delayMs * 2, this.options.reconnectMaxMs);
    this.timer = setTimeout(() => this.connect(), waitMs);
  }

  private tooLong(bytes: number): string {
    const { to } = this.to.hello;
    return `a message of ${bytes} bytes to ${to} was dropped: maxFrameBytes is ${this.options.maxFrameBytes}`;
  }
}

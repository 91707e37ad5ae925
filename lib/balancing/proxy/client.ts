/**
 * A client's connection: requests are read one after the other, and the next only when the last is
 * answered, so that responses leave in order however many requests are sent ahead.
 */
import type { Socket } from "node:net";
import { Exchange } from "./exchange";
import type { ClientSide, Dispatcher } from "./exchange";
import { ownAnswer } from "./http/answers";
import { bodyOf } from "./http/body";
import type { Body } from "./http/body";
import { HeadBytes, isTooLong, wantsMore } from "./http/head-bytes";
import { parseRequestHead } from "./http/request-head";
import type { RequestHead } from "./http/request-head";

/** What a connection needs of the proxy. */
export interface Reception extends Dispatcher {
  /** Whether the proxy ends: connections end with their response. */
  readonly isClosing: boolean;
  requested(): void;
  /** The proxy has answered itself. */
  refused(status: number): void;
  left(client: ClientConnection): void;
}

/**
 * "head": between requests or in a head; "body": in a request's body; "response": the request is
 * read; "tunnel": bytes go through; "lingering": all is said, but the client may not have read it.
 */
type Place = "head" | "body" | "response" | "tunnel" | "lingering";

/** How long we listen after our last word, so that a reset does not overtake it. */
const lingerMs = 2_000;

export class ClientConnection implements ClientSide {
  readonly address: string;
  private place: Place = "head";
  private readonly head: HeadBytes;
  private exchange: Exchange | undefined;
  private body: Body | undefined;
  private bodyBytes = 0;
  /** What came ahead of its turn; while there is some, no more is read. */
  private rest: Buffer | undefined;
  private deadlineMs: number;

  constructor(
    readonly socket: Socket,
    private readonly proxy: Reception,
  ) {
    this.address = (socket.remoteAddress ?? "unknown").replace(/^::ffff:/, "");
    this.head = new HeadBytes(proxy.options.headBytes);
    this.deadlineMs = proxy.nowMs + proxy.options.idleMs;
    socket.on("data", (bytes: Buffer) => this.read(bytes));
    socket.on("drain", () => this.drained());
    socket.on("end", () => this.readEnd());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.closed());
  }

  get canGoOn(): boolean {
    return !this.proxy.isClosing;
  }

  private read(bytes: Buffer): void {
    if (this.place === "tunnel") this.exchange?.tunnel(bytes);
    else if (this.rest !== undefined) this.rest = Buffer.concat([this.rest, bytes]);
    else this.consume(bytes);
  }

  private consume(bytes: Buffer): void {
    let at = 0;
    while (at >= 0 && at < bytes.length) {
      if (this.place === "body") at = this.readBody(bytes, at);
      else if (this.place === "lingering") return;
      // Who does not read its responses gets no more of them.
      else if (this.place === "head" && !this.socket.writableNeedDrain) {
        at = this.readHead(bytes, at);
      } else {
        this.rest = bytes.subarray(at);
        this.socket.pause();
        return;
      }
    }
  }

  /** Goes on with what came ahead, now that it is its turn. */
  private goOn(): void {
    const { rest } = this;
    if (rest === undefined || this.place === "response") return;
    this.rest = undefined;
    this.socket.resume();
    if (this.place === "tunnel") this.exchange?.tunnel(rest);
    else this.consume(rest);
  }

  private readHead(bytes: Buffer, at: number): number {
    const hadBegun = this.head.hasBegun;
    const end = this.head.take(bytes, at);
    if (end === wantsMore) {
      const { headMs } = this.proxy.options;
      if (!hadBegun && this.head.hasBegun) this.deadlineMs = this.proxy.nowMs + headMs;
      return end;
    }
    this.proxy.requested();
    if (end < 0) {
      if (end === isTooLong) this.refuse(431, "the header fields are too long");
      else this.refuse(400, "a line does not end with CR LF");
      return end;
    }
    const head = parseRequestHead(this.head.text);
    if (head.kind === "refused") {
      this.refuse(head.status, head.reason);
      return -1;
    }
    return this.begin(head, bytes, end);
  }

  private begin(head: RequestHead, bytes: Buffer, at: number): number {
    const { framing } = head;
    if (framing.kind === "length" && framing.bytes > this.proxy.options.bodyBytes) {
      this.refuse(413, "the body is too long");
      return -1;
    }
    this.exchange = new Exchange(head, this, this.proxy);
    const body = bodyOf(framing);
    this.bodyBytes = 0;
    if (body.isDone) {
      this.place = "response";
      this.deadlineMs = Infinity;
      this.exchange.start();
      return at;
    }
    this.body = body;
    this.place = "body";
    this.deadlineMs = this.proxy.nowMs + this.proxy.options.bodyMs;
    return this.readBody(bytes, at, true);
  }

  private readBody(bytes: Buffer, at: number, isFirst = false): number {
    const [exchange, body] = [this.exchange as Exchange, this.body as Body];
    const after = body.take(bytes, at);
    this.bodyBytes += body.dataEnd - body.dataStart;
    if (body.isBroken) return this.giveUp(400, "a chunk is malformed");
    if (this.bodyBytes > this.proxy.options.bodyBytes) {
      return this.giveUp(413, "the body is too long");
    }
    const piece = { bytes, start: body.dataStart, end: body.dataEnd, isLast: body.isDone };
    if (body.isDone) this.place = "response";
    this.deadlineMs = body.isDone ? Infinity : this.proxy.nowMs + this.proxy.options.bodyMs;
    if (isFirst) exchange.start(piece);
    else exchange.give(piece);
    return after;
  }

  /** In the middle of a request's body. */
  private giveUp(status: number, reason: string): number {
    const { exchange } = this;
    exchange?.abandon();
    if (exchange?.hasAnswered === true) this.destroy();
    else this.refuse(status, reason);
    return -1;
  }

  refuse(status: number, reason: string): void {
    const { exchange, proxy } = this;
    proxy.refused(status);
    // What follows a request that was not read to its end is nobody's.
    const isKeptAlive =
      this.place === "response" && exchange?.head.isKeptAlive === true && this.canGoOn;
    const retryAfterSeconds = status === 503 ? proxy.options.retryAfterSeconds : undefined;
    const isToHead = exchange?.isToHead;
    const text = ownAnswer({ status, reason, isToHead, isKeptAlive, retryAfterSeconds });
    this.socket.write(text, "latin1");
    this.finish(isKeptAlive);
  }

  finish(isKeptAlive: boolean): void {
    this.exchange = undefined;
    this.body = undefined;
    if (!isKeptAlive || !this.canGoOn) return this.linger();
    this.place = "head";
    this.deadlineMs = this.proxy.nowMs + this.proxy.options.idleMs;
    if (this.rest !== undefined && !this.socket.writableNeedDrain) this.goOn();
  }

  /** Our last word is said. */
  private linger(): void {
    this.place = "lingering";
    this.rest = undefined;
    this.deadlineMs = this.proxy.nowMs + lingerMs;
    this.socket.end();
    this.socket.resume();
  }

  private drained(): void {
    this.exchange?.clientDrained();
    if (this.place === "head") this.goOn();
  }

  /** As in nginx, who says no more is gone, and does not wait for a response. */
  private readEnd(): void {
    if (this.place === "tunnel") this.exchange?.tunnel(undefined);
    else if (this.place === "head") this.linger();
    else if (this.place !== "lingering") this.destroy();
  }

  pauseBody(): void {
    if (this.place !== "body") return;
    this.deadlineMs = Infinity;
    this.socket.pause();
  }

  resumeBody(): void {
    if (this.place !== "body") return;
    this.deadlineMs = this.proxy.nowMs + this.proxy.options.bodyMs;
    this.socket.resume();
  }

  becomeTunnel(): void {
    this.place = "tunnel";
    this.deadlineMs = Infinity;
    this.goOn();
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** The proxy ends: without a request the connection ends at once. */
  close(): void {
    if (this.place === "head" && !this.head.hasBegun && this.rest === undefined) this.linger();
    else if (this.place === "tunnel") this.destroy();
  }

  sweep(nowMs: number): void {
    this.exchange?.sweep(nowMs);
    if (nowMs < this.deadlineMs) return;
    if (this.place === "body") this.giveUp(408, "the body comes too slowly");
    else if (this.place !== "head") this.destroy();
    else if (this.head.hasBegun) this.refuse(408, "the head comes too slowly");
    else this.linger();
  }

  private closed(): void {
    this.exchange?.abandon();
    this.exchange = undefined;
    this.place = "lingering";
    this.proxy.left(this);
  }
}

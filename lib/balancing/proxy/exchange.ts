/**
 * One request and its response: attempts at back ends, and bytes both ways with back-pressure.
 *
 * Source: RFC 9110, section 9.2.2, for what may be sent twice: a request of which no byte went out
 * always, one that got lost only if it is idempotent, and neither once a byte of a response has
 * reached the client, nor when more of its body has come than is kept.
 */
import type { Socket } from "node:net";
import type { BackEnd, Taker } from "./back-end";
import type { Asker, BackEndConnection, Loss, Piece } from "./back-end-connection";
import { forwardedRequest } from "./http/request-head";
import type { RequestHead } from "./http/request-head";
import { forwardedResponse } from "./http/response-head";
import type { ResponseHead } from "./http/response-head";
import type { ProxyOptions } from "./options";
import { writePiece } from "./pieces";

/** What an exchange needs of the client's connection. */
export interface ClientSide {
  readonly socket: Socket;
  readonly address: string;
  /** Whether another request may follow on it. */
  readonly canGoOn: boolean;
  /** The response is there; without `isKeptAlive` the connection ends. */
  finish(isKeptAlive: boolean): void;
  /** Answers with an error, and ends what cannot go on. */
  refuse(status: number, reason: string): void;
  destroy(): void;
  /** More of the request's body may come, or not now. */
  pauseBody(): void;
  resumeBody(): void;
  /** From now on bytes go through as they are. */
  becomeTunnel(): void;
}

/** How an attempt ended. */
export type Outcome = Loss | "answered" | "overdue" | "abandoned" | "crowded";

/** What an exchange needs of the proxy. */
export interface Dispatcher {
  readonly options: ProxyOptions;
  /** Of a coarse clock. */
  readonly nowMs: number;
  /** A back end for the next attempt, counted as sent; undefined when none is open. */
  choose(exchange: Exchange): Attempt | undefined;
  ended(attempt: Attempt, outcome: Outcome): void;
  /** Whether the budget of retries has room for one. */
  mayRetry(): boolean;
}

export interface Attempt {
  readonly server: number;
  readonly backEnd: BackEnd;
  /** Of the server's circuit. */
  readonly permit: number;
  readonly startMs: number;
  /** Of the response's head; 0 before it. */
  status: number;
  latencyMs: number;
}

const idempotent = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"]);
const noPiece: Piece = { bytes: Buffer.alloc(0), start: 0, end: 0, isLast: true };

export class Exchange implements Asker, Taker {
  readonly isToHead: boolean;
  isAsked = false;
  /** The servers of the attempts so far. */
  readonly tried: number[] = [];
  /** When what it waits for is overdue. */
  private deadlineMs = Infinity;
  private attempt: Attempt | undefined;
  private connection: BackEndConnection | undefined;
  private isRead = false;
  private isAnswering = false;
  private isContinued = false;
  private isKeptAlive = false;
  private isChunked = false;
  private isTunnel = false;
  /** While the connection is made, or waited for. */
  private isConnecting = false;
  /** The body so far, to be sent once there is a connection, or once more. */
  private kept: Buffer[] | undefined = [];
  private keptBytes = 0;

  constructor(
    readonly head: RequestHead,
    readonly client: ClientSide,
    private readonly proxy: Dispatcher,
  ) {
    this.isToHead = head.method === "HEAD";
  }

  /** With what of the body came along with the head; nothing: there is no body. */
  start(piece: Piece = noPiece): void {
    this.keep(piece);
    this.try();
  }

  /** More of the request's body. */
  give(piece: Piece): void {
    const { connection } = this;
    this.keep(piece);
    if (connection === undefined) {
      if (this.keptBytes > this.proxy.options.replayBytes) this.client.pauseBody();
      return;
    }
    this.send(piece, connection);
  }

  private keep(piece: Piece): void {
    this.isRead = piece.isLast;
    if (this.kept === undefined || piece.start === piece.end) return;
    this.kept.push(piece.bytes.subarray(piece.start, piece.end));
    this.keptBytes += piece.end - piece.start;
    this.forgetMuch();
  }

  /** What is too much to be kept is not sent again. */
  private forgetMuch(): void {
    const isMuch = this.keptBytes > this.proxy.options.replayBytes;
    if (isMuch && this.connection !== undefined) this.kept = undefined;
  }

  private try(): void {
    const { connectMs } = this.proxy.options;
    const attempt = this.proxy.choose(this);
    if (attempt === undefined) return this.client.refuse(503, "no back end is open");
    this.attempt = attempt;
    this.tried.push(attempt.server);
    this.isConnecting = true;
    this.deadlineMs = this.proxy.nowMs + connectMs;
    if (attempt.backEnd.take(this)) return;
    this.endAttempt("crowded");
    if (this.tried.length <= this.proxy.options.retries) return this.try();
    this.client.refuse(503, "too many requests wait");
  }

  connected(connection: BackEndConnection): void {
    const { head, client, kept = [], isRead } = this;
    this.connection = connection;
    connection.take(this);
    if (connection.isConnected) this.opened();
    const backEnd = (this.attempt as Attempt).backEnd.host;
    const text = forwardedRequest(head, { client: client.address, backEnd });
    const body = kept.length === 1 ? kept[0] : Buffer.concat(kept);
    const piece = { bytes: body, start: 0, end: body.length, isLast: isRead };
    this.isAsked = isRead;
    this.forgetMuch();
    const isChunked = head.framing.kind === "chunked";
    const hasRoom = writePiece(connection.socket, text, { ...piece, isChunked });
    if (isRead) return;
    if (hasRoom) client.resumeBody();
    else this.pauseBody();
  }

  opened(): void {
    this.isConnecting = false;
    if (!this.isAnswering) this.wait();
  }

  private send(piece: Piece, connection: BackEndConnection): void {
    const isChunked = this.head.framing.kind === "chunked";
    if (piece.isLast) this.isAsked = true;
    if (!this.isAnswering && !this.isConnecting) this.wait();
    const { bytes, start, end, isLast } = piece;
    const hasRoom = writePiece(connection.socket, "", { bytes, start, end, isLast, isChunked });
    if (!hasRoom && !isLast) this.pauseBody();
  }

  /** For the response; while the client still sends, its own time limit counts. */
  private wait(): void {
    const { nowMs, options } = this.proxy;
    this.deadlineMs = this.isRead ? nowMs + options.responseMs : Infinity;
  }

  /** The back end does not take more for now. */
  private pauseBody(): void {
    const { nowMs, options } = this.proxy;
    if (!this.isConnecting) this.deadlineMs = nowMs + options.responseMs;
    this.client.pauseBody();
  }

  get isWriting(): boolean {
    return this.client.socket.writableLength > 0;
  }

  drained(): void {
    if (this.isTunnel) {
      this.client.socket.resume();
    } else if (!this.isRead) {
      if (!this.isAnswering) this.wait();
      this.client.resumeBody();
    }
  }

  interim(head: ResponseHead): void {
    if (head.status === 101) return this.becomeTunnel(head);
    this.isContinued ||= head.status === 100;
    if (this.head.minor === 0) return;
    const text = forwardedResponse(head, { isKeptAlive: true, isChunked: false });
    this.client.socket.write(text, "latin1");
  }

  private becomeTunnel(head: ResponseHead): void {
    if (!this.head.isUpgrade) return this.fail("malformed");
    this.isTunnel = this.isAnswering = true;
    this.deadlineMs = this.proxy.nowMs + this.proxy.options.idleMs;
    this.noteAnswer(head);
    const text = forwardedResponse(head, { isKeptAlive: true, isChunked: false });
    this.client.socket.write(text, "latin1");
    this.client.becomeTunnel();
  }

  /** A failure that only we have noticed. */
  private fail(loss: Loss): void {
    const { connection } = this;
    this.connection = undefined;
    connection?.destroy();
    this.lost(loss);
  }

  tunnelled(bytes: Buffer): void {
    this.deadlineMs = this.proxy.nowMs + this.proxy.options.idleMs;
    if (!this.client.socket.write(bytes)) this.connection?.socket.pause();
  }

  /** Of the client, once a tunnel; nothing: it says no more. */
  tunnel(bytes: Buffer | undefined): void {
    this.deadlineMs = this.proxy.nowMs + this.proxy.options.idleMs;
    const socket = this.connection?.socket;
    if (bytes === undefined) socket?.end();
    else if (socket?.write(bytes) === false) this.client.socket.pause();
  }

  answer(head: ResponseHead, piece: Piece): void {
    const { client, isRead } = this;
    const { kind } = head.framing;
    this.isAnswering = true;
    this.noteAnswer(head);
    this.isChunked = this.head.minor === 1 && (kind === "chunked" || kind === "close");
    // Without a 100 nobody knows whether the client will send its body still.
    const isUnsure = this.head.expectsContinue && !this.isContinued && !isRead;
    this.isKeptAlive = this.head.isKeptAlive && client.canGoOn && !isUnsure;
    const { isKeptAlive, isChunked } = this;
    const text = forwardedResponse(head, { isKeptAlive, isChunked });
    this.pass(text, piece);
  }

  private noteAnswer({ status }: ResponseHead): void {
    const attempt = this.attempt as Attempt;
    attempt.status = status;
    attempt.latencyMs = performance.now() - attempt.startMs;
  }

  answerMore(piece: Piece): void {
    this.pass("", piece);
  }

  private pass(text: string, { bytes, start, end, isLast }: Piece): void {
    const { proxy, client, isChunked } = this;
    this.deadlineMs = proxy.nowMs + proxy.options.bodyMs;
    const hasRoom = writePiece(client.socket, text, { bytes, start, end, isLast, isChunked });
    if (!hasRoom && !isLast) this.connection?.socket.pause();
  }

  /** The client has room again for the response. */
  clientDrained(): void {
    if (!this.isAnswering) return;
    const { idleMs, bodyMs } = this.proxy.options;
    this.deadlineMs = this.proxy.nowMs + (this.isTunnel ? idleMs : bodyMs);
    this.connection?.socket.resume();
  }

  answered(): void {
    this.connection = undefined;
    this.endAttempt("answered");
    this.client.finish(this.isKeptAlive && this.isRead);
  }

  lost(loss: Loss): void {
    this.connection = undefined;
    if (this.isTunnel) {
      this.endAttempt("answered");
      return this.client.finish(false);
    }
    this.endAttempt(loss);
    if (this.isAnswering) return this.client.destroy();
    if (this.canTryAgain(loss) && this.proxy.mayRetry()) return this.try();
    this.client.refuse(502, loss === "malformed" ? "a malformed response" : "the back end is gone");
  }

  private canTryAgain(loss: Loss): boolean {
    if (this.tried.length > this.proxy.options.retries || this.kept === undefined) return false;
    return loss === "refused" || (loss === "lost" && idempotent.has(this.head.method));
  }

  /** The client is gone, or what it sends is no request. */
  abandon(): void {
    const { connection, attempt } = this;
    this.connection = undefined;
    connection?.destroy();
    attempt?.backEnd.leave(this);
    this.endAttempt("abandoned");
  }

  /** Whether a byte of a response has gone out. */
  get hasAnswered(): boolean {
    return this.isAnswering;
  }

  /** Looks whether something is overdue. */
  sweep(nowMs: number): void {
    if (nowMs < this.deadlineMs) return;
    const { connection, attempt } = this;
    this.deadlineMs = Infinity;
    if (this.isAnswering && this.isWaitingForClient) return this.client.destroy();
    this.connection = undefined;
    connection?.destroy();
    attempt?.backEnd.leave(this);
    if (this.isAnswering) {
      this.endAttempt("overdue");
      return this.client.destroy();
    }
    if (!this.isConnecting) {
      this.endAttempt("overdue");
      this.client.refuse(504, "the back end takes too long");
    } else if (connection === undefined) {
      this.endAttempt("crowded");
      this.client.refuse(503, "too many requests wait");
    } else this.lost("refused");
  }

  /** In the middle of a response: it is not the back end that keeps us. */
  private get isWaitingForClient(): boolean {
    return this.isTunnel || !this.isRead || this.client.socket.writableNeedDrain;
  }

  private endAttempt(outcome: Outcome): void {
    const { attempt } = this;
    this.attempt = undefined;
    if (attempt !== undefined) this.proxy.ended(attempt, outcome);
  }
}

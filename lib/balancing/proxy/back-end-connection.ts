/** One connection to a back end: a request goes out, its response comes in, then the next. */
import { connect } from "node:net";
import type { NetConnectOpts, Socket } from "node:net";
import { bodyOf } from "./http/body";
import type { Body } from "./http/body";
import { HeadBytes, wantsMore } from "./http/head-bytes";
import { parseResponseHead } from "./http/response-head";
import type { ResponseHead } from "./http/response-head";

/**
 * How a request failed: "refused": not a byte of it went out; "lost": the connection ended before
 * the response did; "malformed": what came is no HTTP.
 */
export type Loss = "refused" | "lost" | "malformed";

/** Who waits for a response. */
export interface Asker {
  /** Of HEAD, whose response has no body. */
  readonly isToHead: boolean;
  /** Whether the whole request has been written. */
  readonly isAsked: boolean;
  /** The connection is there. */
  opened(): void;
  /** Whether bytes that it was given are still to be written. */
  readonly isWriting: boolean;
  /** A response 1xx; the real one is still to come. */
  interim(head: ResponseHead): void;
  /** The head, and what of the body came with it. */
  answer(head: ResponseHead, piece: Piece): void;
  /** More of the body. */
  answerMore(piece: Piece): void;
  /** All of it came; the connection is somebody else's by now. */
  answered(): void;
  lost(loss: Loss): void;
  /** After a 101: bytes that are nobody's business. */
  tunnelled(bytes: Buffer): void;
  /** There is room again for what is written. */
  drained(): void;
}

/** Bytes of a body, from `start` to `end`. */
export interface Piece {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Whether the body ends here. */
  readonly isLast: boolean;
}

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly headBytes: number;
  /** Sends on: a connection that is free, or one that has ended. */
  readonly onFree: (connection: BackEndConnection) => void;
  readonly onEnd: (connection: BackEndConnection) => void;
}

/** Interim responses before the real one, at most. */
const mostInterim = 16;
const writeAheadBytes = 131_072;
const newBuffer = (): Buffer => Buffer.allocUnsafeSlow(65_536);

export class BackEndConnection {
  readonly socket: Socket;
  isConnected = false;
  isEnded = false;
  /** When it was given free, and how long the back end has said that it keeps it, in ms. */
  freeSinceMs = 0;
  keptAliveMs = Infinity;
  private asker: Asker | undefined;
  /** Where the system puts what comes: the same bytes again, so that there is little garbage. */
  private buffer = newBuffer();
  private readonly head: HeadBytes;
  private body: Body | undefined;
  private interim = 0;
  private isKeptAlive = true;
  private isTunnel = false;

  constructor(private readonly options: ConnectionOptions) {
    const { host, port, headBytes } = options;
    this.head = new HeadBytes(headBytes);
    const onread = {
      buffer: () => this.buffer,
      callback: (count: number): boolean => {
        const { asker } = this;
        this.read(this.buffer.subarray(0, count));
        // What is still to be written must not be read over.
        if (asker?.isWriting === true) this.buffer = newBuffer();
        return true;
      },
    };
    const place = { host, port, noDelay: true, highWaterMark: writeAheadBytes, onread };
    this.socket = connect(place as NetConnectOpts);
    this.socket.on("connect", () => {
      this.isConnected = true;
      this.asker?.opened();
    });
    this.socket.on("drain", () => this.asker?.drained());
    this.socket.on("end", () => this.readEnd());
    this.socket.on("error", () => this.lose("lost"));
    this.socket.on("close", () => this.lose("lost"));
  }

  /** Whether it waits for nobody. */
  get isFree(): boolean {
    return this.asker === undefined && !this.isEnded;
  }

  /** The next response is for that one. */
  take(asker: Asker): void {
    this.asker = asker;
  }

  /** Gives up: nobody hears of it. */
  destroy(): void {
    this.asker = undefined;
    this.end();
  }

  private end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.socket.destroy();
    this.options.onEnd(this);
  }

  private lose(loss: Loss): void {
    const { asker } = this;
    this.asker = undefined;
    this.end();
    asker?.lost(this.isConnected ? loss : "refused");
  }

  private read(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.isEnded) {
      const { asker } = this;
      // Bytes that nobody asked for: who knows to whom they belong.
      if (asker === undefined) return this.end();
      if (this.isTunnel) return asker.tunnelled(at === 0 ? bytes : bytes.subarray(at));
      if (this.body !== undefined) at = this.readBody(bytes, at, asker);
      else at = this.readHead(bytes, at, asker);
      if (at < 0) return;
    }
  }

  private readHead(bytes: Buffer, at: number, asker: Asker): number {
    const end = this.head.take(bytes, at);
    if (end === wantsMore) return end;
    const head = end < 0 ? undefined : parseResponseHead(this.head.text, asker.isToHead);
    if (head === undefined) {
      this.lose("malformed");
      return -1;
    }
    if (head.status < 200) return this.readInterim(head, end, asker);
    this.isKeptAlive = head.isKeptAlive;
    this.keptAliveMs = head.keptAliveMs;
    this.body = bodyOf(head.framing);
    const after = this.body.isDone ? end : this.body.take(bytes, end);
    const { body } = this;
    if (body.isBroken) {
      this.lose("malformed");
      return -1;
    }
    asker.answer(head, pieceOf(bytes, body));
    if (body.isDone) this.finish(after === bytes.length);
    return after;
  }

  private readInterim(head: ResponseHead, end: number, asker: Asker): number {
    if (++this.interim > mostInterim) {
      this.lose("malformed");
      return -1;
    }
    this.isTunnel = head.status === 101;
    asker.interim(head);
    return end;
  }

  private readBody(bytes: Buffer, at: number, asker: Asker): number {
    const body = this.body as Body;
    const after = body.take(bytes, at);
    if (body.isBroken) {
      this.lose("malformed");
      return -1;
    }
    asker.answerMore(pieceOf(bytes, body));
    if (body.isDone) this.finish(after === bytes.length);
    return after;
  }

  /** `isClean`: no more has come than the response. */
  private finish(isClean: boolean): void {
    const asker = this.asker;
    if (asker === undefined) return;
    this.asker = undefined;
    this.body = undefined;
    this.interim = 0;
    if (this.socket.isPaused()) this.socket.resume();
    if (isClean && this.isKeptAlive && asker.isAsked) this.options.onFree(this);
    else this.end();
    asker.answered();
  }

  /** The back end says no more; a body without a length ends so. */
  private readEnd(): void {
    const { asker, body } = this;
    if (asker === undefined || body?.endsWithConnection !== true) return this.lose("lost");
    asker.answerMore({ bytes: nothing, start: 0, end: 0, isLast: true });
    this.finish(false);
  }
}

const nothing = Buffer.alloc(0);

function pieceOf(bytes: Buffer, { dataStart, dataEnd, isDone }: Body): Piece {
  return { bytes, start: dataStart, end: dataEnd, isLast: isDone };
}

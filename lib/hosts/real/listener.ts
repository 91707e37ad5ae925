/** The way into a place: takes connections, checks who calls and what comes, hands messages on. */
import { createServer } from "net";
import type { Server, Socket } from "net";
import { InputError } from "../../basics";
import type { Message, NodeId } from "../../protocol";
import { FrameReader } from "./frames";
import { maxHelloBytes, readHello } from "./hello";
import type { Counts } from "./metrics";
import { loopback } from "./sockets";
import type { AddressBook, SocketOptions } from "./sockets";

export interface ListenerOwner {
  readonly cluster: string;
  readonly place: string;
  readonly counts: Counts;
  readonly book: AddressBook;
  log(sentence: string): void;
  /** Must not throw. */
  receive(from: NodeId, to: NodeId, message: Message): void;
  /** All messages of a piece of the stream have been handed over. */
  received(): void;
}

export class Listener {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** Callers wait until `resume`: before its start a place does not know who there is. */
  private isPaused = true;

  constructor(
    private readonly options: SocketOptions,
    private readonly owner: ListenerOwner,
  ) {
    this.server = createServer({ noDelay: true }, (socket) => this.welcome(socket));
  }

  /** The port, `port` itself unless that is 0. Rejects with InputError if it is taken. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => {
        reject(new InputError(`${this.owner.place}: ${whyNoPort(port, error)}`));
      });
      this.server.listen({ port, host: loopback }, () => {
        resolve((this.server.address() as { port: number }).port);
      });
    });
  }

  pause(): void {
    this.isPaused = true;
    for (const socket of this.sockets) socket.pause();
  }

  resume(): void {
    this.isPaused = false;
    for (const socket of this.sockets) socket.resume();
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private welcome(socket: Socket): void {
    const caller = new Caller(socket, this.options, this.owner);
    this.sockets.add(socket);
    socket.on("data", (bytes: Buffer) => caller.take(bytes));
    socket.on("error", () => undefined); // "close" follows
    socket.on("close", () => {
      this.sockets.delete(socket);
      caller.gone();
    });
    if (this.isPaused) socket.pause();
  }
}

/** One connection from another place. */
class Caller {
  private from: string | undefined;
  private readonly reader: FrameReader;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly socket: Socket,
    private readonly options: SocketOptions,
    private readonly owner: ListenerOwner,
  ) {
    this.reader = new FrameReader(maxHelloBytes, (text) => this.hear(text));
    this.timer = setTimeout(
      () => this.refuse("it has not said hello"),
      options.helloTimeoutMs,
    ).unref();
  }

  take(bytes: Buffer): void {
    if (this.socket.destroyed) return;
    this.owner.counts.bytesReceived += bytes.length;
    const reading = this.reader.take(bytes);
    if (reading.kind === "flaw") this.refuse(reading.reason);
    this.owner.received();
  }

  gone(): void {
    clearTimeout(this.timer);
  }

  private refuse(reason: string): void {
    this.owner.counts.connectionsRefused++;
    const who = this.from ?? `port ${this.socket.remotePort ?? "?"}`;
    this.owner.log(`the connection from ${who} is closed: ${reason}`);
    this.socket.destroy();
  }

  private hear(text: string): string | undefined {
    if (this.from === undefined) return this.greet(text);
    let parts: unknown;
    try {
      parts = JSON.parse(text);
    } catch {
      return "a frame that is not JSON";
    }
    if (!Array.isArray(parts) || parts.length % 3 !== 0)
      return "a frame that is no list of messages";
    for (let at = 0; at < parts.length; at += 3) {
      const reason = this.deliver(parts[at], parts[at + 1], parts[at + 2]);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  private greet(text: string): string | undefined {
    const { cluster, place, book } = this.owner;
    const known = new Set(Object.keys(book.portOf));
    const greeting = readHello(text, { cluster, place, known });
    if (greeting.kind === "refused") return greeting.reason;
    clearTimeout(this.timer);
    this.from = greeting.from;
    this.reader.maxBytes = this.options.maxFrameBytes;
    return undefined;
  }

  private deliver(from: unknown, to: unknown, message: unknown): string | undefined {
    const { placeOf } = this.owner.book;
    if (typeof from !== "string" || placeOf[from] !== this.from) {
      return `a message from ${JSON.stringify(from)}, who is not at ${this.from}`;
    }
    if (typeof to !== "string" || placeOf[to] !== this.owner.place) {
      return `a message to ${JSON.stringify(to)}, who is not here`;
    }
    const type = (message as Message | null)?.type;
    if (typeof type !== "string") return "a message without a type";
    this.owner.counts.messagesReceived++;
    this.owner.receive(from, to, message as Message);
    return undefined;
  }
}

function whyNoPort(port: number, error: NodeJS.ErrnoException): string {
  if (error.code === "EADDRINUSE")
    return `port ${port} is taken: choose another one, or 0 for a free one`;
  if (error.code === "EACCES") return `port ${port} needs special rights: choose one from 1024`;
  return `port ${port} cannot be listened on (${error.message})`;
}

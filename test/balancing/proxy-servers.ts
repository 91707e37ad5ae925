/** Real servers behind a real proxy, and a client that writes its bytes itself. */
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server as TcpServer, Socket } from "node:net";
import { startProxy } from "dabbawala/balancing";
import type { ProxyOptions, RunningProxy } from "dabbawala/balancing";
import { afterEach } from "vitest";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Called after the test. */
export function afterwards(end: () => unknown): void {
  endings.push(end);
}

/** A server of HTTP; its port. */
export async function httpServer(listener: RequestListener): Promise<number> {
  const server = createServer({ keepAliveTimeout: 60_000 }, listener);
  await listening(server);
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  return portOf(server);
}

/** A server that does with its connections what it is told; its port. */
export async function tcpServer(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on("error", () => socket.destroy()));
    onConnection(socket);
  });
  await listening(server);
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return portOf(server);
}

async function listening(server: Server | TcpServer): Promise<void> {
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
}

function portOf(server: Server | TcpServer): number {
  return (server.address() as AddressInfo).port;
}

/** Answers with what it was asked, as JSON. */
export const mirror: RequestListener = (request, response) => {
  void bodyOf(request).then((body) => {
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, headers, body: body.toString("latin1") }));
  });
};

export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** A proxy that listens; both are over after the test. */
export async function proxyTo(
  ports: readonly number[],
  options: Partial<ProxyOptions> = {},
): Promise<RunningProxy> {
  const backEnds = ports.map((port, at) => ({ id: `b${at}`, port }));
  const proxy = await startProxy({ policy: "round-robin", backEnds, ...options });
  afterwards(() => proxy.close(0));
  return proxy;
}

/** A connection whose bytes are written here and read as text. */
export class RawClient {
  text = "";
  isEnded = false;
  readonly socket: Socket;
  private wake: () => void = () => undefined;

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    this.socket.on("data", (bytes: Buffer) => {
      this.text += bytes.toString("latin1");
      this.wake();
    });
    this.socket.on("error", () => this.end());
    this.socket.on("end", () => this.end());
    this.socket.on("close", () => this.end());
    afterwards(() => this.socket.destroy());
  }

  private end(): void {
    this.isEnded = true;
    this.wake();
  }

  write(...lines: readonly string[]): this {
    this.socket.write(lines.join("\r\n"), "latin1");
    return this;
  }

  /** What has come once it holds that, or once the proxy has ended the connection. */
  async until(wanted: string | RegExp | "end"): Promise<string> {
    const isThere = (): boolean => {
      if (this.isEnded) return true;
      if (wanted === "end") return false;
      return typeof wanted === "string" ? this.text.includes(wanted) : wanted.test(this.text);
    };
    while (!isThere()) await new Promise<void>((wake) => (this.wake = wake));
    return this.text;
  }
}

/** The whole of what comes for those lines, until the proxy ends the connection. */
export async function sent(port: number, ...lines: readonly string[]): Promise<string> {
  return await new RawClient(port).write(...lines).until("end");
}

/** The status of the first response. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
}

export async function pause(ms: number): Promise<void> {
  await new Promise((wake) => setTimeout(wake, ms));
}

/** The reverse proxy when back ends fail, leave and come, and when it ends itself. */
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { RunningProxy } from "dabbawala/balancing";
import { describe, expect, it } from "vitest";
import {
  afterwards,
  httpServer,
  mirror,
  pause,
  proxyTo,
  RawClient,
  sent,
  statusOf,
  tcpServer,
} from "./proxy-servers";

const close = "Connection: close";
const end = ["", ""];

/** Clients in closed loops until they are told to end: the statuses of all responses. */
class Load {
  readonly statuses: number[] = [];
  private isOver = false;
  private readonly loops: Promise<void>[];

  constructor(port: number, clients: number) {
    this.loops = Array.from({ length: clients }, () => this.loop(port));
  }

  private async loop(port: number): Promise<void> {
    const client = new RawClient(port);
    while (!this.isOver) {
      client.text = "";
      client.write("GET / HTTP/1.1", "Host: x", ...end);
      const text = await client.until("served.");
      this.statuses.push(text.endsWith("served.") ? statusOf(text) : 0);
      if (client.isEnded) return;
    }
    client.socket.destroy();
  }

  async until(count: number): Promise<void> {
    while (this.statuses.length < count) await pause(1);
  }

  async end(): Promise<Map<number, number>> {
    this.isOver = true;
    await Promise.all(this.loops);
    const counts = new Map<number, number>();
    for (const status of this.statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
    return counts;
  }
}

/** A server that can be killed: its connections are reset. */
async function mortal(): Promise<{ port: number; kill(): void; revive(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => {
    setTimeout(() => response.end("served."), 1);
  });
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  const { port } = server.address() as AddressInfo;
  const kill = (): void => {
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const revive = async (): Promise<void> => {
    await new Promise<void>((up) => server.listen(port, "127.0.0.1", up));
  };
  afterwards(() => server.listening && kill());
  return { port, kill, revive };
}

const stateOf = async (proxy: RunningProxy, id: string): Promise<string> =>
  (await proxy.metrics()).backEnds[id].state;

describe("under load no request fails", () => {
  it("while one back end is killed and comes back, and another is drained", async () => {
    const servers = await Promise.all([mortal(), mortal(), mortal(), mortal()]);
    const health = { circuit: { openMs: 100 }, outliers: { baseEjectionMs: 100, intervalMs: 50 } };
    const proxy = await proxyTo(
      servers.map(({ port }) => port),
      { policy: "least-connections", health },
    );
    const load = new Load(proxy.port, 16);
    await load.until(200);
    servers[0].kill();
    await load.until(600);
    // It is tried again now and then, and closed again.
    while ((await stateOf(proxy, "b0")) !== "closed") await pause(1);
    await proxy.drain("b1");
    const { requests, inFlight } = (await proxy.metrics()).backEnds.b1;
    expect(inFlight).toBe(0);
    servers[1].kill();
    await load.until(800);
    await servers[0].revive();
    while ((await stateOf(proxy, "b0")) !== "open") await pause(5);
    const before = (await proxy.metrics()).backEnds.b0.answers["2xx"];
    await load.until(load.statuses.length + 200);
    const counts = await load.end();
    expect([...counts.keys()]).toEqual([200]);
    const { backEnds, retries } = await proxy.metrics();
    expect(retries).toBeGreaterThan(0);
    expect(backEnds.b0.answers["2xx"]).toBeGreaterThan(before);
    expect(backEnds.b1).toMatchObject({ state: "draining", requests, connections: { open: 0 } });
  });

  it("while back ends come and go, and nobody else hears of it", async () => {
    const [first, second] = [await mortal(), await mortal()];
    const proxy = await proxyTo([first.port]);
    const load = new Load(proxy.port, 8);
    await load.until(50);
    await proxy.add({ id: "b1", port: second.port });
    await load.until(150);
    await proxy.drain("b0");
    await load.until(250);
    await proxy.add({ id: "b0", port: first.port });
    await load.until(350);
    expect([...(await load.end())].map(([status]) => status)).toEqual([200]);
    const { b0, b1 } = (await proxy.metrics()).backEnds;
    expect(b0.requests + b1.requests).toBe(load.statuses.length);
    expect(b1.requests).toBeGreaterThan(100);
    await proxy.drain("b0");
    await expect(proxy.add({ id: "b0", port: second.port })).rejects.toThrow("it needs a new id");
    await expect(proxy.add({ id: "b1", port: second.port })).rejects.toThrow("two servers");
  });
});

describe("a request that failed", () => {
  /** Takes so many requests and closes its connections then. */
  const dropping = async (log: string[]): Promise<number> =>
    await tcpServer((socket) => {
      socket.on("data", (bytes) => {
        log.push(bytes.toString().slice(0, 4).trim());
        socket.resetAndDestroy();
      });
    });

  it("is sent to another back end if that is safe: GET and PUT, not POST", async () => {
    for (const [method, status, attempts] of [
      ["GET", 200, 1],
      ["PUT", 200, 1],
      ["POST", 502, 1],
    ] as const) {
      const log: string[] = [];
      const proxy = await proxyTo([await dropping(log), await httpServer(mirror)]);
      const text = await sent(
        proxy.port,
        ...[`${method} / HTTP/1.1`, "Host: x", "Content-Length: 4", close, "", "body"],
      );
      expect([method, statusOf(text), log.length]).toEqual([method, status, attempts]);
      if (status === 200) expect(text).toContain('"body":"body"');
      expect((await proxy.metrics()).retries).toBe(status === 200 ? 1 : 0);
    }
  });

  it("is not sent again when its body was too long to be kept, or part of it was answered", async () => {
    const log: string[] = [];
    const proxy = await proxyTo([await dropping(log), await httpServer(mirror)], {
      replayBytes: 10,
    });
    const put = ["PUT / HTTP/1.1", "Host: x", "Content-Length: 20", close, "", "a".repeat(20)];
    expect(statusOf(await sent(proxy.port, ...put))).toBe(502);
    const half = await tcpServer((socket) => {
      const text = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf";
      socket.once("data", () => socket.write(text, () => socket.destroy()));
    });
    const broken = await proxyTo([half, await httpServer(mirror)]);
    expect(await sent(broken.port, "GET / HTTP/1.1", "Host: x", ...end)).toMatch(/half$/);
    expect((await broken.metrics()).retries).toBe(0);
  });

  it("of any method is sent again when no byte of it went out", async () => {
    const gone = await mortal();
    gone.kill();
    const proxy = await proxyTo([gone.port, await httpServer(mirror)]);
    const post = ["POST / HTTP/1.1", "Host: x", "Content-Length: 4", close, "", "body"];
    expect(await sent(proxy.port, ...post)).toContain('"body":"body"');
    expect((await proxy.metrics()).backEnds.b0.failures.refused).toBe(1);
  });

  it("is not sent again without a budget", async () => {
    const log: string[] = [];
    const ports = await Promise.all([dropping(log), dropping(log), dropping(log), dropping(log)]);
    const budget = { share: 0, minPerSecond: 1, ttlMs: 3_000 };
    const { port, metrics } = await proxyTo(ports, { budget, retries: 3 });
    const statuses = [];
    for (let i = 0; i < 4; i++) {
      statuses.push(statusOf(await sent(port, "GET / HTTP/1.1", "Host: x", close, ...end)));
    }
    expect(statuses).toEqual([502, 502, 502, 502]);
    expect((await metrics()).retries).toBe(3);
    expect(log).toHaveLength(4 + 3);
  });
});

describe("a back end that is ill", () => {
  it("is ejected for its answers, and returns", async () => {
    let isIll = true;
    const ill = await httpServer((_, response) => {
      response.statusCode = isIll ? 500 : 200;
      response.end("served.");
    });
    const well = await httpServer((_, response) => response.end("served."));
    const outliers = { consecutiveErrors: 3, baseEjectionMs: 2_000, intervalMs: 50 };
    const proxy = await proxyTo([ill, well, well], { health: { outliers } });
    const client = new RawClient(proxy.port);
    let errors = 0;
    for (let i = 0; i < 30; i++) {
      client.text = "";
      client.write("GET / HTTP/1.1", "Host: x", ...end);
      if (statusOf(await client.until("served.")) === 500) errors++;
    }
    expect(errors).toBe(3);
    expect((await proxy.metrics()).backEnds.b0).toMatchObject({
      ...{ state: "closed", closedBy: ["ejected"], answers: { "5xx": 3 } },
    });
    isIll = false;
    while ((await stateOf(proxy, "b0")) !== "open") await pause(5);
  });

  it("is closed by active checks before a request meets it, and opened by them", async () => {
    let status = 503;
    let asked = 0;
    const ill = await httpServer((request, response) => {
      if (request.url === "/health") response.statusCode = status;
      else asked++;
      response.end("served.");
    });
    const well = await httpServer((_, response) => response.end("served."));
    const proxy = await proxyTo([ill, well, well], {
      checkPath: "/health",
      health: { active: { intervalMs: 300, timeoutMs: 300, rise: 2, fall: 2 } },
    });
    while ((await stateOf(proxy, "b0")) !== "closed") await pause(5);
    expect((await proxy.metrics()).backEnds.b0.closedBy).toEqual(["down"]);
    const load = new Load(proxy.port, 2);
    await load.until(20);
    expect([...(await load.end()).keys()]).toEqual([200]);
    expect(asked).toBe(0);
    status = 204;
    while ((await stateOf(proxy, "b0")) !== "open") await pause(5);
  });
});

describe("the end of the proxy", () => {
  it("lets requests be answered, and takes no more", async () => {
    let answer: () => void = () => undefined;
    const server = await httpServer((_, response) => (answer = () => response.end("served.")));
    const proxy = await proxyTo([server]);
    const idle = new RawClient(proxy.port);
    const client = new RawClient(proxy.port).write("GET / HTTP/1.1", "Host: x", ...end);
    while ((await proxy.metrics()).backEnds.b0?.inFlight !== 1) await pause(2);
    let isClosed = false;
    const closed = proxy.close().then(() => (isClosed = true));
    expect(await idle.until("end")).toBe("");
    expect(await new RawClient(proxy.port).until("end")).toBe("");
    expect(isClosed).toBe(false);
    answer();
    expect(await client.until("end")).toMatch(/Connection: close[^]*served.$/);
    for (const { socket } of [idle, client]) socket.end();
    await closed;
  });

  it("does not wait for ever", async () => {
    const proxy = await proxyTo([await tcpServer(() => undefined)]);
    const client = new RawClient(proxy.port).write("GET / HTTP/1.1", "Host: x", ...end);
    while ((await proxy.metrics()).backEnds.b0?.inFlight !== 1) await pause(2);
    await proxy.close(30);
    expect(await client.until("end")).toBe("");
  });
});

describe("workers", () => {
  it("serve in processes of their own, know of changes, and are replaced", async () => {
    const [first, second] = [await mortal(), await mortal()];
    const proxy = await proxyTo([first.port], { workers: 2 });
    const load = new Load(proxy.port, 8);
    await load.until(100);
    await proxy.add({ id: "b1", port: second.port });
    await proxy.drain("b0");
    first.kill();
    await load.until(300);
    expect([...(await load.end()).keys()]).toEqual([200]);
    const { backEnds, requests } = await proxy.metrics();
    expect(backEnds.b0.requests + backEnds.b1.requests).toBe(requests);
    expect(requests).toBe(load.statuses.length);
    expect(backEnds.b1.latency.count).toBe(backEnds.b1.requests);
    const [killed] = (await proxy.metrics()).processIds;
    process.kill(killed, "SIGKILL");
    while ((await proxy.metrics()).processIds.length < 2) await pause(20);
    const { processIds, backEnds: after } = await proxy.metrics();
    expect(processIds).not.toContain(killed);
    expect(after.b0.state).toBe("draining");
    expect(statusOf(await sent(proxy.port, "GET / HTTP/1.1", "Host: x", close, ...end))).toBe(200);
    await expect(proxy.drain("b9")).rejects.toThrow('no back end is called "b9"');
    await proxy.close();
  });

  it("cannot be given a function", async () => {
    const make = (): never => {
      throw new Error("never called");
    };
    await expect(proxyTo([1], { workers: 1, policy: make })).rejects.toThrow("not as a function");
  });
});

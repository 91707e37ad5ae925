/** The reverse proxy before real servers: what it passes on, and what it refuses. */
import { createHash } from "node:crypto";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startProxy } from "dabbawala/balancing";
import { ReverseProxy } from "dabbawala/dist/balancing/proxy/reverse-proxy";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  afterwards,
  bodyOf,
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

describe("a request", () => {
  it("goes to the back end and its response to the client, over connections that are kept", async () => {
    const connections = new Set<object>();
    const server = await httpServer((asked, response) => {
      connections.add(asked.socket);
      mirror(asked, response);
    });
    const { port, metrics } = await proxyTo([server]);
    const client = new RawClient(port);
    for (let i = 0; i < 5; i++) {
      client.write(`PUT /p${i} HTTP/1.1`, "Host: shop", "Content-Length: 2", "", "ok");
      const text = await client.until(`"url":"/p${i}"`);
      expect(text).toContain(`"x-forwarded-for":"127.0.0.1","via":"1.1 dabbawala"},"body":"ok"`);
    }
    const { backEnds, clients, requests } = await metrics();
    expect([clients, requests, connections.size]).toEqual([1, 5, 1]);
    expect(backEnds.b0).toMatchObject({
      ...{ state: "open", requests: 5, inFlight: 0, connections: { open: 1, free: 1 } },
      answers: { "2xx": 5 },
    });
    expect(backEnds.b0.latency.count).toBe(5);
    expect(backEnds.b0.latency.p99Ms).toBeGreaterThan(0);
  });

  it("sent ahead waits for its turn, so that responses leave in order", async () => {
    const slowFirst = await httpServer((asked, response) => {
      const number = Number(asked.url?.slice(1));
      setTimeout(() => response.end(`<${number}>`), number === 0 ? 40 : 0);
    });
    const { port } = await proxyTo([slowFirst, slowFirst]);
    const asked = [0, 1, 2, 3].map((i) => `GET /${i} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const last = `GET /4 HTTP/1.1\r\nHost: x\r\n${close}\r\n\r\n`;
    const text = await sent(port, asked.join("") + last);
    expect(text.match(/<\d>/g)).toEqual(["<0>", "<1>", "<2>", "<3>", "<4>"]);
  });

  it("is the same wherever its bytes are cut", async () => {
    const seen: string[] = [];
    const server = await httpServer((asked, response) => {
      void bodyOf(asked).then((body) => {
        seen.push(`${asked.method} ${asked.url} ${asked.headers["x-one"]} ${body}`);
        response.end("ok");
      });
    });
    const proxy = new ReverseProxy({ backEnds: [{ port: server }] });
    afterwards(() => proxy.close(0));
    const text = [
      ..."POST /a HTTP/1.1|Host: x|X-One: 1|Transfer-Encoding: chunked||5;x=1|hello|2|, ".split(
        "|",
      ),
      ..."0|Trailer: x||PUT /b HTTP/1.1|Host: x|Content-Length: 3||abc".split("|"),
    ].join("\r\n");
    const bytes = Buffer.from(`${text}GET /c HTTP/1.0\r\n\r\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length - 1), { maxLength: 20 }), async (places) => {
        seen.length = 0;
        const ends = [...new Set(places), bytes.length].sort((left, right) => left - right);
        const socket = new PieceSocket();
        proxy.serve(socket as unknown as Socket);
        ends.forEach((to, at) => socket.push(Buffer.from(bytes.subarray(ends[at - 1] ?? 0, to))));
        await socket.isOver;
        expect(seen).toEqual(["POST /a 1 hello, ", "PUT /b undefined abc", "GET /c undefined "]);
        expect(socket.text.match(/HTTP\/1.1 200 OK/g)).toHaveLength(3);
      }),
      { numRuns: 100 },
    );
  });

  it("has a key for policies that keep it at one server", async () => {
    const ports = await Promise.all(
      ["a", "b", "c", "d"].map((name) => httpServer((_, response) => response.end(name))),
    );
    for (const key of ["header:X-User", "path"] as const) {
      const { port } = await proxyTo(ports, { policy: "maglev", key });
      const client = new RawClient(port);
      const byKey = new Map<number, Set<string>>();
      for (let i = 0; i < 60; i++) {
        const user = i % 20;
        client.text = "";
        const target = key === "path" ? `/${user}?${i}` : "/";
        client.write(`GET ${target} HTTP/1.1`, "Host: x", `x-user: u${user}`, ...end);
        const answer = (await client.until(/\r\n\r\n[a-d]/)).slice(-1);
        byKey.set(user, (byKey.get(user) ?? new Set()).add(answer));
      }
      const servers = [...byKey.values()];
      expect(servers.every((names) => names.size === 1)).toBe(true);
      expect(new Set(servers.flatMap((names) => [...names])).size).toBe(4);
    }
  });
});

/** A socket that hands over exactly the pieces that are pushed. */
class PieceSocket extends Duplex {
  text = "";
  readonly isOver: Promise<void>;
  private over: () => void = () => undefined;

  constructor() {
    super({ allowHalfOpen: true });
    this.isOver = new Promise((over) => (this.over = over));
  }

  override _read(): void {
    return undefined;
  }

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.text += bytes.toString("latin1");
    done();
  }

  override _final(done: () => void): void {
    this.over();
    this.push(null);
    done();
  }
}

describe("a response", () => {
  const asked = ["GET / HTTP/1.1", "Host: x", close, ...end];
  const server = (...lines: string[]): Promise<number> =>
    tcpServer((socket) => socket.once("data", () => socket.end(lines.join("\r\n"))));

  it("keeps its framing, or gets chunks where only the end of the connection ended it", async () => {
    const whole = await proxyTo([await server("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok")]);
    expect(await sent(whole.port, ...asked)).toMatch(/Content-Length: 2\r\n[^]*\r\n\r\nok$/);
    const chunks = await proxyTo([
      await server(
        "HTTP/1.1 200 OK",
        "Transfer-Encoding: chunked",
        "",
        "2;a=b",
        "ok",
        "0",
        "T: 1",
        ...end,
      ),
    ]);
    expect(await sent(chunks.port, ...asked)).toMatch(
      /chunked\r\n[^]*\r\n\r\n2\r\nok\r\n0\r\n\r\n$/,
    );
    expect(await sent(chunks.port, "GET / HTTP/1.0", ...end)).toMatch(/close\r\n[^]*\r\n\r\nok$/);
    const open = await proxyTo([await server("HTTP/1.0 200 OK", "", "ok")]);
    expect(await sent(open.port, ...asked)).toMatch(/chunked\r\n[^]*\r\n\r\n2\r\nok\r\n0\r\n\r\n$/);
  });

  it("to HEAD, 204 and 304 has no body, and the connection goes on", async () => {
    const bare = await httpServer((request, response) => {
      response.statusCode = Number(request.url?.slice(1));
      response.setHeader("Content-Length", 7);
      response.end(
        request.method === "HEAD" || response.statusCode !== 200 ? undefined : "not you",
      );
    });
    const { port, metrics } = await proxyTo([bare]);
    const client = new RawClient(port);
    client.write("HEAD /200 HTTP/1.1", "Host: x", ...end);
    client
      .write("GET /204 HTTP/1.1", "Host: x", ...end)
      .write("GET /304 HTTP/1.1", "Host: x", ...end);
    client.write("GET /200 HTTP/1.1", "Host: x", close, ...end);
    const heads = (await client.until("end")).split("\r\n\r\n");
    expect(heads.map(statusOf)).toEqual([200, 204, 304, 200, NaN]);
    expect(heads.map((head) => head.includes("Content-Length"))).toEqual([
      ...[true, false, true, true, false],
    ]);
    expect(heads[4]).toBe("not you");
    expect((await metrics()).backEnds.b0.connections.open).toBe(1);
  });

  it("that is malformed, too long or more than was asked for is not believed", async () => {
    for (const lines of [
      ["SMTP ready", ...end],
      ["HTTP/1.1 200 OK", "Content-Length: 2", "Transfer-Encoding: chunked", "", "0", ...end],
      ["HTTP/1.1 200 OK", `X: ${"a".repeat(20_000)}`, ...end],
      ["HTTP/1.1 101 Switching Protocols", ...end],
    ]) {
      const { port } = await proxyTo([await server(...lines)]);
      expect(statusOf(await sent(port, ...asked))).toBe(502);
    }
    const more = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n";
    const twice = await tcpServer((socket) => socket.on("data", () => socket.write(more)));
    const { port, metrics } = await proxyTo([twice]);
    expect(await sent(port, ...asked)).toMatch(/\r\n\r\nok$/);
    expect((await metrics()).backEnds.b0.connections.open).toBe(0);
  });

  it("that breaks off breaks off for the client too", async () => {
    const broken = await server("HTTP/1.1 200 OK", "Content-Length: 20", "", "half");
    const { port, metrics } = await proxyTo([broken]);
    const text = await sent(port, ...asked);
    expect(text.endsWith("half")).toBe(true);
    const { failures } = (await metrics()).backEnds.b0;
    expect(failures).toMatchObject({ lost: 1 });
  });
});

describe("a body", () => {
  it("of 50 MB goes through both ways in bounded memory", async () => {
    const size = 50 * 2 ** 20;
    const block = Buffer.alloc(2 ** 20, "dabbawala");
    let peak = 0;
    const server = await httpServer((asked, response) => {
      const hash = createHash("md5");
      asked.on("data", (bytes: Buffer) => hash.update(bytes));
      asked.on("end", () => {
        response.setHeader("x-hash", hash.digest("hex"));
        let left = size / block.length;
        const more = (): void => {
          while (left-- > 0) if (!response.write(block)) return void response.once("drain", more);
          response.end();
        };
        more();
      });
    });
    const { port } = await proxyTo([server]);
    const before = memory();
    const asked = request({ port, method: "POST", headers: { "Content-Length": size } });
    const answer = new Promise<IncomingMessage>((come) => asked.once("response", come));
    for (let left = size / block.length; left > 0; left--) {
      if (!asked.write(block)) await new Promise((drained) => asked.once("drain", drained));
      if (left % 20 === 0) peak = Math.max(peak, memory() - before);
    }
    asked.end();
    const response = await answer;
    const [hash, expected] = [createHash("md5"), createHash("md5")];
    for (let left = size / block.length; left > 0; left--) expected.update(block);
    let read = 0;
    for await (const bytes of response) {
      hash.update(bytes as Buffer);
      if (++read % 300 === 0) peak = Math.max(peak, memory() - before);
    }
    const wanted = expected.digest("hex");
    expect([response.headers["x-hash"], hash.digest("hex")]).toEqual([wanted, wanted]);
    // Client, proxy and back end are all in this process.
    expect(peak).toBeLessThan(size / 2);
  });

  it("waits where nobody reads: a client that does not read stops the back end", async () => {
    let written = 0;
    const server = await httpServer((_, response) => {
      const more = (): void => {
        do written += 65_536;
        while (response.write(Buffer.alloc(65_536)));
        response.once("drain", more);
      };
      more();
    });
    const { port } = await proxyTo([server]);
    const client = new RawClient(port);
    client.socket.pause();
    client.write("GET / HTTP/1.1", "Host: x", ...end);
    let before = -1;
    while (written === 0 || written !== before) {
      before = written;
      await pause(60);
    }
    // What the sockets of the system hold is a few MB.
    expect(written).toBeLessThan(20 * 2 ** 20);
  });

  it("is asked for by 100-continue, or refused without it", async () => {
    const server = await httpServer(mirror);
    const { port } = await proxyTo([server]);
    const lines = [
      "POST / HTTP/1.1",
      "Host: x",
      "Expect: 100-continue",
      "Content-Length: 2",
      ...end,
    ];
    const client = new RawClient(port).write(...lines);
    await client.until("HTTP/1.1 100 Continue");
    client.write("ok");
    expect(await client.until('"body":"ok"')).toContain("HTTP/1.1 200 OK");
    const no = await tcpServer((socket) => {
      socket.once("data", () =>
        socket.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
      );
    });
    const refusing = await proxyTo([no]);
    expect(await sent(refusing.port, ...lines)).toMatch(/^HTTP\/1.1 403 [^]*Connection: close/);
  });
});

describe("an upgrade", () => {
  const upgrade = (kind: string): string[] => [
    ...["GET / HTTP/1.1", "Host: x", "Connection: Upgrade", `Upgrade: ${kind}`, ...end],
  ];

  it("to websocket is a tunnel, to anything else is not passed on", async () => {
    const server = await tcpServer((socket) => {
      socket.once("data", (bytes) => {
        if (!/upgrade: websocket/i.test(bytes.toString())) {
          return socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain`);
        }
        socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\nhello ");
        socket.on("data", (more) => socket.write(more.toString().toUpperCase()));
      });
    });
    const { port } = await proxyTo([server]);
    const client = new RawClient(port).write(...upgrade("WebSocket"));
    expect(await client.until("hello ")).toMatch(/101 [^]*Connection: upgrade/);
    client.write("not http\n");
    await client.until("NOT HTTP\n");
    client.write("GET /");
    await client.until("NOT HTTP\nGET /");
    client.socket.end();
    await client.until("end");
    const plain = new RawClient(port).write(...upgrade("h2c"));
    expect(await plain.until("plain")).toContain("HTTP/1.1 200 OK");
  });
});

it("says in one sentence what is wrong with its options", async () => {
  const start = (options: object) => startProxy({ backEnds: [{ port: 1 }], ...options });
  await expect(startProxy({})).rejects.toThrow("a proxy needs at least one back end");
  await expect(start({ backEnds: [{ port: 70_000 }] })).rejects.toThrow("from 1 to 65535");
  await expect(start({ policy: "best" })).rejects.toThrow('no policy is called "best": choose of');
  await expect(start({ key: "cookie" })).rejects.toThrow("client, path or header:NAME");
  await expect(start({ headMs: 0 })).rejects.toThrow("headMs must be from 1");
  const one = await proxyTo([await httpServer(mirror)]);
  await expect(one.drain("b7")).rejects.toThrow('no back end is called "b7"');
  await expect(start({ port: one.port })).rejects.toThrow("EADDRINUSE");
});

/** Of this process, with the buffers that lie outside of the heap, without what is garbage. */
function memory(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

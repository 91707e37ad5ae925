/** The limits of the reverse proxy: what it does not pass on, and what it says then. */
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

describe("what is too much, too slow or ambiguous", () => {
  it("gets its status, and the connection ends", async () => {
    let served = 0;
    const server = await httpServer((asked, response) => {
      served++;
      mirror(asked, response);
    });
    const { port, metrics } = await proxyTo([server], { headBytes: 500, bodyBytes: 10 });
    const post = (...lines: string[]) => sent(port, "POST / HTTP/1.1", "Host: x", ...lines);
    const smuggled = "GET /secret HTTP/1.1";
    const statuses = await Promise.all([
      post(`X: ${"a".repeat(600)}`, ...end),
      post("Content-Length: 11", ...end),
      post("Content-Length: 4", "Transfer-Encoding: chunked", "", "0", "", smuggled, ...end),
      post("Content-Length: 0", "Content-Length: 30", "", smuggled, ...end),
      post("Transfer-Encoding: xchunked", "", smuggled, ...end),
      post("X: 1", " Content-Length: 30", "", smuggled, ...end),
      sent(port, "GET / HTTP/1.1\nHost: x\n\n"),
    ]);
    expect(statuses.map(statusOf)).toEqual([431, 413, 400, 400, 501, 400, 400]);
    expect(statuses.map((text) => text.match(/HTTP\/1.1/g)?.length)).toEqual(Array(7).fill(1));
    expect(statuses.every((text) => text.includes(close))).toBe(true);
    expect(served).toBe(0);
    expect((await metrics()).ownAnswers).toEqual({ 400: 4, 413: 1, 431: 1, 501: 1 });
  });

  it("in chunks is noticed when it comes", async () => {
    const { port } = await proxyTo([await httpServer(mirror)], { bodyBytes: 10 });
    const chunked = ["POST / HTTP/1.1", "Host: x", "Transfer-Encoding: chunked", ""];
    expect(statusOf(await sent(port, ...chunked, "6", "123456", "5", "12345", "0", ...end))).toBe(
      413,
    );
    expect(statusOf(await sent(port, ...chunked, "6", "123456", "5x", ""))).toBe(400);
  });

  it("in time is 408 for a head or body that stalls, 504 for a back end", async () => {
    const silent = await tcpServer(() => undefined);
    const short = { headMs: 60, bodyMs: 60, responseMs: 60, idleMs: 150 };
    const { port, metrics } = await proxyTo([silent], short);
    const slow = new RawClient(port).write("GET / HTTP/1.1\r\nX: ");
    // Slowloris: a byte now and then does not help.
    const drip = setInterval(() => slow.write("a"), 20);
    afterwards(() => clearInterval(drip));
    const [head, body, response, idle] = await Promise.all([
      slow.until("end"),
      sent(port, "POST / HTTP/1.1", "Host: x", "Content-Length: 9", "", "half"),
      sent(port, "GET / HTTP/1.1", "Host: x", close, ...end),
      new RawClient(port).until("end"),
    ]);
    clearInterval(drip);
    expect([head, body, response].map(statusOf)).toEqual([408, 408, 504]);
    expect(idle).toBe("");
    expect((await metrics()).backEnds.b0.failures).toMatchObject({ overdue: 1, abandoned: 1 });
  });

  it("is 503 with Retry-After when no back end is open, or too many wait", async () => {
    const port = await tcpServer(() => undefined);
    const proxy = await proxyTo([port], { connections: 1, waiting: 0, retryAfterSeconds: 7 });
    const asked = ["GET / HTTP/1.1", "Host: x", close, ...end];
    const first = new RawClient(proxy.port).write(...asked);
    while ((await proxy.metrics()).backEnds.b0.inFlight === 0) await pause(2);
    expect(await sent(proxy.port, ...asked)).toMatch(/^HTTP\/1.1 503 [^]*Retry-After: 7/);
    first.socket.destroy();
    await proxy.drain("b0");
    expect(await sent(proxy.port, ...asked)).toMatch(/^HTTP\/1.1 503 [^]*no back end is open/);
  });
});

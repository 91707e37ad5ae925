/** Which back end the proxy's policy picks, and what it blames a back end for. */
import { Prequal } from "dabbawala/balancing";
import { describe, expect, it } from "vitest";
import { httpServer, pause, proxyTo, RawClient, sent, statusOf, tcpServer } from "./proxy-servers";

const ask = ["GET / HTTP/1.1", "Host: x", "Connection: close", "", ""];

describe("the policy", () => {
  it("nearest-region stays at home, and goes elsewhere when no server at home is open", async () => {
    const place = async (region: string) => ({
      ...{ id: region, region },
      port: await httpServer((_, response) => response.end(`from ${region}.`)),
    });
    const backEnds = [await place("delhi"), await place("mumbai")];
    const proxy = await proxyTo([], { backEnds, policy: "nearest-region", region: "mumbai" });
    for (let i = 0; i < 5; i++) expect(await sent(proxy.port, ...ask)).toMatch(/from mumbai.$/);
    await proxy.drain("mumbai");
    expect(await sent(proxy.port, ...ask)).toMatch(/from delhi.$/);
  });

  it("is none that probes, by its name or made by a function: its picks would be by chance", async () => {
    const byName = proxyTo([1], { policy: "prequal" as never });
    await expect(byName).rejects.toThrow("prequal probes its servers, which HTTP cannot");
    const made = proxyTo([1], { policy: (pool) => new Prequal(pool) });
    await expect(made).rejects.toThrow("a proxy sends no probes");
  });

  it("is not the default because its name was misspelt", async () => {
    const typo = { polcy: "maglev" } as object;
    await expect(proxyTo([1], typo)).rejects.toThrow('a proxy has no option "polcy"');
  });

  it("heeds the weight with which a back end comes back", async () => {
    const port = await httpServer((_, response) => response.end("served."));
    const proxy = await proxyTo([port, port], { policy: "smooth-weighted" });
    await proxy.drain("b0");
    await proxy.add({ id: "b0", port, weight: 4 });
    for (let i = 0; i < 10; i++) await sent(proxy.port, ...ask);
    const { b0, b1 } = (await proxy.metrics()).backEnds;
    expect([b0.requests, b1.requests, b0.weight]).toEqual([8, 2, 4]);
  });
});

describe("an answer that is never whole", () => {
  const half = "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nhalf";

  it("is held against a back end that stops in its midst", async () => {
    const stalls = await tcpServer((socket) => socket.on("data", () => socket.write(half)));
    const outliers = { consecutiveErrors: 2 };
    const proxy = await proxyTo([stalls], { bodyMs: 60, health: { outliers } });
    for (let i = 0; i < 2; i++) expect(await sent(proxy.port, ...ask)).toMatch(/half$/);
    const { b0 } = (await proxy.metrics()).backEnds;
    expect(b0.failures).toMatchObject({ overdue: 2, abandoned: 0 });
    expect(b0.closedBy).toEqual(["ejected"]);
  });

  it("is not held against it when the client stops reading", async () => {
    const floods = await tcpServer((socket) => {
      const more = (): void => {
        while (socket.writable && socket.write(Buffer.alloc(65_536)));
      };
      socket.on("drain", more).once("data", () => socket.write(half, more));
    });
    const proxy = await proxyTo([floods], { bodyMs: 600 });
    const client = new RawClient(proxy.port).write(...ask);
    client.socket.pause();
    const failures = async () => (await proxy.metrics()).backEnds.b0.failures;
    while (Object.values(await failures()).every((count) => count === 0)) await pause(5);
    expect(await failures()).toMatchObject({ overdue: 0, abandoned: 1 });
  });

  it("nor when the client goes away", async () => {
    const stalls = await tcpServer((socket) => socket.on("data", () => socket.write(half)));
    const proxy = await proxyTo([stalls]);
    const client = new RawClient(proxy.port).write(...ask);
    expect(statusOf(await client.until("half"))).toBe(200);
    client.socket.destroy();
    const failures = async () => (await proxy.metrics()).backEnds.b0.failures;
    while ((await failures()).abandoned === 0) await pause(5);
    expect(await failures()).toMatchObject({ overdue: 0, lost: 0 });
  });
});

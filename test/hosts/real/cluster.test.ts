/** What a cluster does with wrong options, taken ports, damaged saves, falls and a dead owner. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Cluster, ClusterOptions } from "dabbawala/hosts";
import { hosts } from "./raft-cluster";
import type { HostName } from "./raft-cluster";

const file = join(__dirname, "nodes.cjs");
const counter = { module: file, exportName: "Counter" };
const running: Cluster[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((cluster) => cluster.stop()));
});

describe.each(Object.keys(hosts) as HostName[])("%s", (name) => {
  const start = async (options: Partial<ClusterOptions>): Promise<Cluster> => {
    const cluster = await hosts[name]({ protocol: counter, nodes: 1, ...options });
    running.push(cluster);
    return cluster;
  };
  const countOf = async (cluster: Cluster): Promise<unknown> => {
    return (await cluster.fields("n1", ["count"]))?.["count"];
  };

  it("a port that is taken is said in a sentence, and nothing stays behind", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const sentence = `n2: port ${port} is taken: choose another one, or 0 for a free one`;
    await expect(start({ nodes: 3, ports: { n2: port } })).rejects.toThrow(sentence);
    server.close();
  });

  it("saves survive a kill, and damaged ones refuse to start", async () => {
    const directory = mkdtempSync(join(tmpdir(), "cluster-"));
    const cluster = await start({ directory });
    for (let count = 0; count < 3; count++) {
      cluster.tell("n1", { type: "ping" });
      await cluster.until(async () => (await cluster.metrics()).durableSaves === count + 1);
    }
    const taken = `${directory}: another cluster of this program runs there: stop it first`;
    await expect(start({ directory })).rejects.toThrow(taken);
    await cluster.kill("n1");
    await (await start({ directory })).stop();
    expect(await countOf(cluster)).toBeUndefined();
    await cluster.restart("n1");
    await cluster.until(async () => (await countOf(cluster)) === 3);
    await cluster.kill("n1");
    const path = join(directory, "n1.saves");
    const bytes = readFileSync(path);
    bytes[30] ^= 1;
    writeFileSync(path, bytes);
    await expect(cluster.restart("n1")).rejects.toThrow(`${path}: damaged at byte 24: saves that`);
    await cluster.stop();
    await expect(start({ directory })).rejects.toThrow(`${path}: damaged at byte 24: saves that`);
  });

  it("a step that throws starts the node again from its saves; three in a row end it", async () => {
    const cluster = await start({});
    cluster.tell("n1", { type: "ping" });
    cluster.tell("n1", { type: "fall" });
    cluster.tell("n1", { type: "ping" });
    await cluster.until(async () => (await countOf(cluster)) === 2);
    expect(cluster.logs()).toEqual(["n1: n1 has crashed: fallen"]);
    for (let count = 0; count < 3; count++) cluster.tell("n1", { type: "fall" });
    await cluster.until(() => cluster.logs().length === 5);
    expect(cluster.logs()[4]).toBe("n1: n1 stays down after 3 crashes in a row");
    expect(await countOf(cluster)).toBeUndefined();
    expect((await cluster.metrics()).crashes).toBe(4);
  });

  it("servers may differ, know only some others, and share a place and its end", async () => {
    const flood = { module: file, exportName: "Flood" };
    const place = "machine";
    const options = { messages: 1, length: 1, everyMs: 10_000 };
    const cluster = await start({
      nodes: [
        "n1",
        { id: "n2", place },
        { id: "n3", protocol: flood, peers: ["n1"], options, place },
      ],
    });
    const field = async (node: string, of: string): Promise<unknown> =>
      (await cluster.fields(node, [of]))?.[of];
    expect(await field("n2", "peers")).toEqual(["n1", "n3"]);
    await cluster.until(async () => (await countOf(cluster)) === 1);
    await cluster.until(async () => (await field("n3", "got")) === 1);
    await cluster.kill("n2");
    expect([cluster.isUp("n1"), cluster.isUp("n3")]).toEqual([true, false]);
    await cluster.restart("n3");
    expect(await field("n2", "count")).toBe(0);
    const stranger = start({ nodes: [{ id: "n1", peers: ["n9"] }] });
    await expect(stranger).rejects.toThrow('peers names "n9", which is no server');
  });

  it("what cannot be loaded is named", async () => {
    const missing = { ...counter, exportName: "Nobody" };
    await expect(start({ protocol: missing })).rejects.toThrow(`${file} exports no class "Nobody"`);
    const nowhere = { module: "/nowhere.js", exportName: "Nobody" };
    await expect(start({ protocol: nowhere })).rejects.toThrow(
      "the protocol's module /nowhere.js cannot be loaded: Cannot find module '/nowhere.js'",
    );
    const relative = { module: "./nodes.cjs", exportName: "Counter" };
    await expect(start({ protocol: relative })).rejects.toThrow(
      'a protocol\'s module is "dabbawala/TOPIC" or an absolute path, not "./nodes.cjs"',
    );
  });

  it("wrong options and unknown names are named", async () => {
    await expect(start({ nodes: 0 })).rejects.toThrow("nodes must be from 1 to 100, but was 0");
    await expect(start({ nodes: ["a", "a"] })).rejects.toThrow("two nodes of the name a");
    await expect(start({ ports: { n7: 1 } })).rejects.toThrow('ports names "n7", which is no serv');
    const sockets = { maxQueueBytes: 0 };
    await expect(start({ sockets })).rejects.toThrow("maxQueueBytes must be from 1 to");
    const saves = { rewriteBites: 3 } as ClusterOptions["saves"];
    await expect(start({ saves })).rejects.toThrow('saves has no option "rewriteBites"');
    const cluster = await start({});
    await expect(cluster.kill("n9")).rejects.toThrow('there is no node "n9": there are n1');
    await expect(cluster.restart("n1")).rejects.toThrow("n1 is running: kill it first");
    await expect(cluster.until(() => false, { timeoutMs: 1 })).rejects.toThrow(
      "not happened in 1 ms",
    );
  });
});

it("processes end when the one that started them is killed", async () => {
  const program = `
    const { processes } = require("dabbawala/hosts");
    const options = { protocol: { module: ${JSON.stringify(file)}, exportName: "Counter" }, nodes: 2 };
    processes(options).then(() => console.log("up"));
  `;
  const owner = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => owner.stdout.once("data", resolve));
  const children = childrenOf(owner.pid as number);
  expect(children).toHaveLength(2);
  owner.kill("SIGKILL");
  const endMs = Date.now() + 5_000;
  while (children.some(isAlive) && Date.now() < endMs) {
    await new Promise((wake) => setTimeout(wake, 20));
  }
  expect(children.filter(isAlive)).toEqual([]);
});

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(" ").filter(Boolean).map(Number);
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** The Raft class of the simulator, unchanged, on real sockets and disks, killed and restarted. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { checkLinearizable, describeVerdict, keyValue } from "dabbawala/checks";
import type { Cluster } from "dabbawala/hosts";
import type { HistoryEvent } from "dabbawala/protocol";
import { hosts, leaderOf, loadOf, progress, raft } from "./raft-cluster";
import type { HostName } from "./raft-cluster";

const running: Cluster[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((cluster) => cluster.stop()));
});

const patient = { electionTimeoutMinMs: 300, electionTimeoutMaxMs: 600, heartbeatMs: 60 };
const mixed = { readShare: 0.4, keys: 5, valueBytes: 16, thinkMs: 3, retryMs: 100 };

function expectLinearizable(history: readonly HistoryEvent[]): void {
  const verdict = checkLinearizable(history, keyValue());
  expect(verdict.kind, describeVerdict(verdict)).toBe("linearizable");
}

async function pause(ms: number): Promise<void> {
  await new Promise((wake) => setTimeout(wake, ms));
}

describe.each(Object.keys(hosts) as HostName[])("%s", (name) => {
  const startHost = hosts[name];

  it("three servers commit what clients put, and stop without a trace", async () => {
    const cluster = await startHost({
      protocol: raft,
      nodes: 3,
      options: patient,
      clients: loadOf(4, { ...mixed, count: 50 }),
    });
    running.push(cluster);
    await cluster.until(async () => (await cluster.metrics()).ok === 200);
    const metrics = await cluster.metrics();
    expect(metrics).toMatchObject({ ok: 200, fail: 0, crashes: 0, connectionsRefused: 0 });
    expect(metrics.latency.count).toBe(200);
    expect(metrics.latency.p50Ms).toBeGreaterThan(0);
    expect(metrics.latency.p99Ms).toBeGreaterThanOrEqual(metrics.latency.p50Ms);
    expect(metrics.throughput).toBeGreaterThan(1);
    expect(metrics.syncs).toBeGreaterThan(0);
    const history = await cluster.history();
    expect(history.filter(({ type }) => type === "ok")).toHaveLength(200);
    expectLinearizable(history);
    await cluster.stop();
    expect(cluster.nodes.map((node) => cluster.isUp(node))).not.toContain(true);
  });

  it("kill -9 of the leader and of any server, again and again, loses nothing", async () => {
    const random = new Random(name === "threads" ? 1 : 2);
    const cluster = await startHost({
      protocol: raft,
      nodes: 3,
      options: { ...patient, snapshotEvery: 200, trailingEntries: 20 },
      clients: loadOf(6, mixed),
      saves: { rewriteBytes: 50_000 },
    });
    running.push(cluster);
    await progress(cluster, 20);
    for (let round = 0; round < 5; round++) {
      const isLeaderHit = round % 2 === 0;
      const victim = isLeaderHit ? await leaderOf(cluster) : random.pick(["n1", "n2", "n3"]);
      await pause(random.between(0, 200));
      await cluster.kill(victim);
      expect(cluster.isUp(victim)).toBe(false);
      if (round === 2) await progress(cluster, 20);
      await pause(random.between(0, 300));
      await cluster.restart(victim);
    }
    await progress(cluster, 50);
    expectLinearizable(await cluster.history());
    expect((await cluster.metrics()).crashes).toBe(0);
  });

  it("all servers killed at once go on from their saves", async () => {
    const directory = mkdtempSync(join(tmpdir(), "raft-"));
    const clients = loadOf(6, { ...mixed, readShare: 0 });
    const first = await startHost({
      protocol: raft,
      nodes: 3,
      options: patient,
      clients,
      directory,
    });
    running.push(first);
    await progress(first, 200);
    await Promise.all(["n1", "n2", "n3"].map((node) => first.kill(node)));
    const before = await first.history();
    await first.stop();
    const readers = loadOf(6, { ...mixed, readShare: 1, thinkMs: 0, count: 20 });
    const again = { protocol: raft, nodes: 3, options: patient, clients: readers, directory };
    const second = await startHost(again);
    running.push(second);
    await second.until(async () => (await second.metrics()).ok === 120);
    const after = (await second.history()).map((event) => {
      return { ...event, process: `later ${event.process}` };
    });
    expect(new Set(after.map(({ key }) => key)).size).toBe(5);
    expectLinearizable([...before, ...after]);
  });
});

it("64 clients share syncs: many saves become durable by one", async () => {
  const cluster = await hosts.processes({
    protocol: raft,
    nodes: 3,
    options: patient,
    clients: loadOf(64, { count: 20 }),
  });
  running.push(cluster);
  await cluster.until(async () => (await cluster.metrics()).ok === 64 * 20);
  const { places } = await cluster.metrics();
  const leader = await leaderOf(cluster);
  const { saves, syncs } = places[leader] as { saves: number; syncs: number };
  expect(saves).toBeGreaterThan(64 * 20);
  expect(saves / syncs).toBeGreaterThan(4);
});

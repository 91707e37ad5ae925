/**
 * The same classes on real threads and processes, with sockets and files, one scheduler or three on
 * Raft: scheduler and a worker are killed with -9, and no task is lost or has its effect twice.
 */
import { describe, expect, it } from "vitest";
import { processes, threads } from "dabbawala/hosts";

const of = (exportName: string) => ({ module: "dabbawala/scheduling", exportName });
const settings = { leaseMs: 500, backoff: { baseMs: 10 } };
const times = { electionTimeoutMinMs: 300, electionTimeoutMaxMs: 600, snapshotEvery: 30 };

describe.each([
  { name: "processes, one server", host: processes, servers: 1 },
  { name: "threads, three servers on Raft", host: threads, servers: 3 },
])("on $name", ({ host, servers }) => {
  const ids = Array.from({ length: servers }, (_, at) => `n${at + 1}`);
  const service = { "*": { meanMs: 1 } };
  const work = { capabilities: ["k"], slots: 20, service, effects: "e1", heartbeatMs: 100 };
  const load = { kinds: ["k"], payloadBytes: 20, count: 200 };
  const nodes = [
    ...ids.map((id) => ({
      id,
      peers: ids.filter((other) => other !== id),
      ...(servers === 1
        ? { protocol: of("SchedulerServer"), options: { settings, snapshotEvery: 100 } }
        : { protocol: of("ReplicatedScheduler"), options: { settings, ...times } }),
    })),
    { id: "w1", protocol: of("SchedulerWorker"), peers: ids, options: work },
    { id: "w2", protocol: of("SchedulerWorker"), peers: ids, options: work },
    { id: "e1", protocol: of("EffectStore"), peers: [] },
  ];
  const clients = {
    ...{ protocol: of("SchedulerClient"), count: 2, peers: ids },
    options: { load, batch: 10, window: 40, retryMs: 100, lookMs: 100 },
  };

  it("every task ends, once to effect, when scheduler and worker are killed", async () => {
    const cluster = await host({ protocol: of("SchedulerServer"), nodes, clients });
    const noted = async (node: string, label: string) =>
      (await cluster.notes(node)).filter((note) => note.label === label);
    try {
      const ok = async (count: number) => (await cluster.metrics()).ok >= count;
      await cluster.until(() => ok(10), { timeoutMs: 20_000 });
      await Promise.all([cluster.kill("w1"), cluster.kill("n1")]);
      await Promise.all([cluster.restart("n1"), cluster.restart("w1")]);
      const over = async () => [...(await noted("c1", "over")), ...(await noted("c2", "over"))];
      await cluster.until(async () => (await over()).length === 2, { timeoutMs: 40_000 });
      const counts = (await over()).map(({ detail }) => detail as Record<string, number>);
      expect(counts.map(({ done, dead }) => done + dead)).toEqual([200, 200]);
      const effects = await noted("e1", "effect");
      const effected = effects.map(({ detail }) => (detail as { id: string }).id);
      expect(new Set(effected).size).toBe(effected.length);
      expect(effected.length).toBeGreaterThanOrEqual(counts[0].done + counts[1].done);
    } finally {
      await cluster.stop();
    }
  }, 90_000);
});

/** The same classes on real threads and processes: scheduler and a worker are killed with -9. */
import { describe, expect, it } from "vitest";
import { processes, threads } from "dabbawala/hosts";

const of = (exportName: string) => ({ module: "dabbawala/scheduling", exportName });

describe.each(Object.entries({ threads, processes }))("on %s", (_name, host) => {
  it("every task ends, once to effect, when scheduler and worker are killed", async () => {
    const service = { "*": { meanMs: 1 } };
    const work = { capabilities: ["k"], slots: 20, service, effects: "e1", heartbeatMs: 100 };
    const settings = { leaseMs: 500, backoff: { baseMs: 10 } };
    const load = { kinds: ["k"], payloadBytes: 20, count: 300 };
    const cluster = await host({
      protocol: of("SchedulerServer"),
      nodes: [
        { id: "n1", peers: [], options: { settings, snapshotEvery: 100 } },
        { id: "w1", protocol: of("SchedulerWorker"), peers: ["n1"], options: work },
        { id: "w2", protocol: of("SchedulerWorker"), peers: ["n1"], options: work },
        { id: "e1", protocol: of("EffectStore"), peers: [] },
      ],
      clients: {
        protocol: of("SchedulerClient"),
        count: 2,
        peers: ["n1"],
        options: { load, batch: 10, window: 40, retryMs: 100, lookMs: 100 },
      },
    });
    try {
      const notes = async (node: string, label: string) =>
        (await cluster.notes(node)).filter((note) => note.node === node && note.label === label);
      const ok = async (count: number) => (await cluster.metrics()).ok >= count;
      await cluster.until(() => ok(10), { timeoutMs: 20_000 });
      await cluster.kill("w1");
      await cluster.kill("n1");
      await cluster.restart("n1");
      await cluster.restart("w1");
      const over = async () => [...(await notes("c1", "over")), ...(await notes("c2", "over"))];
      await cluster.until(async () => (await over()).length === 2, { timeoutMs: 30_000 });
      const counts = (await over()).map(({ detail }) => detail as Record<string, number>);
      expect(counts.map(({ done, dead }) => done + dead)).toEqual([300, 300]);
      const effects = await notes("e1", "effect");
      const ids = effects.map(({ detail }) => (detail as { id: string }).id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThanOrEqual(counts[0].done + counts[1].done);
    } finally {
      await cluster.stop();
    }
  }, 60_000);
});

/** The same classes on real threads and processes, with sockets and files; the leader is killed. */
import { describe, expect, it } from "vitest";
import { processes, threads } from "dabbawala/hosts";

const of = (exportName: string) => ({ module: "dabbawala/locks", exportName });

describe.each(Object.entries({ threads, processes }))("on %s", (_name, host) => {
  it("errands go on when a server is killed and starts again", async () => {
    const errands = [{ names: ["kitchen"] }, { names: ["kitchen", "partner"] }];
    const times = { electionTimeoutMinMs: 300, electionTimeoutMaxMs: 600 };
    const clients = {
      protocol: of("LockClient"),
      count: 3,
      options: { errands, rounds: 40, ttlMs: 4_000, thinkMs: 2 },
    };
    const cluster = await host({ protocol: of("LockServer"), nodes: 3, options: times, clients });
    try {
      const done = async (count: number) => (await cluster.metrics()).ok >= count;
      await cluster.until(() => done(60), { timeoutMs: 20_000 });
      await cluster.kill("n1");
      await cluster.until(() => done(200), { timeoutMs: 30_000 });
      await cluster.restart("n1");
      await cluster.until(() => done(400), { timeoutMs: 30_000 });
      const granted = (await cluster.history()).filter(
        ({ type, f }) => type === "ok" && f === "acquire",
      );
      const tokens = granted.map(({ value }) => Object.values(value as Record<string, number>));
      const all = tokens.flat();
      expect(new Set(all).size).toBe(all.length);
      const ofKitchen = granted.map(({ value }) => (value as { kitchen: number }).kitchen);
      const sorted = [...ofKitchen].sort((left, right) => left - right);
      expect(sorted[0]).toBeGreaterThan(0);
      expect(ofKitchen.length).toBeGreaterThan(150);
    } finally {
      await cluster.stop();
    }
  }, 120_000);
});

/** The same classes on real threads and processes, with sockets; a server is killed. */
import { describe, expect, it } from "vitest";
import { CacheJudge } from "dabbawala/caching";
import type { CacheEvent } from "dabbawala/caching";
import { processes, threads } from "dabbawala/hosts";
import type { HistoryEvent } from "dabbawala/protocol";

const of = (exportName: string) => ({ module: "dabbawala/caching", exportName });

/** Each client writes one key, and reads those of all. */
function operationsOf(id: string) {
  return Array.from({ length: 80 }, (_, i) => {
    if (i % 4 === 0) return { op: "write", key: `phone-${id}`, value: `${id}/${i}` };
    return { op: "read", key: `phone-c${(i % 3) + 1}` };
  });
}

/** A key has one writer, so that its values tell their versions. */
function versionOf({ value }: HistoryEvent): number {
  return typeof value === "string" ? 1 + Number(value.split("/")[1]) : 0;
}

describe.each(Object.entries({ threads, processes }))("on %s", (_name, host) => {
  it("no read is stale, though a server is killed and starts again", async () => {
    const servers = ["n1", "n2", "g1", "db"];
    const shared = { gutters: ["g1"], ttlMs: 400 };
    const client = (id: string) => ({
      ...{ ...shared, operations: operationsOf(id), thinkMs: 5, replyMs: 100, suspectMs: 200 },
      ...{ invalidateMs: 200, unreachable: "waitTtl" },
    });
    const cluster = await host({
      protocol: of("CacheNode"),
      nodes: servers,
      options: { cache: shared, database: { readMs: 2 } },
      clients: { protocol: of("CacheClient"), count: 3, options: client },
    });
    try {
      const done = async (count: number) => (await cluster.metrics()).ok >= count;
      await cluster.until(() => done(60), { timeoutMs: 20_000 });
      await cluster.kill("n2");
      await cluster.until(() => done(120), { timeoutMs: 40_000 });
      await cluster.restart("n2");
      await cluster.until(() => done(200), { timeoutMs: 40_000 });
      const history = (await cluster.history()).map((event): CacheEvent => {
        return { ...event, operation: 0, version: versionOf(event) };
      });
      const judge = new CacheJudge(history);
      expect(judge.nonsense()).toBeUndefined();
      expect(judge.staleReads()).toEqual([]);
      expect(history.filter(({ f, type }) => f === "read" && type === "ok").length).toBeGreaterThan(
        60,
      );
    } finally {
      await cluster.stop();
    }
  }, 120_000);
});

/** The same class on real threads and processes, with sockets and files; one server is killed. */
import { describe, expect, it } from "vitest";
import { processes, threads } from "dabbawala/hosts";
import { StoreJudge } from "dabbawala/replication";
import type { StoreHistory } from "dabbawala/replication";

const of = (exportName: string) => ({ module: "dabbawala/replication", exportName });

/** A client reads what it wrote and what the others wrote, and adds to carts that all share. */
function operationsOf(id: string) {
  return Array.from({ length: 60 }, (_, i) => {
    const key = `wallet-${i % 4}`;
    return i % 2 === 0 ? { op: "put", key, value: `${id}/${i}` } : { op: "get", key };
  });
}

describe.each(Object.entries({ threads, processes }))("on %s", (_name, host) => {
  it("quorums keep every acknowledged write, though a server is killed and starts again", async () => {
    const options = { partitions: 4, replyMs: 200 };
    const client = (id: string) => ({ operations: operationsOf(id), answerMs: 2_000, thinkMs: 5 });
    const clients = { protocol: of("DynamoClient"), count: 3, options: client };
    const cluster = await host({ protocol: of("Dynamo"), nodes: 3, options, clients });
    try {
      const done = async (count: number) => (await cluster.metrics()).ok >= count;
      await cluster.until(() => done(30), { timeoutMs: 20_000 });
      await cluster.kill("n2");
      await cluster.until(() => done(50), { timeoutMs: 20_000 });
      await cluster.restart("n2");
      await cluster.until(() => done(100), { timeoutMs: 30_000 });
      const judge = new StoreJudge((await cluster.history()) as StoreHistory);
      expect(judge.nonsense()).toBeUndefined();
      expect(judge.staleReads()).toEqual([]);
    } finally {
      await cluster.stop();
    }
  }, 90_000);
});

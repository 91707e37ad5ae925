/** A delete is a version like any other, a tombstone; and what if it is forgotten too early. */
import { describe, expect, it } from "vitest";
import { at, crash, restart } from "dabbawala/hosts";
import { DynamoCluster, StoreJudge } from "dabbawala/replication";
import type { DynamoMessage, DynamoOptions } from "dabbawala/replication";
import { get, node, put, sent } from "./one-node";
import type { OneNode } from "./one-node";

const alone = { replicas: 1, readQuorum: 1, writeQuorum: 1 } as const;
const erase = (requestId: number, context: Record<string, number>): DynamoMessage => {
  return { ...put(requestId, null, context), isDelete: true };
};

function ask(one: OneNode, client: string, message: DynamoMessage) {
  const [{ message: answer }] = sent(one.hear(client, message), "answer");
  if (answer.kind !== "ok") throw new Error(answer.reason);
  return answer;
}

describe("a delete", () => {
  it("takes what its client had seen, and nothing else", () => {
    const one = node(alone, 1);
    const { context } = ask(one, "c1", put(1, "milk"));
    ask(one, "c2", put(1, "tea"));
    expect(ask(one, "c1", erase(2, context)).values).toEqual(["tea"]);
    expect(ask(one, "c3", get(1)).values).toEqual(["tea"]);
  });

  it("leaves a context by which a later write takes its place", () => {
    const one = node(alone, 1);
    const { context } = ask(one, "c1", put(1, "milk"));
    ask(one, "c1", erase(2, context));
    const read = ask(one, "c2", get(1));
    expect(read.values).toEqual([]);
    expect(ask(one, "c2", put(2, "rice", { ...read.context })).values).toEqual(["rice"]);
    expect(one.dynamo.entries.get("cart")?.versions).toHaveLength(1);
  });

  it("is forgotten when the grace period is over, on disk too, and not taken in again", () => {
    const one = node({ ...alone, graceMs: 1_000 }, 1);
    const { context } = ask(one, "c1", put(1, "milk"));
    ask(one, "c1", erase(2, context));
    const versions = one.dynamo.entries.get("cart")!.versions;
    one.nowMs += 900;
    one.ring("antiEntropy");
    expect(one.dynamo.entries.size).toBe(1);
    one.nowMs += 200;
    one.ring("antiEntropy");
    expect(one.dynamo.entries.size).toBe(0);
    expect(one.saved.get("entry/cart")).toBeUndefined();
    one.hear("n2", { type: "repair", key: "cart", versions });
    expect(one.dynamo.entries.size).toBe(0);
  });
});

/** An owner is away while a wallet is deleted, for two seconds; then all is left alone. */
function closedWallet(graceMs: number) {
  const options: Partial<DynamoOptions> = { partitions: 1, graceMs, antiEntropyMs: 50 };
  const cluster = new DynamoCluster({ seed: 1, servers: 3, options });
  const key = "wallet";
  cluster.addClient("c1", { server: "n1", operations: [{ op: "put", key, value: "Rs 500" }] });
  cluster.run(500);
  cluster.schedule(at(500, crash(["n3"])), at(2_500, restart(["n3"])));
  cluster.run(600);
  cluster.submit("c1", { op: "delete", key });
  cluster.run(12_000);
  cluster.submit("c1", { op: "get", key });
  cluster.run(12_500);
  expect(cluster.disorder()).toBeUndefined();
  const history = cluster.history();
  return { read: history.at(-1)!.value, history, copies: cluster.copies() };
}

describe("a wallet that was deleted while an owner was away", () => {
  it("comes back from the dead when tombstones are forgotten before the owner is back", () => {
    const { read, history, copies } = closedWallet(1_000);
    expect(read).toEqual(["Rs 500"]);
    expect(copies).toBe(3);
    expect(new StoreJudge(history).staleReads()).toHaveLength(1);
    const lost = new StoreJudge(history).lost(new Map([["wallet", ["Rs 500"]]]));
    expect(lost?.property).toBe("undeleted");
  });

  it("stays deleted when they are kept for longer, and in the end nothing is left of it", () => {
    const { read, history, copies } = closedWallet(6_000);
    expect(read).toEqual([]);
    expect(copies).toBe(0);
    expect(new StoreJudge(history).staleReads()).toEqual([]);
    expect(new StoreJudge(history).lost(new Map())).toBeUndefined();
  });
});

/** Lamport 2001, for rings: which change comes next; one node by hand, then three at once. */
import { describe, expect, it } from "vitest";
import { Dynamo, DynamoCluster } from "dabbawala/replication";
import { beginChange, epochOf, settleChange } from "dabbawala/dist/replication/dynamo/ring";
import type { Ring } from "dabbawala/dist/replication/dynamo/ring";
import { node, OneNode, sent } from "./one-node";
import type { Effects } from "./one-node";

const three = { replicas: 3 } as const;
const peers = ["n2", "n3", "n4", "n5"];
const join = { kind: "join", node: "n9" } as const;
const wish = { type: "changeRing", requestId: 1, change: join } as const;
const asked = (effects: Effects) => sent(effects, "ringPrepare");

/** n1 of five, which has asked the other four. */
function proposed() {
  const one = node(three, 5);
  const prepares = asked(one.hear("c0", wish));
  const { epoch, ballot } = prepares[0].message;
  return { one, prepares, epoch, ballot };
}

describe("which change of the ring comes next", () => {
  it("a majority votes before anything is begun, and the operator hears when it is", () => {
    const { one, prepares, epoch, ballot } = proposed();
    expect(prepares.map(({ to }) => to)).toEqual(peers);
    const promise = { type: "ringPromise", epoch, ballot, accepted: null } as const;
    expect(one.hear("n2", promise)).toEqual([]);
    expect(one.hear("n2", promise)).toEqual([]); // the same vote again
    const accepts = sent(one.hear("n3", promise), "ringAccept");
    expect(accepts).toHaveLength(4);
    expect(one.dynamo.epoch).toBe(epoch);
    const accepted = { type: "ringAccepted", epoch, ballot } as const;
    expect(sent(one.hear("n2", accepted), "answer")).toEqual([]);
    const effects = one.hear("n3", accepted);
    expect(sent(effects, "answer")[0].message).toMatchObject({ requestId: 1, kind: "ok" });
    expect(one.dynamo.ring.members["n9"].status).toBe("joining");
  });

  it("who finds that another change was accepted proposes that one, and its own one waits", () => {
    const { one, epoch, ballot } = proposed();
    const other = beginChange(one.dynamo.ring, { kind: "leave", node: "n5" }) as Ring;
    const found = { ballot: { count: 0, proposer: "n2/x" }, ring: other };
    const promise = { type: "ringPromise", epoch, ballot } as const;
    one.hear("n2", { ...promise, accepted: found });
    const [{ message }] = sent(one.hear("n3", { ...promise, accepted: null }), "ringAccept");
    expect(message.ring).toEqual(other);
    for (const id of ["n2", "n3"]) one.hear(id, { type: "ringAccepted", epoch, ballot });
    expect(one.dynamo.ring.members["n5"].status).toBe("leaving");
    expect(one.dynamo.wishes).toHaveLength(1);
    const settled = settleChange(one.dynamo.ring);
    const again = asked(one.hear("n2", { type: "gossip", ring: settled, isAnswer: true }));
    expect(again[0].message.epoch).toBe(epochOf(settled));
  });

  it("a voter is bound by its promise, after a restart too, and votes on no ring of the past", () => {
    const { one, epoch } = proposed();
    const later = { count: 7, proposer: "n2/x" };
    const prepare = { type: "ringPrepare", epoch, ballot: later } as const;
    expect(sent(one.hear("n2", prepare), "ringPromise")).toHaveLength(1);
    const saved = Object.fromEntries(one.saved);
    const again = new OneNode(new Dynamo("n1", peers, one.dynamo.options), saved);
    const earlier = { count: 6, proposer: "n3/x" };
    const refused = sent(again.hear("n3", { ...prepare, ballot: earlier }), "ringRefuse");
    expect(refused[0].message.count).toBe(7);
    const past = again.hear("n3", { ...prepare, epoch: epoch - 1, ballot: { ...later, count: 9 } });
    expect(sent(past, "ringPromise")).toEqual([]);
    expect(sent(past, "gossip")[0].message.ring).toEqual(again.dynamo.ring);
  });

  it("without a majority it is tried again, and given up in the end", () => {
    const { one } = proposed();
    const [second] = asked(one.ring("agree"));
    expect(second.message.ballot.count).toBe(2);
    let effects: Effects = [];
    for (let i = 0; i < 100 && sent(effects, "answer").length === 0; i++) {
      effects = one.ring("agree");
    }
    const [{ message }] = sent(effects, "answer");
    expect(message).toMatchObject({ kind: "unavailable", isDefinite: false });
  });

  it("no node leaves when copies would be without a home", () => {
    const one = node(three, 3);
    const change = { kind: "leave", node: "n2" } as const;
    const effects = one.hear("c0", { ...wish, change });
    const [{ message }] = sent(effects, "answer");
    expect(message).toMatchObject({ kind: "unavailable", isDefinite: true });
  });
});

describe("two joins and a leave asked for at once, at three nodes", () => {
  it("all happen; every copy is there, and only what had to move was sent", () => {
    const options = { partitions: 64, antiEntropyMs: 50, pageKeys: 100 };
    const cluster = new DynamoCluster({ seed: 3, servers: 6, spares: 2, options });
    const keys = Array.from({ length: 600 }, (_, i) => `wallet-${i}`);
    const operations = keys.map((key) => ({ op: "put" as const, key, value: 1 }));
    cluster.addClient("c1", { operations });
    cluster.run(20_000);
    expect(cluster.copies()).toBe(1_800);
    cluster.notes.length = 0;
    cluster.change("n1", { kind: "join", node: "n7" });
    cluster.change("n3", { kind: "join", node: "n8" });
    cluster.change("n5", { kind: "leave", node: "n2" });
    cluster.run(40_000);
    expect(cluster.disorder()).toBeUndefined();
    expect(cluster.copies()).toBe(1_800);
    const { members } = cluster.living()[0].ring;
    const up = Object.keys(members).filter((id) => members[id].status === "up");
    expect(up.sort()).toEqual(["n1", "n3", "n4", "n5", "n6", "n7", "n8"]);
    const sentKeys = cluster.notes
      .filter(({ label }) => label === "streamed")
      .reduce((sum, { detail }) => sum + (detail as { keys: number }).keys, 0);
    // Shares of 1/7, 1/8 and 1/8 of 1,800 copies, each from two owners, and chance places.
    const share = 2 * 1_800 * (1 / 7 + 1 / 8 + 1 / 8);
    expect(sentKeys).toBeGreaterThan(0.5 * share);
    expect(sentKeys).toBeLessThan(1.7 * share);
  });
});

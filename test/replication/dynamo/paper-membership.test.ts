/** DeCandia et al. 2007, section 4.8: how the ring changes, and what moves. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Dynamo } from "dabbawala/replication";
import type { RingChange } from "dabbawala/replication";
import {
  beginChange,
  epochOf,
  firstRing,
  mergeRings,
} from "dabbawala/dist/replication/dynamo/ring";
import { settleChange } from "dabbawala/dist/replication/dynamo/ring";
import type { Ring } from "dabbawala/dist/replication/dynamo/ring";
import { node, OneNode, put, sent, stored } from "./one-node";

const three = { replicas: 3 } as const;

describe("section 4.8, membership", () => {
  const ring = firstRing(["n1", "n2", "n3", "n4"]);

  it("rings merge to what either knows, in any order", () => {
    const one = beginChange(ring, { kind: "join", node: "n5" }) as Ring;
    const two = settleChange(one);
    expect(mergeRings(ring, two)).toEqual(mergeRings(two, ring));
    expect(epochOf(mergeRings(one, two))).toBe(epochOf(two));
    expect(two.members["n5"].status).toBe("up");
  });

  it("one change at a time, and none that makes no sense", () => {
    const joining = beginChange(ring, { kind: "join", node: "n5" }) as Ring;
    expect(beginChange(joining, { kind: "leave", node: "n1" })).toContain("under way");
    expect(beginChange(ring, { kind: "join", node: "n1" })).toContain("is on the ring");
    expect(beginChange(ring, { kind: "leave", node: "n9" })).toContain("not on the ring");
    expect(beginChange(firstRing(["n1"]), { kind: "leave", node: "n1" })).toContain("last node");
    const one = node();
    const change = { kind: "leave", node: "n9" } as const;
    const [{ message }] = sent(
      one.hear("c0", { type: "changeRing", requestId: 1, change }),
      "answer",
    );
    expect(message).toMatchObject({ kind: "unavailable", isDefinite: true });
  });

  it("whatever comes and goes, no two nodes stand at the same places", () => {
    const ids = ["n1", "n2", "n3", "n4", "n5", "n6"];
    const changes = fc.array(
      fc.tuple(
        fc.constantFrom("join", "leave", "replace"),
        fc.constantFrom(...ids),
        fc.constantFrom(...ids),
      ),
      { maxLength: 20 },
    );
    const run = fc.property(changes, (list) => {
      let now = ring;
      for (const [kind, id, by] of list) {
        const begun = beginChange(now, { kind, node: id, by } as RingChange);
        if (typeof begun === "string") continue;
        for (const gone of ["joining", "leaving"]) {
          const here = Object.values(begun.members).filter(({ status }) => {
            return status !== "gone" && status !== gone;
          });
          expect(new Set(here.map(({ tokens }) => tokens)).size).toBe(here.length);
        }
        now = settleChange(begun);
      }
    });
    fc.assert(run, { numRuns: 500 });
  });

  it("a replica that knows a later ring refuses requests of an earlier one, and says why", () => {
    const one = node(three, 3);
    const request = { operation: "x", epoch: one.dynamo.epoch - 1, key: "cart", meant: "n1" };
    const effects = one.hear("n2", { type: "fetch", ...request });
    expect(sent(effects, "staleRing")[0].message.ring).toEqual(one.dynamo.ring);
    expect(sent(effects, "stored")).toEqual([]);
  });

  it("while the ring changes, old owners and new ones give a quorum each", () => {
    const one = node({ ...three, writeQuorum: 2 }, 3);
    const change = { kind: "replace", node: "n3", by: "n4" } as const;
    const begun = beginChange(one.dynamo.ring, change) as Ring;
    one.hear("n2", { type: "gossip", ring: begun, isAnswer: true });
    const stores = sent(one.hear("c1", put(1, "milk")), "store");
    expect(stores.map(({ to }) => to).sort()).toEqual(["n2", "n3", "n4"]);
    const answerOf = (id: string) => {
      const { message } = stores.find(({ to }) => to === id)!;
      return sent(one.hear(id, stored(message)), "answer");
    };
    expect(answerOf("n3")).toEqual([]); // old: n1 n3; new: n1
    expect(answerOf("n4")).toHaveLength(1); // new: n1 n4
  });

  it("a newcomer asks the old owners page by page, and is up when it has enough of them", () => {
    const options = { partitions: 1, members: ["n1", "n2", "n3"], pageKeys: 1 };
    const comer = new OneNode(new Dynamo("n4", ["n1", "n2", "n3"], options));
    const changed = beginChange(firstRing(["n1", "n2", "n3"]), {
      kind: "replace",
      node: "n3",
      by: "n4",
    }) as Ring;
    const asked = sent(
      comer.hear("n1", { type: "gossip", ring: changed, isAnswer: true }),
      "stream",
    );
    expect(asked).toHaveLength(2); // two of three meet every write that two have acknowledged
    asked.push(...sent(comer.ring("stream"), "stream"));
    expect(new Set(asked.map(({ to }) => to))).toEqual(new Set(["n1", "n2", "n3"]));
    const owner = new OneNode(new Dynamo("n1", ["n2", "n3"], { partitions: 1, pageKeys: 1 }));
    for (let i = 1; i <= 2; i++) owner.hear("c1", put(i, i, {}, `k${i}`));
    const empty = (from: string) =>
      comer.hear(from, {
        type: "streamed",
        partition: 0,
        epoch: epochOf(changed),
        after: null,
        entries: [],
        isLast: true,
      });
    empty("n2");
    let [request] = asked.filter(({ to }) => to === "n1").map(({ message }) => message);
    const pages: number[] = [];
    while (request !== undefined) {
      const [{ message }] = sent(owner.hear("n4", request), "streamed");
      pages.push(message.entries.length);
      const [next] = sent(comer.hear("n1", message), "stream");
      request = next?.message;
    }
    expect(pages).toEqual([1, 1]);
    expect(owner.dynamo.epoch).toBe(epochOf(changed));
    expect([...comer.dynamo.entries.keys()].sort()).toEqual(["k1", "k2"]);
    expect(comer.dynamo.ring.members["n4"].status).toBe("up");
    expect(comer.dynamo.ring.members["n3"].status).toBe("gone");
  });
});

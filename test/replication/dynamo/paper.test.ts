/** Sentences of DeCandia et al. 2007, one test each; one node, events made by hand. */
import { describe, expect, it } from "vitest";
import { Dynamo, DynamoClient, DynamoCluster } from "dabbawala/replication";
import type { DynamoOptions } from "dabbawala/replication";
import { ownersOf, partitionOf } from "dabbawala/dist/replication/dynamo/owners";
import { dynamoOptions } from "dabbawala/dist/replication/dynamo/options";
import { beginChange, firstRing } from "dabbawala/dist/replication/dynamo/ring";
import type { Ring } from "dabbawala/dist/replication/dynamo/ring";
import { get, node, OneNode, put, sent, stored } from "./one-node";

const three = { replicas: 3 } as const;

/** The owners of the one partition, n1 first where it is among them. */
function ownersIn({ dynamo }: OneNode): string[] {
  return [...dynamo.owners.now[0]].sort();
}

describe("section 4.1, the interface", () => {
  it("a get answers with all versions and a context that a later put hands back", () => {
    const one = node({ replicas: 1, readQuorum: 1, writeQuorum: 1 }, 1);
    one.hear("c1", put(1, "milk"));
    one.hear("c2", put(1, "tea"));
    const [{ message }] = sent(one.hear("c1", get(2)), "answer");
    expect(message).toMatchObject({ kind: "ok", values: ["milk", "tea"] });
    const { context } = message as { context: Record<string, number> };
    const [answer] = sent(one.hear("c1", put(3, "milk, tea", context)), "answer");
    expect(answer.message).toMatchObject({ values: ["milk, tea"] });
  });

  it("a put without context is a write that has seen nothing, and replaces nothing", () => {
    const one = node({ replicas: 1, readQuorum: 1, writeQuorum: 1 }, 1);
    for (let i = 1; i <= 3; i++) one.hear(`c${i}`, put(1, i));
    const [{ message }] = sent(one.hear("c1", get(2)), "answer");
    expect(message).toMatchObject({ values: [1, 2, 3] });
  });
});

describe("sections 4.2, 4.3 and 6.2, the ring", () => {
  const options = dynamoOptions({ partitions: 16 });
  const ring = firstRing(["n1", "n2", "n3", "n4", "n5", "n6"]);

  it("each key is on N nodes, the same ones on every node's map", () => {
    const { now, old, walk } = ownersOf(ring, options);
    expect(now).toHaveLength(16);
    for (const [p, owners] of now.entries()) {
      expect(new Set(owners).size).toBe(3);
      expect(old[p]).toEqual(owners);
      expect([...walk[p]].sort()).toEqual(["n1", "n2", "n3", "n4", "n5", "n6"]);
    }
    const again = firstRing(["n6", "n5", "n4", "n3", "n2", "n1"]);
    expect(ownersOf(again, options).now).toEqual(now);
    expect(partitionOf("cart", options)).toBeLessThan(16);
  });

  it("a node that joins takes partitions from the others, who get none", () => {
    const joined = beginChange(ring, { kind: "join", node: "n7" }) as Ring;
    const { old, now } = ownersOf(joined, options);
    const gained = now.flatMap((ids, p) => ids.filter((id) => !old[p].includes(id)));
    expect(new Set(gained)).toEqual(new Set(["n7"]));
    expect(gained.length).toBeLessThan(16);
  });

  it("a replacement takes exactly what the replaced one had", () => {
    const replaced = beginChange(ring, { kind: "replace", node: "n3", by: "n9" }) as Ring;
    const { old, now } = ownersOf(replaced, options);
    expect(now).toEqual(old.map((ids) => ids.map((id) => (id === "n3" ? "n9" : id))));
  });

  it("the copies are spread over cities, then racks", () => {
    const homes = Object.fromEntries(
      ["n1", "n2", "n3", "n4", "n5", "n6"].map((id, i) => {
        return [id, { city: i < 3 ? "Mumbai" : "Delhi", rack: `${i % 2}` }];
      }),
    );
    const { now } = ownersOf(ring, { ...options, homes });
    for (const owners of now) {
      expect(new Set(owners.map((id) => homes[id].city)).size).toBe(2);
      const racks = new Set(owners.map((id) => JSON.stringify(homes[id])));
      expect(racks.size).toBe(3);
    }
  });
});

describe("section 4.5, get and put", () => {
  it("a put is answered when W nodes have it, the coordinator among them", () => {
    const one = node({ ...three, writeQuorum: 2 }, 3);
    const effects = one.hear("c1", put(1, "milk"));
    const stores = sent(effects, "store");
    expect(stores.map(({ to }) => to).sort()).toEqual(["n2", "n3"]);
    expect(sent(effects, "answer")).toEqual([]);
    const [{ to, message }] = stores;
    const [{ message: answer }] = sent(one.hear(to, stored(message)), "answer");
    expect(answer).toMatchObject({ requestId: 1, kind: "ok", values: ["milk"] });
  });

  it("it is saved before it is sent", () => {
    const one = node(three, 3);
    const kinds = one.hear("c1", put(1, "milk")).map(({ kind }) => kind);
    expect(kinds.indexOf("save")).toBeGreaterThanOrEqual(0);
    expect(kinds.lastIndexOf("save")).toBeLessThan(kinds.indexOf("send"));
  });

  it("a repeated answer counts once", () => {
    const one = node({ ...three, writeQuorum: 3 }, 3);
    const [{ to, message }] = sent(one.hear("c1", put(1, "milk")), "store");
    for (let i = 0; i < 3; i++) {
      expect(sent(one.hear(to, stored(message)), "answer")).toEqual([]);
    }
  });

  it("a repeated put is not done again", () => {
    const one = node({ replicas: 1, readQuorum: 1, writeQuorum: 1 }, 1);
    one.hear("c1", put(1, "milk"));
    expect(one.hear("c1", put(1, "milk"))).toEqual([]);
    const again = new OneNode(
      new Dynamo("n1", [], one.dynamo.options),
      Object.fromEntries(one.saved),
    );
    expect(again.hear("c1", put(1, "milk"))).toEqual([]);
    expect(sent(again.hear("c1", get(2)), "answer")[0].message).toMatchObject({ values: ["milk"] });
  });

  it("a get waits for R nodes, and answers with what none of the versions replaces", () => {
    const one = node({ ...three, readQuorum: 3, readRepair: "none" }, 3);
    const fetches = sent(one.hear("c1", get(1)), "fetch");
    expect(fetches).toHaveLength(2);
    const version = (actor: string, past = {}) => ({
      dot: { actor, count: 1 },
      past,
      value: { value: actor, writtenMs: 0 },
    });
    const reply = (i: number, versions: ReturnType<typeof version>[]) =>
      one.hear(fetches[i].to, { ...stored(fetches[i].message), versions });
    expect(sent(reply(0, [version("a"), version("b")]), "answer")).toEqual([]);
    const [{ message }] = sent(reply(1, [version("c", { a: 1 })]), "answer");
    expect(message).toMatchObject({ values: ["b", "c"], context: { a: 1, b: 1, c: 1 } });
  });

  it("too few answers: a write may have happened, a read has not", () => {
    for (const [request, isDefinite] of [
      [put(1, "milk"), false],
      [get(1), true],
    ] as const) {
      const one = node({ ...three, rounds: 2 }, 3);
      one.hear("c1", request);
      const [operation] = one.dynamo.operations.keys();
      expect(sent(one.ring({ operation }), "answer")).toEqual([]);
      const [{ message }] = sent(one.ring({ operation }), "answer");
      expect(message).toMatchObject({ kind: "unavailable", isDefinite });
      expect(one.dynamo.operations.size).toBe(0);
    }
  });

  it("whoever does not own the key sends the request on to one who does", () => {
    const options = { replicas: 2, readQuorum: 1, writeQuorum: 1 };
    const one = node(options, 5);
    const isOwner = ownersIn(one).includes("n1");
    const effects = one.hear("c1", get(1));
    expect(sent(effects, "forward").length).toBe(isOwner ? 0 : 1);
    const far = new OneNode(
      new Dynamo("n9", ["n1", "n2", "n3"], {
        ...options,
        partitions: 1,
        members: ["n1", "n2", "n3"],
      }),
    );
    const [{ to, message }] = sent(far.hear("c1", put(1, "x")), "forward");
    expect(far.dynamo.owners.now[0]).toContain(to);
    expect(message).toMatchObject({ client: "c1", request: { value: "x" } });
  });
});

describe("section 4.6, sloppy quorums and hints", () => {
  /** A coordinator of five nodes, and the owners beside it. */
  function sloppy(options: Partial<DynamoOptions> = {}) {
    for (const id of ["n1", "n2", "n3"]) {
      const ids = ["n1", "n2", "n3", "n4", "n5"];
      const peers = ids.filter((other) => other !== id);
      const one = new OneNode(new Dynamo(id, peers, { partitions: 1, isSloppy: true, ...options }));
      const owners = one.dynamo.owners.now[0];
      if (owners.includes(id)) return { one, others: owners.filter((other) => other !== id) };
    }
    throw new Error("nobody of three owns the partition");
  }

  it("who does not answer in time is stood for by the next node of the ring, with a hint", () => {
    const { one, others } = sloppy();
    one.hear("c1", put(1, "milk"));
    const [operation] = one.dynamo.operations.keys();
    const again = sent(one.ring({ operation }), "store");
    expect(again.map(({ message }) => message.meant).sort()).toEqual([...others].sort());
    for (const { to } of again) expect([one.dynamo.id, ...others]).not.toContain(to);
    const [{ to, message }] = again;
    expect(sent(one.hear(to, stored(message)), "answer")[0].message).toMatchObject({ kind: "ok" });
  });

  it("a strict quorum waits for the owners themselves", () => {
    const { one, others } = sloppy({ isSloppy: false });
    one.hear("c1", put(1, "milk"));
    const [operation] = one.dynamo.operations.keys();
    const again = sent(one.ring({ operation }), "store");
    expect(again.map(({ to }) => to).sort()).toEqual([...others].sort());
  });

  it("a hint is kept apart and durable, handed to its owner, and dropped when that has it", () => {
    const one = node({ isSloppy: true });
    const versions = [
      { dot: { actor: "a", count: 1 }, past: {}, value: { value: "milk", writtenMs: 0 } },
    ];
    const { epoch } = one.dynamo;
    one.hear("n2", { type: "store", operation: "x", epoch, key: "cart", versions, meant: "n3" });
    expect(one.dynamo.entries.size).toBe(0);
    expect(one.saved.has("hint/n3/cart")).toBe(true);
    const [{ to, message }] = sent(one.ring("handOff"), "handOff");
    expect(to).toBe("n3");
    expect(one.dynamo.hints.size).toBe(1);
    one.hear("n3", { ...message, type: "handedOff" });
    expect(one.dynamo.hints.size).toBe(0);
    expect(one.saved.get("hint/n3/cart")).toBeUndefined();
  });
});

describe("section 5, read repair", () => {
  it("after the answer, stale replicas get what they lack", () => {
    const one = node({ ...three, readQuorum: 2 }, 3);
    const stores = sent(one.hear("c1", put(1, "milk")), "store");
    for (const { to, message } of stores) one.hear(to, stored(message));
    const fetches = sent(one.hear("c1", get(2)), "fetch");
    const first = one.hear(fetches[0].to, stored(fetches[0].message));
    expect(sent(first, "answer")[0].message).toMatchObject({ values: ["milk"] });
    const last = one.hear(fetches[1].to, stored(fetches[1].message));
    expect(
      sent(last, "repair")
        .map(({ to }) => to)
        .sort(),
    ).toEqual(["n2", "n3"]);
  });

  it('"first": W owners have it before the client hears of it', () => {
    const one = node({ ...three, readRepair: "first" }, 3);
    one.hear("c1", put(1, "milk"));
    const fetches = sent(one.hear("c2", get(2)), "fetch");
    const effects = one.hear(fetches[0].to, stored(fetches[0].message));
    expect(sent(effects, "answer")).toEqual([]);
    const [{ to, message }] = sent(effects, "store");
    expect(sent(one.hear(to, stored(message)), "answer")[0].message).toMatchObject({
      values: ["milk"],
    });
  });
});

describe("section 4.7, anti-entropy", () => {
  /** Two owners, and messages carried between them until there are none. */
  function converse(one: OneNode, other: OneNode): string[] {
    const types: string[] = [];
    let queue = one
      .ring("antiEntropy")
      .flatMap((e) => (e.kind === "send" ? [{ from: one, to: other, message: e.message }] : []));
    while (queue.length > 0) {
      const [{ from, to, message }, ...rest] = queue;
      types.push(message.type);
      const answers = to.hear(from.dynamo.id, message);
      const more = answers.flatMap((e) =>
        e.kind === "send" ? [{ from: to, to: from, message: e.message }] : [],
      );
      queue = [...rest, ...more];
    }
    return types;
  }

  const pair = { partitions: 1, replicas: 2, readQuorum: 1, writeQuorum: 1, merkleDepth: 3 };
  const make = () => [
    new OneNode(new Dynamo("n1", ["n2"], pair)),
    new OneNode(new Dynamo("n2", ["n1"], pair)),
  ];

  it("equal trees: one message there and one back, whatever their size", () => {
    const [one, other] = make();
    for (let i = 1; i <= 100; i++) {
      const [{ message }] = sent(one.hear("c1", put(i, i, {}, `k${i}`)), "store");
      other.hear("n1", message);
    }
    expect(converse(one, other)).toEqual(["compare", "same"]);
  });

  it("else level by level down to the buckets that differ, and both have both then", () => {
    const [one, other] = make();
    one.hear("c1", put(1, "milk", {}, "a"));
    other.hear("c2", put(1, "tea", {}, "a"));
    other.hear("c2", put(2, "rice", {}, "b"));
    const types = converse(one, other);
    expect(types.filter((type) => type === "compare")).toHaveLength(4);
    expect(types.filter((type) => type === "sync")).toHaveLength(2);
    expect([...one.dynamo.entries.keys()].sort()).toEqual(["a", "b"]);
    for (const key of ["a", "b"]) {
      const versions = one.dynamo.entries.get(key)?.versions;
      expect(other.dynamo.entries.get(key)?.versions).toEqual(versions);
    }
    expect(converse(one, other)).toEqual(["compare", "same"]);
  });
});

describe("options", () => {
  it.each([
    [{ replicas: 0 }, "replicas"],
    [{ readQuorum: 4 }, "readQuorum"],
    [{ writeQuorum: 0 }, "writeQuorum"],
    [{ partitions: 12 }, "power of two"],
    [{ replyMs: 0 }, "replyMs"],
    [{ replica: 3 }, '"replica"'],
    [{ readRepair: "sometimes" }, "readRepair must be one of none, later, first"],
    [{ resolution: "merge" }, "resolution must be one of siblings, lastWriteWins"],
    [{ isSloppy: "false" }, "isSloppy must be of the type boolean"],
    [{ members: [] }, "at least one node"],
    [{ members: ["n1", "n2", "n1"] }, "n1 twice"],
    [{ homes: null }, "homes must be of the type object"],
  ])("%o is refused", (options, why) => {
    expect(() => new Dynamo("n1", [], options as object)).toThrow(why);
  });

  it("of clients and of clusters are looked at too", () => {
    const client = (options: object) => () => new DynamoClient("c1", ["n1", "n2"], options);
    expect(client({ server: "n3" })).toThrow("server must be one of n1, n2, but was n3");
    expect(client({ retries: 2 })).toThrow('a Dynamo client has no option "retries"');
    expect(() => new DynamoClient("c1", [])).toThrow("needs the names of servers");
    for (const servers of [0, 1.5, NaN]) {
      expect(() => new DynamoCluster({ seed: 1, servers })).toThrow("servers must be");
    }
  });

  it("more owners than there are nodes: what needs all of them is given up, not done by halves", () => {
    const cluster = new DynamoCluster({ seed: 1, servers: 2, options: { writeQuorum: 3 } });
    const operations = [
      { op: "put", key: "a", value: 1 },
      { op: "get", key: "a" },
    ] as const;
    cluster.addClient("c1", { operations, answerMs: 5_000 });
    cluster.run(10_000);
    const ended = cluster.history().filter(({ type }) => type !== "invoke");
    expect(ended.map(({ f, type }) => [f, type])).toEqual([
      ["put", "info"],
      ["get", "ok"],
    ]);
  });
});

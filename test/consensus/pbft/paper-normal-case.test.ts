/** Sentences of Castro and Liskov 1999, sections 4.1 and 4.2, one test each. */
import { describe, expect, it } from "vitest";
import { Pbft } from "dabbawala/consensus";
import type { PbftRequest } from "dabbawala/dist/consensus/pbft/messages";
import { OneReplica, batchAt, commit, dropped, prePrepare, prepare, request } from "./one-replica";
import { say, sent, timersOf } from "./one-replica";

describe("section 4.1, the client's request", () => {
  it("a request that was executed is answered again from the cache, and not executed again", () => {
    const node = new OneReplica("n2");
    const first = sent(node.commit(1), "reply");
    const again = sent(node.hear(request(1)), "reply");
    expect(first[0].message.result).toEqual({ kind: "ok", value: null });
    expect(again).toEqual(first);
    expect(node.pbft.lastExecuted).toBe(1);
  });

  it("a timestamp below the last one is not answered: exactly once", () => {
    const node = new OneReplica("n2");
    node.commit(1);
    node.commit(2);
    expect(node.hear(request(1))).toEqual([]);
  });

  it("a request that is ordered twice is executed once", () => {
    const node = new OneReplica("n2");
    node.commit(1);
    const replies = sent(node.commit(2, { requests: batchAt(1) }), "reply");
    expect(replies).toEqual([]);
    expect(node.pbft.lastExecuted).toBe(2);
  });

  it("a backup relays a client's request to the primary, once", () => {
    const node = new OneReplica("n2");
    expect(sent(node.hear(request(1)), "request")).toEqual([{ to: "n1", message: request(1) }]);
    expect(sent(node.hear(request(1)), "request")).toEqual([]);
  });
});

describe("section 4.2, pre-prepare", () => {
  it("the primary assigns the next sequence number and sends the requests to all backups", () => {
    const effects = new OneReplica("n1").hear(request(1));
    expect(sent(effects, "prePrepare").map(({ to }) => to)).toEqual(["n2", "n3", "n4"]);
    expect(sent(effects, "prePrepare")[0].message).toEqual(prePrepare());
  });

  it("requests that come while the window is full make one batch, up to its limit", () => {
    const node = new OneReplica("n1", { maxInFlight: 1, maxBatchRequests: 2 });
    node.hear(...["c1", "c2", "c3"].map((client) => request(1, { client })));
    expect(node.pbft.lastProposed).toBe(1);
    const effects = node.hear(...["n2", "n3"].flatMap((id) => [prepare(id), commit(id)]));
    const [{ message }] = sent(effects, "prePrepare");
    expect(message.requests?.map(({ client }) => client)).toEqual(["c2", "c3"]);
  });

  it("a backup that accepts it saves it and then sends a prepare to all", () => {
    const effects = new OneReplica("n2").hear(prePrepare());
    const kinds = effects.map((effect) =>
      effect.kind === "send" ? effect.message.type : effect.kind,
    );
    expect(kinds.filter((kind) => kind !== "note" && kind !== "setTimer")).toEqual([
      "save",
      "save",
      "prepare",
      "prepare",
      "prepare",
    ]);
  });

  it("is refused with a digest that is not of its requests", () => {
    const node = new OneReplica("n2");
    const wrong = prePrepare({ digest: "A".repeat(43) });
    expect(sent(node.hear(wrong), "prepare")).toEqual([]);
    expect(dropped(node, "digest")).toBe(1);
  });

  it("is refused when the signature is another one's, and when it is none", () => {
    const node = new OneReplica("n2");
    const { proof, ...body } = prePrepare();
    node.hear(
      say({ ...body }, { by: "n3" }),
      { ...body, proof: "x" },
      { ...body, proof: { n2: "x" } },
    );
    expect(dropped(node, "proof")).toBe(3);
    expect(proof).toHaveLength(86);
    expect(node.pbft.slots.size).toBe(0);
  });

  it("is refused of a replica that is not the primary of the view", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare({ replica: "n3" }));
    expect(dropped(node, "sender")).toBe(1);
  });

  it("is refused when a request in it is not signed by its client", () => {
    const node = new OneReplica("n2");
    const forged = say<PbftRequest>(request(1), { by: "n1" });
    node.hear(prePrepare({ requests: [forged] }));
    expect(dropped(node, "proof")).toBe(1);
  });

  it("is refused with another digest for a sequence number that has one, and is evidence", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare());
    expect(sent(node.hear(prePrepare({ requests: batchAt(7) })), "prepare")).toEqual([]);
    expect(dropped(node, "conflict")).toBe(1);
    expect(node.pbft.evidence.map(({ accused }) => accused)).toEqual(["n1"]);
  });

  it.each([0, 201])("is refused outside of the watermarks 0 < n <= 200: %i", (sequence) => {
    const node = new OneReplica("n2");
    node.hear(prePrepare({ sequence }));
    expect(dropped(node, "watermarks")).toBe(1);
    expect(node.pbft.slots.size).toBe(0);
  });

  it("the primary too stays below the high watermark", () => {
    const options = { checkpointEvery: 2, watermarkWindow: 2, maxInFlight: 9, maxBatchRequests: 1 };
    const node = new OneReplica("n1", options);
    node.hear(...["c1", "c2", "c3"].map((client) => request(1, { client })));
    expect(node.pbft.lastProposed).toBe(2);
  });
});

describe("section 4.2, prepare and commit", () => {
  it("prepared takes the pre-prepare and 2f matching prepares of backups", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare());
    expect(node.pbft.slots.get(1)?.isPrepared).toBe(false);
    const effects = node.hear(prepare("n3"));
    expect(node.pbft.slots.get(1)?.isPrepared).toBe(true);
    expect(sent(effects, "commit").map(({ to }) => to)).toEqual(["n1", "n3", "n4"]);
  });

  it("2f prepares do not count without the pre-prepare, nor for another digest", () => {
    const node = new OneReplica("n2");
    node.hear(prepare("n3"), prepare("n4"));
    expect(node.pbft.slots.get(1)?.isPrepared).toBe(false);
    node.hear(prePrepare({ requests: batchAt(5) }));
    expect(node.pbft.slots.get(1)?.isPrepared).toBe(false);
  });

  it("the primary does not prepare: its pre-prepare stands for that", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare(), prepare("n1"));
    expect(dropped(node, "sender")).toBe(1);
    expect(node.pbft.slots.get(1)?.isPrepared).toBe(false);
  });

  it("a certificate is saved before its commit leaves", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare());
    const effects = node.hear(prepare("n3"));
    const saved = effects.findIndex((effect) => effect.kind === "save");
    const left = effects.findIndex((effect) => effect.kind === "send");
    expect(saved).toBeGreaterThanOrEqual(0);
    expect(saved).toBeLessThan(left);
    expect(node.saved.get("prepared/1")).toMatchObject({ kind: "proof" });
  });

  it("committed takes prepared and 2f + 1 commits, the own one counted", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare(), prepare("n3"), commit("n1"));
    expect(node.pbft.lastExecuted).toBe(0);
    const effects = node.hear(commit("n4"));
    expect(node.pbft.lastExecuted).toBe(1);
    expect(sent(effects, "reply").map(({ to }) => to)).toEqual(["c1"]);
  });

  it("2f + 1 commits do not count before it is prepared", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare(), commit("n1"), commit("n3"), commit("n4"));
    expect(node.pbft.lastExecuted).toBe(0);
    node.hear(prepare("n4"));
    expect(node.pbft.lastExecuted).toBe(1);
  });

  it("a later sequence number waits until all lower ones are executed", () => {
    const node = new OneReplica("n2");
    expect(sent(node.commit(2), "reply")).toEqual([]);
    const replies = sent(node.commit(1), "reply");
    expect(replies.map(({ message }) => message.timestamp)).toEqual([1, 2]);
  });

  it("messages of a view that is over are dropped, of the next one kept until it begins", () => {
    const node = new OneReplica("n3");
    node.hear(prepare("n4", { view: 1 }));
    expect(node.pbft.early.size).toBe(1);
    expect(node.pbft.slots.size).toBe(0);
  });

  it("the first vote of a replica counts, a second one for another digest is evidence", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare(), commit("n3"), commit("n3", { requests: batchAt(9) }));
    expect(node.pbft.evidence).toHaveLength(1);
    expect(node.pbft.slots.get(1)?.commits.size).toBe(1);
  });
});

describe("quorums for n that is not 3f + 1", () => {
  it.each([
    [1, 0, 1],
    [2, 0, 2],
    [3, 0, 2],
    [4, 1, 3],
    [5, 1, 4],
    [6, 1, 4],
    [7, 2, 5],
    [10, 3, 7],
  ])("of %i replicas %i may be faulty, and %i are a quorum", (n, f, quorum) => {
    const peers = Array.from({ length: n - 1 }, (_, i) => `n${i + 2}`);
    const { size, rules } = new Pbft("n1", peers);
    expect(size).toEqual({ n, f });
    expect(rules.quorum(size)).toBe(quorum);
    // Two quorums share a correct replica, and the correct ones alone are a quorum.
    expect(2 * quorum - n).toBeGreaterThan(f);
    expect(n - f).toBeGreaterThanOrEqual(quorum);
  });
});

describe("section 4.5.2, the timer", () => {
  it("runs only while a backup waits for a request, and for the oldest one", () => {
    const node = new OneReplica("n2", { statusMs: 86_400_000 });
    const own = (timers: string[]): string[] => timers.filter((timer) => timer.includes("request"));
    expect(own(timersOf(node.hear(request(1))))).toEqual(["set request 1000"]);
    expect(own(timersOf(node.hear(request(1, { client: "c2" }))))).toEqual([]);
    expect(own(timersOf(node.commit(1)))).toEqual(["set request 1000"]);
    const second = [request(1, { client: "c2" })];
    expect(own(timersOf(node.commit(2, { requests: second })))).toEqual(["cancel request"]);
  });

  it("runs twice as long at the primary, which others may have left (ours)", () => {
    const effects = new OneReplica("n1").hear(request(1));
    const own = timersOf(effects).filter((timer) => timer.includes("request"));
    expect(own).toEqual(["set request 2000"]);
  });
});

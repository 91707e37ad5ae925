/** Sentences of Castro and Liskov 1999, sections 4.4 and 4.5.2, one test each. */
import { describe, expect, it } from "vitest";
import { batchDigest, nullDigest } from "dabbawala/dist/consensus/pbft/encoding";
import type { NewView, PrePrepare, ViewChange } from "dabbawala/dist/consensus/pbft/messages";
import { OneReplica, batchAt, certificate, checkpoint, commit, dropped } from "./one-replica";
import { prePrepare, prepare, request, say, sent, timersOf, viewChange } from "./one-replica";

const digest = (sequence: number): string => batchDigest(batchAt(sequence));

/** A pre-prepare of the new view 1, by its primary n2. */
function renewed(sequence: number, named = digest(sequence)): PrePrepare {
  const body = { type: "prePrepare", view: 1, sequence, digest: named, requests: null } as const;
  return say<PrePrepare>({ ...body, replica: "n2" });
}

function newView(viewChanges: ViewChange[], prePrepares: PrePrepare[], view = 1): NewView {
  return say<NewView>({ type: "newView", view, viewChanges, prePrepares, replica: "n2" });
}

describe("section 4.4, VIEW-CHANGE", () => {
  it("a backup whose timer rings asks for the next view and takes no part in the old one", () => {
    const node = new OneReplica("n3");
    node.hear(request(1), prePrepare());
    const [{ message, to }] = sent(node.ring("request"), "viewChange");
    expect(to).toBe("n1");
    expect(message).toMatchObject({
      view: 1,
      stableSequence: 0,
      checkpointProof: [],
      prepared: [],
    });
    expect(node.pbft).toMatchObject({ view: 1, isActive: false });
    expect(sent(node.hear(prepare("n2"), prepare("n4")), "commit")).toEqual([]);
    expect(dropped(node, "view")).toBe(2);
  });

  it("it is saved before it leaves, and is the same after a restart", () => {
    const node = new OneReplica("n3");
    node.hear(request(1));
    const effects = node.ring("request");
    const view = effects.findIndex((effect) => effect.kind === "save" && effect.key === "view");
    expect(view).toBeGreaterThanOrEqual(0);
    expect(view).toBeLessThan(effects.findIndex((effect) => effect.kind === "send"));
    const again = node.restarted();
    expect(again.pbft).toMatchObject({ view: 1, isActive: false });
    expect(again.pbft.ownViewChange).toEqual(sent(effects, "viewChange")[0].message);
  });

  it("P has a certificate for each prepared sequence number above the stable checkpoint", () => {
    const node = new OneReplica("n3");
    node.hear(prePrepare(), prepare("n2"), prePrepare({ sequence: 2 }), request(9));
    const [{ message }] = sent(node.ring("request"), "viewChange");
    expect(message.prepared).toHaveLength(1);
    const [proof] = message.prepared;
    expect(proof).toMatchObject({ kind: "proof", prePrepare: { sequence: 1, requests: null } });
    expect(proof.kind === "proof" && proof.prepares.map(({ replica }) => replica)).toEqual([
      "n3",
      "n2",
    ]);
  });

  it("C proves the stable checkpoint it starts from", () => {
    const node = new OneReplica("n3", { checkpointEvery: 1, watermarkWindow: 2 });
    const own = sent(node.commit(1), "checkpoint")[0].message;
    node.hear(checkpoint("n1", 1, own.digest), checkpoint("n2", 1, own.digest), request(9));
    const [{ message }] = sent(node.ring("request"), "viewChange");
    expect(message.stableSequence).toBe(1);
    expect(message.checkpointProof).toHaveLength(3);
    const other = new OneReplica("n4", { checkpointEvery: 1, watermarkWindow: 2 });
    other.hear(message);
    expect(other.pbft.viewChanges.has("n3")).toBe(true);
  });

  const digestB = "B".repeat(43);
  it.each([
    ["a checkpoint without proof", { stableSequence: 100 }],
    [
      "a checkpoint with 2f messages",
      {
        stableSequence: 100,
        checkpointProof: ["n1", "n3"].map((id) => checkpoint(id, 100, digestB)),
      },
    ],
    [
      "a checkpoint with one replica twice",
      {
        stableSequence: 100,
        checkpointProof: ["n1", "n1", "n3"].map((id) => checkpoint(id, 100, digestB)),
      },
    ],
    [
      "a certificate with fewer than 2f prepares",
      { prepared: [{ ...certificate(), prepares: [prepare("n2")] } as never] },
    ],
    [
      "a certificate whose prepares are for another digest",
      {
        prepared: [
          {
            ...certificate(),
            prepares: ["n2", "n3"].map((id) => prepare(id, { requests: batchAt(3) })),
          } as never,
        ],
      },
    ],
    [
      "a certificate with a prepare that is not signed by its sender",
      {
        prepared: [
          {
            ...certificate(),
            prepares: [prepare("n2"), { ...prepare("n4"), replica: "n3" }],
          } as never,
        ],
      },
    ],
    ["a certificate of the view that it asks for", { prepared: [certificate({ view: 1 })] }],
    ["a certificate beyond the window", { prepared: [certificate({ sequence: 201 })] }],
    [
      "a claim instead of a proof",
      { prepared: [{ kind: "claim", view: 0, sequence: 1, digest: digestB } as const] },
    ],
    ["two certificates for one sequence number", { prepared: [certificate(), certificate()] }],
  ])("is refused with %s", (_, parts) => {
    const node = new OneReplica("n2");
    node.hear(viewChange("n3", 1, parts));
    expect(dropped(node, "certificate")).toBe(1);
    expect(node.pbft.viewChanges.size).toBe(0);
  });

  it("two of one replica for one view are evidence", () => {
    const node = new OneReplica("n2");
    node.hear(viewChange("n3", 1), viewChange("n3", 1, { prepared: [certificate()] }));
    expect(node.pbft.evidence.map(({ accused }) => accused)).toEqual(["n3"]);
  });
});

describe("section 4.5.2, liveness", () => {
  it("a replica joins f + 1 others, in the smallest view that they ask for", () => {
    const node = new OneReplica("n4");
    expect(sent(node.hear(viewChange("n2", 7)), "viewChange")).toEqual([]);
    const joined = sent(node.hear(viewChange("n3", 5)), "viewChange");
    expect(joined.map(({ message }) => message.view)).toEqual([5, 5, 5]);
    expect(node.pbft.view).toBe(5);
  });

  it("one replica cannot make it leave its view, however often it asks", () => {
    const node = new OneReplica("n4");
    node.hear(...[1, 2, 3, 4].map((view) => viewChange("n2", view)));
    expect(node.pbft).toMatchObject({ view: 0, isActive: true });
  });

  it("the timer for the new view runs from 2f + 1 view changes on, and doubles", () => {
    const node = new OneReplica("n4", { requestTimeoutMs: 500 });
    const timers = (effects: Parameters<typeof timersOf>[0]): string[] =>
      timersOf(effects).filter((timer) => timer.includes("newView"));
    node.hear(request(1));
    expect(timers(node.ring("request"))).toEqual([]);
    expect(timers(node.hear(viewChange("n1", 1)))).toEqual([]);
    expect(timers(node.hear(viewChange("n3", 1)))).toEqual(["set newView 500"]);
    const next = node.ring("newView");
    expect(sent(next, "viewChange")[0].message.view).toBe(2);
    expect(timers(node.hear(viewChange("n1", 2), viewChange("n2", 2)))).toEqual([
      "set newView 1000",
    ]);
  });

  it("the doubling ends when a request is executed", () => {
    const node = new OneReplica("n3");
    const all = ["n1", "n2", "n4"].map((id) => viewChange(id, 1));
    node.hear(...all, newView(all, []));
    expect(node.pbft.attempts).toBe(1);
    node.commit(1, { view: 1 });
    expect(node.pbft).toMatchObject({ attempts: 0, lastExecuted: 1, view: 1 });
  });
});

describe("section 4.4, NEW-VIEW of the primary", () => {
  it("comes once, with 2f + 1 view changes, the own one counted", () => {
    const node = new OneReplica("n2");
    expect(sent(node.hear(viewChange("n3", 1)), "newView")).toEqual([]);
    const effects = node.hear(viewChange("n4", 1));
    const messages = sent(effects, "newView");
    expect(messages.map(({ to }) => to)).toEqual(["n1", "n3", "n4"]);
    expect(messages[0].message.viewChanges.map(({ replica }) => replica)).toEqual([
      "n2",
      "n3",
      "n4",
    ]);
    expect(node.pbft).toMatchObject({ view: 1, isActive: true });
    expect(sent(node.hear(viewChange("n1", 1)), "newView")).toEqual([]);
  });

  it("O has the digests of the certificates and null requests for the gaps between", () => {
    const node = new OneReplica("n2");
    const prepared = [certificate(), certificate({ sequence: 3 })];
    const effects = node.hear(viewChange("n3", 1, { prepared }), viewChange("n4", 1));
    const [{ message }] = sent(effects, "newView");
    const digests = message.prePrepares.map(({ sequence, digest: of }) => [sequence, of]);
    expect(digests).toEqual([
      [1, digest(1)],
      [2, nullDigest],
      [3, digest(3)],
    ]);
    expect(node.pbft.lastProposed).toBe(3);
  });

  it("of two certificates for a sequence number that of the higher view counts", () => {
    const node = new OneReplica("n3");
    const low = certificate();
    const high = certificate({ view: 1, requests: batchAt(8) });
    const changes = [
      viewChange("n1", 2, { prepared: [high] }),
      viewChange("n4", 2, { prepared: [low] }),
    ];
    const [{ message }] = sent(node.hear(...changes), "newView");
    expect(message.prePrepares[0].digest).toBe(digest(8));
  });

  it("it begins after the highest stable checkpoint, and keeps nothing at or below it", () => {
    const node = new OneReplica("n2", { checkpointEvery: 1, watermarkWindow: 9 });
    const own = sent(node.commit(1), "checkpoint")[0].message;
    const checkpointProof = ["n1", "n3", "n4"].map((id) => checkpoint(id, 1, own.digest));
    const ahead = viewChange("n3", 1, { stableSequence: 1, checkpointProof });
    const behind = viewChange("n4", 1, { prepared: [certificate()] });
    const [{ message }] = sent(node.hear(ahead, behind), "newView");
    expect(message.prePrepares).toEqual([]);
    expect(node.pbft.stable.sequence).toBe(1);
  });

  it("requests that waited are proposed in the new view, after what was prepared", () => {
    const node = new OneReplica("n2");
    node.hear(request(5, { client: "c2" }));
    const prepared = [certificate()];
    const effects = node.hear(viewChange("n3", 1, { prepared }), viewChange("n4", 1, { prepared }));
    const [{ message }] = sent(effects, "prePrepare");
    expect(message).toMatchObject({ view: 1, sequence: 2, requests: [{ client: "c2" }] });
  });
});

describe("section 4.4, NEW-VIEW at the backups", () => {
  const prepared = [certificate(), certificate({ sequence: 3 })];
  const changes = [
    viewChange("n1", 1),
    viewChange("n2", 1, { prepared }),
    viewChange("n4", 1, { prepared: [certificate()] }),
  ];
  const all = [renewed(1), renewed(2, nullDigest), renewed(3)];

  it("a backup that computes the same O enters the view and prepares all of it", () => {
    const node = new OneReplica("n3");
    const effects = node.hear(newView(changes, all));
    expect(node.pbft).toMatchObject({ view: 1, isActive: true });
    const prepares = sent(effects, "prepare").filter(({ to }) => to === "n1");
    expect(prepares.map(({ message }) => message.digest)).toEqual([
      digest(1),
      nullDigest,
      digest(3),
    ]);
  });

  it("requests that it does not have it asks for by their digest, and needs no client's proof", () => {
    const node = new OneReplica("n3");
    const effects = node.hear(newView(changes, all));
    expect(sent(effects, "fetchBatch").map(({ message }) => message.sequence)).toEqual([
      1, 1, 1, 3, 3, 3,
    ]);
    node.hear({ type: "batch", sequence: 1, digest: digest(1), requests: batchAt(9) });
    expect(dropped(node, "digest")).toBe(1);
    node.hear({ type: "batch", sequence: 1, digest: digest(1), requests: batchAt(1) });
    const votes = { view: 1, sequence: 1 };
    node.hear(prepare("n1", votes), commit("n1", votes), commit("n2", votes));
    expect(node.pbft.lastExecuted).toBe(1);
  });

  it("what was executed before is agreed on again, and not executed again", () => {
    const node = new OneReplica("n3");
    node.commit(1);
    const effects = node.hear(newView(changes, all));
    expect(sent(effects, "prepare").filter(({ to }) => to === "n1")).toHaveLength(3);
    const votes = { view: 1, sequence: 1 };
    const later = node.hear(prepare("n1", votes), commit("n1", votes), commit("n2", votes));
    expect(sent(later, "reply")).toEqual([]);
    expect(node.pbft.lastExecuted).toBe(1);
  });

  it("null requests are executed as nothing", () => {
    const node = new OneReplica("n3");
    node.commit(1);
    node.hear(newView(changes, all));
    const votes = { view: 1, sequence: 2, digest: nullDigest };
    node.hear(prepare("n1", votes), commit("n1", votes), commit("n2", votes));
    expect(node.pbft.lastExecuted).toBe(2);
  });

  it("messages of the new view that came before it count", () => {
    const node = new OneReplica("n3");
    const votes = { view: 1, sequence: 2, digest: nullDigest };
    node.hear(prepare("n1", votes), commit("n1", votes), commit("n2", votes));
    node.hear(newView(changes, all));
    expect(node.pbft.slots.get(2)?.isCommitted).toBe(true);
  });

  it.each([
    ["2f view changes", newView(changes.slice(0, 2), all)],
    ["one view change twice", newView([changes[0], changes[0], changes[1]], all)],
    ["a view change for another view", newView([changes[0], changes[1], viewChange("n4", 2)], all)],
    [
      "a forged view change",
      newView([changes[0], changes[1], { ...changes[2], replica: "n3" }], all),
    ],
    ["a gap left open", newView(changes, [renewed(1), renewed(3)])],
    [
      "a null request where something was prepared",
      newView(changes, [renewed(1), renewed(2, nullDigest), renewed(3, nullDigest)]),
    ],
    [
      "another digest",
      newView(changes, [renewed(1, digest(7)), renewed(2, nullDigest), renewed(3)]),
    ],
    ["one batch more", newView(changes, [...all, renewed(4)])],
    [
      "a pre-prepare that is not signed",
      newView(changes, [{ ...all[0], proof: all[1].proof }, all[1], all[2]]),
    ],
  ])("is refused with %s", (_, message) => {
    const node = new OneReplica("n3");
    expect(sent(node.hear(message), "prepare")).toEqual([]);
    expect(dropped(node, "certificate")).toBe(1);
    expect(node.pbft).toMatchObject({ view: 0, isActive: true });
  });

  it("is refused of a replica that is not the primary of the view", () => {
    const node = new OneReplica("n3");
    const { proof, ...body } = newView(changes, all);
    expect(proof).toHaveLength(86);
    node.hear(say<NewView>({ ...body, replica: "n4" }));
    expect(dropped(node, "sender")).toBe(1);
  });

  it("a second, different one for the same view is evidence", () => {
    const node = new OneReplica("n3");
    node.hear(
      newView(changes, all),
      newView([viewChange("n1", 1), viewChange("n3", 1), viewChange("n4", 1)], []),
    );
    expect(node.pbft.evidence.map(({ accused }) => accused)).toEqual(["n2"]);
  });

  it("a restart leaves it in the view, with what it began with", () => {
    const node = new OneReplica("n3");
    node.hear(newView(changes, all));
    const again = node.restarted();
    expect(again.pbft).toMatchObject({ view: 1, isActive: true });
    expect([...again.pbft.slots.values()].map(({ prePrepare: of }) => of?.digest)).toEqual([
      digest(1),
      nullDigest,
      digest(3),
    ]);
  });
});

describe("a replica alone in a later view", () => {
  it("executes what a quorum commits in the earlier one, and does not vote there", () => {
    const node = new OneReplica("n3");
    node.hear(prePrepare(), request(1));
    node.ring("request");
    expect(node.pbft).toMatchObject({ view: 1, isActive: false });
    const effects = node.hear(commit("n1"), commit("n2"), commit("n4"));
    expect(sent(effects, "commit")).toEqual([]);
    expect(node.pbft.lastExecuted).toBe(1);
  });

  it("asks for the requests where it has not seen them", () => {
    const node = new OneReplica("n3");
    node.hear(request(1));
    node.ring("request");
    const effects = node.hear(commit("n1"), commit("n2"), commit("n4"));
    expect(sent(effects, "fetchBatch")).toHaveLength(3);
    node.hear({ type: "batch", sequence: 1, digest: digest(1), requests: batchAt(1) });
    expect(node.pbft.lastExecuted).toBe(1);
  });
});

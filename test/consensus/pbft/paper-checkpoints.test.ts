/** Sentences of Castro and Liskov 1999, section 4.3, and of transfers of state, one test each. */
import { describe, expect, it } from "vitest";
import type { PbftMessage } from "dabbawala/consensus";
import type { FetchState } from "dabbawala/dist/consensus/pbft/messages";
import {
  OneReplica,
  batchAt,
  checkpoint,
  dropped,
  prePrepare,
  replicas,
  say,
  sent,
  viewChange,
} from "./one-replica";
import type { Effects } from "./one-replica";

const options = { checkpointEvery: 2, watermarkWindow: 4, statePageLength: 40 };

/** A replica that has executed so much, and what it says of it. */
function executed(sequence: number, id = "n2"): { node: OneReplica; effects: Effects } {
  const node = new OneReplica(id, options);
  const effects: Effects = [];
  for (let i = 1; i <= sequence; i++) effects.push(...node.commit(i));
  return { node, effects };
}

/** The digest of the state after two batches. */
function digestAt2(): string {
  return sent(executed(2).effects, "checkpoint")[0].message.digest;
}

/** One with the stable checkpoint 2, and the proof that another one needs. */
function stable(id = "n2"): { node: OneReplica; proof: PbftMessage[] } {
  const { node } = executed(2, id);
  const others = replicas.filter((other) => other !== id);
  const proof = others.map((other) => checkpoint(other, 2, digestAt2()));
  node.hear(...proof);
  return { node, proof };
}

describe("section 4.3, checkpoints", () => {
  it("are told to all after every K-th sequence number", () => {
    const { effects } = executed(3);
    expect(sent(effects, "checkpoint").map(({ to }) => to)).toEqual(["n1", "n3", "n4"]);
    expect(sent(effects, "checkpoint")[0].message.sequence).toBe(2);
  });

  it("are stable with 2f + 1 equal messages, the own one counted", () => {
    const { node } = executed(2);
    node.hear(checkpoint("n1", 2, digestAt2()), checkpoint("n3", 2, "B".repeat(43)));
    expect(node.pbft.stable.sequence).toBe(0);
    node.hear(checkpoint("n4", 2, digestAt2()));
    expect(node.pbft.stable.sequence).toBe(2);
    expect(node.pbft.stable.proof.map(({ replica }) => replica)).toEqual(["n2", "n1", "n4"]);
  });

  it("that are stable let the replica forget what lies at or below them, on the disk too", () => {
    const { node } = executed(3);
    node.hear(checkpoint("n1", 2, digestAt2()), checkpoint("n4", 2, digestAt2()));
    expect([...node.pbft.slots.keys()]).toEqual([3]);
    expect([...node.saved.keys()].filter((key) => /\/[12](\/|$)/.test(key))).toEqual(["state/2"]);
    expect(node.saved.has("stable")).toBe(true);
  });

  it("are spoken for when their state is on the disk, which hands it out after a crash", () => {
    const { node, effects } = executed(2);
    const saves = effects.flatMap((effect) => (effect.kind === "save" ? effect.key : []));
    expect(saves.indexOf("state/2")).toBeLessThan(saves.indexOf("checkpoint/2"));
    const again = node.restarted();
    expect(again.pbft.stable.sequence).toBe(0);
    const said = { type: "fetchState", sequence: 2, digest: digestAt2(), page: null } as const;
    const asked = say<FetchState>({ ...said, replica: "n3" });
    expect(sent(again.hear(asked), "statePages")).toHaveLength(1);
  });

  it("move the watermarks: h is the stable checkpoint, H is h + L", () => {
    const { node } = stable();
    node.hear(prePrepare({ sequence: 2 }), prePrepare({ sequence: 7 }));
    expect(dropped(node, "watermarks")).toBe(2);
    expect(sent(node.hear(prePrepare({ sequence: 6 })), "prepare")).toHaveLength(3);
  });

  it("of one replica with two digests are evidence", () => {
    const { node } = executed(2);
    node.hear(checkpoint("n3", 2, "B".repeat(43)), checkpoint("n3", 2, "C".repeat(43)));
    expect(node.pbft.evidence.map(({ accused }) => accused)).toEqual(["n3"]);
  });

  it("have the same digest at replicas that executed the same, answers included", () => {
    const digests = ["n2", "n3", "n4"].map((id) => {
      return sent(executed(2, id).effects, "checkpoint")[0].message.digest;
    });
    expect(new Set(digests).size).toBe(1);
  });

  it("far ahead of the window are kept, the last one of each replica", () => {
    const node = new OneReplica("n2", options);
    const far = Array.from({ length: 50 }, (_, i) => checkpoint("n3", 100 + 2 * i, "B".repeat(43)));
    node.hear(...far);
    expect([...node.pbft.checkpoints.keys()]).toEqual([198]);
  });
});

describe("section 4.3, transfer of state", () => {
  /** One that has heard of a stable checkpoint and executed nothing. */
  function behind(): OneReplica {
    const node = new OneReplica("n2", options);
    node.hear(...["n1", "n3", "n4"].map((id) => checkpoint(id, 2, digestAt2())));
    return node;
  }

  /** What n3 answers to the requests among these effects. */
  function answers(server: OneReplica, effects: Effects): PbftMessage[] {
    const asked = sent(effects, "fetchState").map(({ message }) => message);
    return asked.flatMap((message) => {
      return server
        .hear(message)
        .flatMap((effect) => (effect.kind === "send" ? [effect.message] : []));
    });
  }

  it("a replica that is behind a stable checkpoint fetches the state and goes on", () => {
    const { node: server } = stable("n3");
    const node = behind();
    expect(node.pbft.stable.sequence).toBe(0);
    const list = answers(server, node.ring("status"));
    const pages = answers(server, node.hear(...list));
    expect(pages.length).toBeGreaterThan(2);
    node.hear(...pages);
    expect(node.pbft).toMatchObject({ lastExecuted: 2, stable: { sequence: 2 } });
    expect(node.pbft.machineState).toEqual(server.pbft.machineState);
    expect(node.pbft.replies).toEqual(server.pbft.replies);
    expect(sent(node.commit(3), "reply")).toHaveLength(1);
  });

  it("each page is checked when it comes, so a lying sender is asked in vain and then another", () => {
    const { node: server } = stable("n3");
    const node = behind();
    const asking = node.ring("status");
    node.hear({ type: "statePages", sequence: 2, pages: ["A".repeat(43)] });
    expect(dropped(node, "digest")).toBe(1);
    const pages = answers(server, node.hear(...answers(server, asking)));
    node.hear({ type: "statePage", sequence: 2, page: 0, text: "lies" });
    expect(dropped(node, "digest")).toBe(2);
    const others = sent(node.ring("status"), "fetchState").map(({ to }) => to);
    expect(new Set(others)).not.toEqual(new Set(sent(asking, "fetchState").map(({ to }) => to)));
    node.hear(...pages);
    expect(node.pbft.lastExecuted).toBe(2);
  });

  it("pages that came for one state serve the next one that is wanted", () => {
    const small = { ...options, statePageLength: 8 };
    const server = new OneReplica("n3", small);
    const node = new OneReplica("n2", small);
    const hearOf = (sequence: number): void => {
      const digest = server.pbft.snapshots.get(sequence)?.digest ?? "";
      node.hear(...["n1", "n3", "n4"].map((id) => checkpoint(id, sequence, digest)));
    };
    for (const sequence of [1, 2]) server.commit(sequence);
    hearOf(2);
    const came = answers(server, node.hear(...answers(server, node.ring("status")))).slice(0, -1);
    node.hear(...came);
    for (const sequence of [3, 4]) server.commit(sequence);
    hearOf(4);
    const asked = sent(node.hear(...answers(server, node.ring("status"))), "fetchState");
    const old = server.pbft.snapshots.get(2)?.pageDigests.slice(0, came.length) ?? [];
    const all = server.pbft.snapshots.get(4)?.pageDigests ?? [];
    const fresh = new Set(all.filter((digest) => !old.includes(digest)));
    expect(fresh.size).toBeLessThan(new Set(all).size);
    expect(new Set(asked.map(({ message }) => all[message.page ?? -1]))).toEqual(fresh);
    node.hear(...asked.flatMap((effect) => answers(server, [{ kind: "send", ...effect }])));
    expect(node.pbft).toMatchObject({ lastExecuted: 4, stable: { sequence: 4 } });
  });

  it("pages that nobody asked for change nothing", () => {
    const node = new OneReplica("n2", options);
    node.hear({ type: "statePage", sequence: 2, page: 0, text: "x" });
    node.hear({ type: "statePages", sequence: 2, pages: [] });
    expect(dropped(node, "unneeded")).toBe(2);
  });

  it("a proven checkpoint is the low watermark before its state is here, after a crash too", () => {
    const node = behind().restarted();
    expect(node.pbft).toMatchObject({ stable: { sequence: 0 }, missing: { sequence: 2 } });
    expect(sent(node.hear(prePrepare({ sequence: 6 })), "prepare")).toHaveLength(3);
    node.hear(prePrepare({ sequence: 7 }));
    expect(dropped(node, "watermarks")).toBe(1);
    const asked = node.hear(viewChange("n3", 1), viewChange("n4", 1));
    expect(sent(asked, "viewChange")[0].message).toMatchObject({
      stableSequence: 2,
      checkpointProof: node.pbft.missing?.proof,
    });
  });

  it("a replica that gets there by executing does not fetch", () => {
    const node = behind();
    node.commit(1);
    node.commit(2);
    expect(node.pbft).toMatchObject({ missing: null, stable: { sequence: 2 } });
    expect(sent(node.ring("status"), "fetchState")).toEqual([]);
  });
});

describe("what is saved", () => {
  it("a replica that restarts has its stable state, and says what it said before", () => {
    const { node } = stable();
    node.commit(3);
    node.hear(prePrepare({ sequence: 4 }));
    const again = node.restarted();
    expect(again.pbft).toMatchObject({ lastExecuted: 2, stable: { sequence: 2 } });
    const conflict = prePrepare({ sequence: 4, requests: batchAt(9) });
    expect(sent(again.hear(conflict), "prepare")).toEqual([]);
    expect(dropped(again, "conflict")).toBe(1);
    expect(again.pbft.slots.get(3)?.commits.get("n2")).toEqual(
      node.pbft.slots.get(3)?.commits.get("n2"),
    );
  });

  it("a primary that restarts does not use a sequence number again", () => {
    const node = new OneReplica("n1", options);
    node.hear(batchAt(1)[0]);
    const again = node.restarted();
    const effects = again.hear({ ...batchAt(2)[0] });
    expect(sent(effects, "prePrepare").map(({ message }) => message.sequence)).toEqual([2, 2, 2]);
  });

  it("what it had executed after the checkpoint it executes again when commits are repeated", () => {
    const { node } = executed(3);
    const again = node.restarted();
    expect(again.pbft.lastExecuted).toBe(0);
    for (const sequence of [1, 2, 3]) again.commit(sequence);
    expect(again.pbft.lastExecuted).toBe(3);
    expect(again.pbft.machineState).toEqual(node.pbft.machineState);
  });

  it("one that has run before tells how far it is, a new one is silent", () => {
    const { node } = executed(1);
    const again = node.restarted();
    expect(again.pbft.rejoining).toBe(5);
    const status = sent(again.ring("status"), "status");
    expect(status.map(({ to }) => to)).toEqual(replicas.filter((id) => id !== "n2"));
    expect(new OneReplica("n3").restarted().pbft.rejoining).toBe(0);
  });
});

/** What a replica learns from others that have executed it, where its own votes lead nowhere. */
import { describe, expect, it } from "vitest";
import { checkEvidence, publicKeysOf, simulatePbft } from "dabbawala/consensus";
import type { PbftBehaviour } from "dabbawala/consensus";
import { batchDigest } from "dabbawala/dist/consensus/pbft/encoding";
import type { Executed, Status } from "dabbawala/dist/consensus/pbft/messages";
import { OneReplica, batchAt, commit, dropped, prePrepare } from "./one-replica";
import { replicas, request, say, sent } from "./one-replica";

const others = batchAt(1);
const own = [request(1, { client: "c2" })];
const digest = batchDigest(others);

function executed(replica: string, sequence = 1, of = digest): Executed {
  return say<Executed>({ type: "executed", sequence, digest: of, replica });
}

/** The primary has told it, and it alone, another batch. */
function deceived(): OneReplica {
  const node = new OneReplica("n3");
  node.hear(prePrepare({ requests: own }));
  return node;
}

function status(replica: string, lastExecuted: number, view = 0): Status {
  const place = { view, isActive: true, lastExecuted, stableSequence: 0 };
  return say<Status>({ type: "status", ...place, replica });
}

describe("a replica that was told another batch", () => {
  it("cannot be helped by the pre-prepare and the commits of the others", () => {
    const node = deceived();
    node.hear(prePrepare(), commit("n2"), commit("n4"));
    expect(node.pbft.lastExecuted).toBe(0);
    expect(node.pbft.evidence.map(({ accused }) => accused)).toEqual(["n1"]);
  });

  it("fetches and executes what f + 1 others have executed, and votes for nothing", () => {
    const node = deceived();
    expect(sent(node.hear(executed("n2")), "fetchBatch")).toEqual([]);
    const effects = node.hear(executed("n4"));
    expect(sent(effects, "fetchBatch").map(({ message }) => message.digest)).toContain(digest);
    const last = node.hear({ type: "batch", sequence: 1, digest, requests: others });
    expect(node.pbft.lastExecuted).toBe(1);
    expect(sent(last, "reply").map(({ to }) => to)).toEqual(["c1"]);
    expect([...sent(last, "prepare"), ...sent(last, "commit")]).toEqual([]);
  });

  it("believes no single voice, however often, and keeps a second word as evidence", () => {
    const node = deceived();
    node.hear(executed("n2"), executed("n2"), executed("n2", 1, batchDigest(own)));
    expect(node.pbft.slots.get(1)?.learned).toBeNull();
    const [piece] = node.pbft.evidence;
    expect(checkEvidence(piece, publicKeysOf("dabbawala", replicas))).toMatchObject({
      kind: "proven",
      sentence: "n2 said two things as its executed of sequence 1",
    });
  });

  it("hears nothing in another's name, above the window, or of what it has executed", () => {
    const node = deceived();
    node.hear(say<Executed>({ ...executed("n2") }, { by: "n1" }));
    expect(dropped(node, "proof")).toBe(1);
    node.hear(executed("n2", 201));
    expect(dropped(node, "watermarks")).toBe(1);
    const done = new OneReplica("n3");
    done.commit(1);
    const before = dropped(done, "unneeded");
    done.hear(executed("n2"));
    expect(dropped(done, "unneeded")).toBe(before + 1);
  });
});

describe("a status", () => {
  it("is answered with what was executed since, whatever view the other is in", () => {
    for (const view of [0, 1]) {
      const node = new OneReplica("n2");
      for (const sequence of [1, 2, 3]) node.commit(sequence);
      const told = sent(node.hear(status("n3", 1, view)), "executed");
      expect(told.map(({ to, message }) => [to, message.sequence])).toEqual([
        ["n3", 2],
        ["n3", 3],
      ]);
    }
  });
});

describe("beside a primary that says two things once", () => {
  const cases = (["signatures", "macs"] as const).flatMap((authentication) =>
    [["twoFaced"], ["twoFaced", "corruptState"]].map((lies) => ({ authentication, lies })),
  );

  it.each(cases)("nobody stays behind: $authentication, $lies", ({ authentication, lies }) => {
    const operations = [{ command: { op: "append", key: "k", value: "1 " } }];
    const clients = [1, 2].map(() => ({ operations, authentication }));
    const run = simulatePbft({
      ...{ seed: 3, clients, options: { authentication, maxBatchRequests: 1 }, untilMs: 5_000 },
      liars: { n1: lies as PbftBehaviour[] },
    });
    const ends = run.notes.filter(({ label }) => label === "executed");
    const last = replicas.slice(1).map((id) => {
      const own = ends.filter(({ node }) => node === id);
      return (own[own.length - 1].detail as { sequence: number }).sequence;
    });
    // No view change has helped, and no checkpoint: there are a hundred numbers up to the first.
    expect([...run.views.values()]).toEqual([0, 0, 0]);
    expect(last).toEqual([2, 2, 2]);
    expect(run.notes.some(({ node, label }) => node === "n3" && label === "learned")).toBe(true);
  });
});

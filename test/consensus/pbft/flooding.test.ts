/** Liars who say more than there is room for, or who repeat what others have said long ago. */
import { describe, expect, it } from "vitest";
import { PbftClient } from "dabbawala/consensus";
import { textDigest } from "dabbawala/dist/consensus/signatures/index";
import type {
  NewView,
  PbftReply,
  PbftRequest,
  Status,
} from "dabbawala/dist/consensus/pbft/messages";
import { step } from "dabbawala/protocol";
import { OneReplica, batchAt, certificate, checkpoint, commit, dropped } from "./one-replica";
import { prePrepare, prepare, put, replicas, request, say, sent, viewChange } from "./one-replica";

const options = { checkpointEvery: 2, watermarkWindow: 4 };

/** View 1 begins with nothing. */
function begun(): NewView {
  const viewChanges = ["n1", "n2", "n4"].map((id) => viewChange(id, 1));
  const body = { type: "newView", view: 1, viewChanges, prePrepares: [] } as const;
  return say<NewView>({ ...body, replica: "n2" });
}

describe("messages of the next view that come early", () => {
  const place = { view: 1, sequence: 1 };
  const votes = [prepare("n1", place), commit("n1", place), commit("n2", place)];

  /** n4 votes in view 1 for so many digests, at every sequence number of the window. */
  function flood(node: OneReplica, digests: number): void {
    for (let i = 0; i < digests; i++) {
      const digest = textDigest(`${i}`);
      for (let sequence = 1; sequence <= 4; sequence++) {
        const vote = { view: 1, sequence, digest };
        node.hear(prepare("n4", vote), commit("n4", vote));
      }
    }
  }

  it("are not displaced by a liar who fills its own room", () => {
    const node = new OneReplica("n3", options);
    flood(node, 20);
    expect(node.pbft.early.size).toBe(8); // two phases of four sequence numbers
    node.hear(prePrepare(place), ...votes);
    expect(node.pbft.lastExecuted).toBe(0);
    node.hear(begun());
    expect(node.pbft.lastExecuted).toBe(1);
    expect(node.pbft.early.size).toBe(0);
  });

  it("prove who votes twice", () => {
    const node = new OneReplica("n3", options);
    flood(node, 2);
    expect(node.pbft.evidence[0]).toMatchObject({ accused: "n4" });
  });

  it("keep the primary's word where a liar has put other requests under it", () => {
    const node = new OneReplica("n3", options);
    const right = prePrepare(place);
    node.hear({ ...right, requests: batchAt(7) }, right, ...votes);
    expect(sent(node.hear(begun()), "fetchBatch").map(({ to }) => to)).toEqual(["n1", "n2", "n4"]);
    node.hear({ type: "batch", sequence: 1, digest: right.digest, requests: batchAt(1) });
    expect(node.pbft.lastExecuted).toBe(1);
  });

  it("are forgotten when a stable checkpoint leaves them behind", () => {
    const node = new OneReplica("n3", options);
    flood(node, 1);
    const [{ message }] = sent([...node.commit(1), ...node.commit(2)], "checkpoint");
    node.hear(...["n1", "n2"].map((id) => checkpoint(id, 2, message.digest)));
    expect(node.pbft.stable.sequence).toBe(2);
    expect([...node.pbft.early.values()].map(({ sequence }) => sequence)).toEqual([3, 3, 4, 4]);
  });

  it("are forgotten when a later view leaves them behind", () => {
    const node = new OneReplica("n3", options);
    flood(node, 1);
    node.hear(viewChange("n1", 3), viewChange("n4", 3));
    expect(node.pbft.early.size).toBe(0);
  });
});

describe("clients for whom there is no room", () => {
  const asked = (client: string, timestamp: number): PbftRequest => {
    return request(timestamp, { client, operation: put("asha", `${client} ${timestamp}`) });
  };

  it("are refused, and nobody who was served is forgotten: each request is done once", () => {
    const node = new OneReplica("n2", { maxClients: 2 });
    const all = [asked("c1", 5), asked("c2", 1), asked("c3", 1), asked("c2", 2), asked("c1", 5)];
    const answers = all.flatMap((one, i) => {
      const effects = node.commit(i + 1, { requests: [one] });
      return sent(effects, "reply").map(({ message: { client, result } }) => [client, result]);
    });
    expect(node.pbft.lastExecuted).toBe(5);
    expect(answers.map(([client]) => client)).toEqual(["c1", "c2", "c3", "c2"]);
    expect(answers[2]).toEqual(["c3", { kind: "tooManyClients" }]);
    expect([...node.pbft.replies.keys()]).toEqual(["c1", "c2"]);
    expect(JSON.stringify(node.pbft.machine.toJson(node.pbft.machineState))).toContain("c2 2");
  });

  it("know that nothing was done", () => {
    const client = new PbftClient("c1", replicas, { operations: [put("asha", 1)] });
    const senses = { nowMs: 0, random: () => 0.5 };
    step(client, { kind: "start", saved: {} }, senses);
    const said = { type: "reply", view: 0, timestamp: 1, client: "c1", isReadOnly: false } as const;
    const effects = ["n1", "n2"].flatMap((replica) => {
      const result = { kind: "tooManyClients" };
      const message = say<PbftReply>({ ...said, replica, result });
      return step(client, { kind: "message", from: replica, message }, senses);
    });
    expect(effects).toContainEqual(expect.objectContaining({ kind: "note", label: "fail" }));
  });
});

describe("what others have said, and a liar repeats or changes", () => {
  const known = { type: "status", view: 0, isActive: true, stableSequence: 0 } as const;
  const status = (lastExecuted: number): Status => {
    return say<Status>({ ...known, lastExecuted, replica: "n3" });
  };

  it("an old status does not keep its sender from being told what it lacks", () => {
    const node = new OneReplica("n2");
    node.commit(1);
    node.commit(2);
    expect(node.hearFrom("n4", status(0))).toEqual([
      expect.objectContaining({ kind: "note", label: "dropped" }),
    ]);
    expect(sent(node.hearFrom("n3", status(1)), "executed").map(({ to }) => to)).toEqual(["n3"]);
  });

  it("a request whose proof was changed on its way is not proposed by the next primary", () => {
    const node = new OneReplica("n3", options);
    const viewChanges = ["n1", "n2", "n4"].map((id) => {
      return viewChange(id, 1, { prepared: [certificate({ sequence: 1 })] });
    });
    const place = { view: 1, sequence: 1 };
    const prePrepares = [{ ...prePrepare(place), requests: null }];
    const body = { type: "newView", view: 1, viewChanges, prePrepares } as const;
    node.hear(say<NewView>({ ...body, replica: "n2" }));
    const [right] = batchAt(1);
    const { digest } = prePrepare(place);
    const changed = { ...right, proof: "A".repeat(86) };
    node.hear({ type: "batch", sequence: 1, digest, requests: [changed] });
    expect(node.pbft.slots.get(1)?.batches.has(digest)).toBe(true);
    expect(node.pbft.pending.size).toBe(0);
    node.hear(right);
    expect([...node.pbft.pending.values()]).toEqual([right]);
  });

  it("a pre-prepare without its requests asks for them once, however often it comes", () => {
    const node = new OneReplica("n2");
    const bare = { ...prePrepare(), requests: null };
    expect(sent(node.hear(bare), "fetchBatch")).toHaveLength(3);
    expect(sent(node.hear(bare, bare), "fetchBatch")).toEqual([]);
  });
});

describe("what a liar could pile up", () => {
  it("evidence against it leaves room for evidence against others", () => {
    const node = new OneReplica("n2");
    for (let sequence = 1; sequence <= 110; sequence++) {
      node.hear(commit("n4", { sequence }), commit("n4", { sequence, requests: batchAt(999) }));
    }
    node.hear(commit("n3"), commit("n3", { requests: batchAt(999) }));
    const accused = node.pbft.evidence.map((each) => each.accused);
    expect([accused.length, accused.at(-1)]).toEqual([101, "n3"]);
  });

  it("codes for nobody, or of any length, are no proof", () => {
    const node = new OneReplica("n2", { authentication: "macs" });
    const right = prepare("n3", { authentication: "macs" });
    const codes = right.proof as Readonly<Record<string, string>>;
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`x${i}`, ""]));
    for (const more of [{ n1: "A".repeat(10_000) }, { ["x".repeat(10_000)]: "" }, many]) {
      node.hear({ ...right, proof: { ...codes, ...more } });
    }
    expect(dropped(node, "shape")).toBe(3);
    node.hear(right);
    expect(node.pbft.slots.get(1)?.prepares.size).toBe(1);
  });

  it("reads of one client leave room for those of others; its last one counts", () => {
    const node = new OneReplica("n2", { maxClients: 2 });
    node.hear(prePrepare(), prepare("n3"), prepare("n4")); // prepared, not committed: reads wait
    const read = (client: string, timestamp: number): PbftRequest => {
      const operation = { query: { op: "get", key: "asha" } };
      return request(timestamp, { client, operation, isReadOnly: true });
    };
    node.hear(read("c2", 1), read("c2", 2), read("c2", 3), read("c2", 1), read("c3", 1));
    expect(sent(node.hear(read("c1", 1)), "reply")).toEqual([]);
    expect(dropped(node, "full")).toBe(1);
    const answers = sent(node.hear(commit("n1"), commit("n3")), "reply");
    const reads = answers.filter(({ message }) => message.isReadOnly);
    expect(reads.map(({ to, message }) => [to, message.timestamp])).toEqual([
      ["c2", 3],
      ["c3", 1],
    ]);
  });
});

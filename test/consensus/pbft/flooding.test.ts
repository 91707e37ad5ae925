/** Liars who say more than there is room for, or who repeat what others have said long ago. */
import { describe, expect, it } from "vitest";
import { PbftClient } from "dabbawala/consensus";
import { textDigest } from "dabbawala/dist/consensus/signatures/index";
import type { NewView, PbftReply, PbftRequest } from "dabbawala/dist/consensus/pbft/messages";
import { step } from "dabbawala/protocol";
import { OneReplica, batchAt, checkpoint, commit, prePrepare, prepare } from "./one-replica";
import { put, replicas, request, say, sent, viewChange } from "./one-replica";

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

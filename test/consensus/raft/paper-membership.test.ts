/** Sentences of Ongaro's thesis on membership changes, one test each. */
import { describe, expect, it } from "vitest";
import { Raft, membershipOf } from "dabbawala/consensus";
import type { RaftMessage } from "dabbawala/consensus";
import { OneNode, acknowledge, appendEntries, follower, leader, peersOf } from "./one-node";
import { requestVote, sent } from "./one-node";
import type { Effects } from "./one-node";

/** A leader of term 1 that has committed its first entry. */
function settled(servers = 3): OneNode {
  const node = leader({ servers });
  const beat = node.ring("heartbeat");
  for (const peer of peersOf(servers)) acknowledge(node, peer, beat);
  return node;
}

function change(voters: string[], learners: string[] = []): RaftMessage {
  return { type: "changeMembership", requestId: 4, voters, learners };
}

function answers(effects: Effects): unknown[] {
  return sent(effects, "answer").map(({ message }) => message);
}

const simple = (voters: string[], learners: string[] = []) => ({ voters, outgoing: [], learners });

describe("section 4.1, safety of changes", () => {
  it("a membership counts as soon as it is in the log, committed or not", () => {
    const node = follower({ term: 1 });
    const membership = simple(["n1", "n2", "n4"]);
    node.hear("n2", appendEntries({ entries: [{ term: 1, kind: "membership", membership }] }));
    expect(node.raft.commitIndex).toBe(0);
    expect(membershipOf(node.raft)).toEqual(membership);
  });

  it("when its entry is removed the one before counts again", () => {
    const node = follower({ term: 1 });
    const membership = simple(["n1", "n2", "n4"]);
    node.hear("n2", appendEntries({ entries: [{ term: 1, kind: "membership", membership }] }));
    node.hear("n3", appendEntries({ term: 2, entries: [{ term: 2, kind: "noop" }] }));
    expect(membershipOf(node.raft)).toEqual(simple(["n1", "n2", "n3"]));
  });

  it("one change at a time: another one while the first is not committed is refused", () => {
    const node = settled();
    node.hear("c9", change(["n1", "n2", "n3", "n4"]));
    expect(answers(node.hear("c8", change(["n1", "n2"])))).toMatchObject([{ kind: "busy" }]);
  });

  it("correction of 2015: no change before the leader has committed an entry of its term", () => {
    const node = leader();
    expect(answers(node.hear("c9", change(["n1", "n2"])))).toMatchObject([{ kind: "busy" }]);
  });

  it("a server grants votes to candidates that its own membership does not know", () => {
    const node = follower({ term: 1 });
    const [{ message }] = sent(node.hear("n9", requestVote({ term: 2 })), "requestVoteAnswer");
    expect(message.isVoteGranted).toBe(true);
  });

  it("a membership that nobody could have meant is refused in a sentence", () => {
    const node = settled();
    for (const bad of [change([]), change([""]), change(["n1"], ["n1"])]) {
      expect(answers(node.hear("c9", bad))).toMatchObject([{ kind: "refused" }]);
    }
    const list = { ...change(["n1"]), voters: "n1" } as unknown as RaftMessage;
    expect(answers(node.hear("c9", list))).toMatchObject([{ kind: "refused" }]);
    expect(membershipOf(node.raft)).toEqual(simple(["n1", "n2", "n3"]));
  });
});

describe("section 4.2.1, catching up new servers", () => {
  it("a newcomer gets the log as a learner first, and no vote", () => {
    const node = settled();
    const effects = node.hear("c9", change(["n1", "n2", "n3", "n4"]));
    expect(membershipOf(node.raft)).toEqual(simple(["n1", "n2", "n3"], ["n4"]));
    acknowledge(node, "n4", effects);
    acknowledge(node, "n4", node.ring("heartbeat"));
    expect(node.raft.commitIndex).toBe(1);
  });

  it("it gets its vote when it has caught up within an election timeout", () => {
    const node = settled();
    acknowledge(node, "n2", node.hear("c9", change(["n1", "n2", "n3", "n4"])));
    expect(membershipOf(node.raft).outgoing).toEqual([]);
    acknowledge(node, "n4", node.ring("heartbeat"));
    expect(membershipOf(node.raft)).toEqual({
      voters: ["n1", "n2", "n3", "n4"],
      outgoing: ["n1", "n2", "n3"],
      learners: [],
    });
  });

  it("one that is a learner already and has all gets it at once", () => {
    const node = settled();
    const effects = node.hear("c9", change(["n1", "n2", "n3"], ["n4"]));
    acknowledge(node, "n2", effects);
    acknowledge(node, "n4", [...effects, ...node.ring("heartbeat")]);
    node.hear("c9", change(["n1", "n2", "n3", "n4"]));
    expect(membershipOf(node.raft).outgoing).toEqual(["n1", "n2", "n3"]);
  });

  it("one that stays away is given up, and the membership is as before", () => {
    const node = settled();
    acknowledge(node, "n2", node.hear("c9", change(["n1", "n2", "n3", "n4"])));
    let effects: Effects = [];
    for (let i = 0; i < 80 && answers(effects).length === 0; i++) {
      node.nowMs += 50;
      effects = node.ring("heartbeat");
      for (const peer of ["n2", "n3"]) effects.push(...acknowledge(node, peer, effects));
    }
    expect(answers(effects)).toMatchObject([{ kind: "refused" }]);
    expect(membershipOf(node.raft)).toEqual(simple(["n1", "n2", "n3"]));
  });

  it("a server that is no voter starts no elections", () => {
    const node = new OneNode(new Raft("n9", [], { voters: ["n1", "n2", "n3"] }));
    node.start({});
    expect(sent(node.ring("election"), "requestVote")).toEqual([]);
    expect(node.raft).toMatchObject({ role: "follower", currentTerm: 0 });
  });
});

describe("section 4.2.2, removing the current leader", () => {
  function leaving(): { node: OneNode; effects: Effects } {
    const node = settled();
    const joint = node.hear("c9", change(["n2", "n3"]));
    const effects = [...acknowledge(node, "n2", joint), ...acknowledge(node, "n3", joint)];
    expect(membershipOf(node.raft)).toEqual(simple(["n2", "n3"]));
    return { node, effects };
  }

  it("it leads on until the new membership is committed, and does not count itself", () => {
    const { node, effects } = leaving();
    expect(node.raft.role).toBe("leader");
    acknowledge(node, "n2", effects);
    expect(node.raft.commitIndex).toBe(2);
    const last = acknowledge(node, "n3", [...effects, ...node.ring("heartbeat")]);
    expect(node.raft).toMatchObject({ commitIndex: 3, role: "follower" });
    expect(answers(last)).toMatchObject([{ kind: "ok" }]);
    expect(sent(last, "timeoutNow")).toHaveLength(1);
  });

  it("until it knows that entry committed it stands for election, afterwards never", () => {
    const last = simple(["n2", "n3"]);
    const outgoing = { voters: ["n2", "n3"], outgoing: ["n1", "n2", "n3"], learners: [] };
    const saved = {
      "log/1": { term: 1, kind: "membership", membership: outgoing },
      "log/2": { term: 1, kind: "membership", membership: last },
    };
    const node = follower({ term: 1, saved });
    expect(sent(node.ring("election"), "requestVote").map(({ to }) => to)).toEqual(["n2", "n3"]);
    const gone = follower({ term: 1, saved });
    gone.hear("n2", appendEntries({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    expect(sent(gone.ring("election"), "requestVote")).toEqual([]);
  });
});

describe("section 4.3, joint consensus", () => {
  function joint(): { node: OneNode; effects: Effects } {
    const node = settled();
    const learning = node.hear("c9", change(["n1", "n4", "n5"]));
    const committed = [...learning, ...acknowledge(node, "n2", learning)];
    const beat = [...committed, ...node.ring("heartbeat")];
    acknowledge(node, "n4", beat);
    const effects = acknowledge(node, "n5", beat);
    expect(membershipOf(node.raft)).toEqual({
      voters: ["n1", "n4", "n5"],
      outgoing: ["n1", "n2", "n3"],
      learners: [],
    });
    return { node, effects };
  }

  it("entries need a majority of the old and of the new voters", () => {
    const { node, effects } = joint();
    const before = node.raft.commitIndex;
    acknowledge(node, "n4", [...effects, ...node.ring("heartbeat")]);
    acknowledge(node, "n5", node.ring("heartbeat"));
    expect(node.raft.commitIndex).toBe(before);
    acknowledge(node, "n2", [...effects, ...node.ring("heartbeat")]);
    acknowledge(node, "n2", node.ring("heartbeat"));
    expect(node.raft.commitIndex).toBe(before + 1);
  });

  it("when it is committed the leader goes on to the new membership by itself", () => {
    const { node, effects } = joint();
    acknowledge(node, "n4", [...effects, ...node.ring("heartbeat")]);
    acknowledge(node, "n2", [...effects, ...node.ring("heartbeat")]);
    acknowledge(node, "n2", node.ring("heartbeat"));
    acknowledge(node, "n4", node.ring("heartbeat"));
    expect(membershipOf(node.raft)).toEqual(simple(["n1", "n4", "n5"]));
  });

  it("an election too needs both majorities", () => {
    const outgoing = { voters: ["n1", "n4", "n5"], outgoing: ["n1", "n2", "n3"], learners: [] };
    const saved = { "log/1": { term: 1, kind: "membership", membership: outgoing } };
    const node = follower({ term: 1, saved });
    const calls = sent(node.ring("election"), "requestVote");
    expect(calls.map(({ to }) => to).sort()).toEqual(["n2", "n3", "n4", "n5"]);
    const grant = {
      type: "requestVoteAnswer",
      term: 2,
      isVoteGranted: true,
      isPreVote: false,
    } as const;
    node.hear("n4", grant);
    node.hear("n5", grant);
    expect(node.raft.role).toBe("candidate");
    node.hear("n2", grant);
    expect(node.raft.role).toBe("leader");
  });

  it("a new leader ends a joint configuration that it finds", () => {
    const outgoing = { voters: ["n1", "n2"], outgoing: ["n1", "n2", "n3"], learners: [] };
    const saved = { "log/1": { term: 1, kind: "membership", membership: outgoing } };
    const node = follower({ term: 1, saved });
    node.ring("election");
    const grant = {
      type: "requestVoteAnswer",
      term: 2,
      isVoteGranted: true,
      isPreVote: false,
    } as const;
    acknowledge(node, "n2", node.hear("n2", grant));
    expect(membershipOf(node.raft)).toEqual(simple(["n1", "n2"]));
  });

  it("changes of learners alone need one entry and no joint configuration", () => {
    const node = settled();
    const effects = node.hear("c9", change(["n1", "n2", "n3"], ["n8"]));
    expect(membershipOf(node.raft)).toEqual(simple(["n1", "n2", "n3"], ["n8"]));
    expect(answers(acknowledge(node, "n2", effects))).toMatchObject([{ kind: "ok" }]);
  });
});

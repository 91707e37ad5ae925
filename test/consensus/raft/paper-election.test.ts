/** Sentences of Ongaro's thesis on terms, elections and votes, one test each. */
import { describe, expect, it } from "vitest";
import { Raft } from "dabbawala/consensus";
import { OneNode, appendEntries, candidate, follower, leader, peersOf } from "./one-node";
import { acknowledge, requestVote, sent, vote } from "./one-node";

describe("section 3.3, terms", () => {
  it.each([
    ["follower", follower],
    ["candidate", candidate],
    ["leader", leader],
  ])("a %s that hears of a larger term takes it over and is a follower", (_role, make) => {
    const node = make({ terms: [1] });
    const effects = node.hear("n2", appendEntries({ term: 9, prevLogIndex: 1, prevLogTerm: 1 }));
    expect(node.raft).toMatchObject({ role: "follower", currentTerm: 9, leader: "n2" });
    expect(effects).toContainEqual({
      kind: "save",
      key: "vote",
      value: { term: 9, votedFor: null },
    });
  });

  it("a leader whose answer comes from a larger term reverts to follower", () => {
    const node = leader({ terms: [1] });
    const answer = { outcome: { kind: "stale" }, prevLogIndex: 1, round: 1, sentMs: 0 } as const;
    node.hear("n2", { type: "appendEntriesAnswer", term: 7, ...answer });
    expect(node.raft).toMatchObject({ role: "follower", currentTerm: 7, leader: null });
  });

  it("a request with a stale term number is rejected", () => {
    const node = follower({ terms: [1, 3] });
    const append = sent(node.hear("n2", appendEntries({ term: 2 })), "appendEntriesAnswer");
    expect(append[0].message).toMatchObject({ term: 3, outcome: { kind: "stale" } });
    const voted = sent(
      node.hear("n2", requestVote({ term: 2, lastLogIndex: 9, lastLogTerm: 2 })),
      "requestVoteAnswer",
    );
    expect(voted[0].message).toMatchObject({ term: 3, isVoteGranted: false });
  });
});

describe("section 3.4, leader election", () => {
  it("servers begin as followers", () => {
    const node = new OneNode(new Raft("n1", peersOf(3)));
    const effects = node.start({});
    expect(node.raft).toMatchObject({ role: "follower", currentTerm: 0, votedFor: null });
    expect(effects.map(({ kind }) => kind)).toEqual(["setTimer"]);
  });

  it("a server stays a follower while it hears a leader: each message sets its timer anew", () => {
    const node = follower({ term: 1 });
    const effects = node.hear("n2", appendEntries());
    expect(effects).toContainEqual({ kind: "setTimer", timer: "election", afterMs: 225 });
    expect(node.raft.role).toBe("follower");
  });

  it("a larger term alone does not set the timer anew", () => {
    const node = follower({ terms: [5] });
    const effects = node.hear("n2", requestVote({ term: 6, lastLogIndex: 1, lastLogTerm: 4 }));
    expect(effects.filter(({ kind }) => kind === "setTimer")).toEqual([]);
  });

  it("without a leader for a timeout it raises its term, votes for itself and asks all others", () => {
    const node = follower({ terms: [1, 2] });
    const effects = node.ring("election");
    expect(node.raft).toMatchObject({ role: "candidate", currentTerm: 3, votedFor: "n1" });
    const call = requestVote({ term: 3, lastLogIndex: 2, lastLogTerm: 2 });
    expect(sent(effects, "requestVote")).toEqual([
      { to: "n2", message: call },
      { to: "n3", message: call },
    ]);
  });

  it.each([
    [1, 0, 0, "leader"],
    [2, 0, 0, "candidate"],
    [2, 1, 0, "leader"],
    [3, 0, 1, "candidate"],
    [3, 1, 0, "leader"],
    [3, 1, 1, "leader"],
    [3, 0, 2, "follower"],
    [4, 1, 0, "candidate"],
    [4, 2, 0, "leader"],
    [4, 1, 2, "follower"],
    [5, 1, 2, "candidate"],
    [5, 2, 2, "leader"],
    [5, 1, 3, "follower"],
    [7, 3, 0, "leader"],
    [7, 2, 3, "candidate"],
  ])("of %i servers, %i votes for it and %i against make it %s", (servers, yes, no, role) => {
    const node = candidate({ servers });
    const voters = peersOf(servers);
    for (let i = 0; i < yes + no; i++) node.hear(voters[i], vote(node, i < yes));
    expect(node.raft.role).toBe(role);
  });

  it("a vote that arrives twice counts once", () => {
    const node = candidate({ servers: 5 });
    for (let i = 0; i < 4; i++) node.hear("n2", vote(node, true));
    expect(node.raft.role).toBe("candidate");
  });

  it("votes of an earlier term do not count", () => {
    const node = candidate({ term: 4 });
    const old = { ...vote(node, true), term: 4 };
    node.hear("n2", old);
    node.hear("n3", old);
    expect(node.raft.role).toBe("candidate");
  });

  it("a server votes for one candidate a term, first come first served", () => {
    const node = follower();
    const isGranted = (from: string, term: number): boolean =>
      sent(node.hear(from, requestVote({ term })), "requestVoteAnswer")[0].message.isVoteGranted;
    expect([isGranted("n2", 1), isGranted("n3", 1), isGranted("n2", 1)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(isGranted("n3", 2)).toBe(true);
  });

  it("a candidate keeps its vote for itself", () => {
    const node = candidate();
    const [{ message }] = sent(node.hear("n2", requestVote({ term: 1 })), "requestVoteAnswer");
    expect(message.isVoteGranted).toBe(false);
  });

  it("a candidate that hears the leader of its own term recognises it", () => {
    const node = candidate({ term: 3 });
    node.hear("n3", appendEntries({ term: 4 }));
    expect(node.raft).toMatchObject({ role: "follower", currentTerm: 4, leader: "n3" });
  });

  it("a candidate rejects the leader of an older term and goes on", () => {
    const node = candidate({ term: 3 });
    node.hear("n3", appendEntries({ term: 3 }));
    expect(node.raft).toMatchObject({ role: "candidate", currentTerm: 4, leader: null });
  });

  it("after a split vote a candidate times out and tries again in a new term", () => {
    const node = candidate({ servers: 4 });
    node.hear("n2", vote(node, false));
    const effects = node.ring("election");
    expect(node.raft).toMatchObject({ role: "candidate", currentTerm: 2 });
    expect(sent(effects, "requestVote").map(({ message }) => message.term)).toEqual([2, 2, 2]);
  });

  it("timeouts are drawn at random from the interval", () => {
    const node = follower({ term: 1 });
    const timeouts = [0, 0.25, 0.999].map((chance) => {
      node.chance = chance;
      const [effect] = node.hear("n2", appendEntries()).filter(({ kind }) => kind === "setTimer");
      return effect.kind === "setTimer" ? effect.afterMs : undefined;
    });
    expect(timeouts).toEqual([150, 187.5, 299.85]);
  });

  it("a new leader tells all others at once, and again at every heartbeat", () => {
    const node = candidate();
    const first = sent(node.hear("n2", vote(node, true)), "appendEntries");
    expect(first.map(({ to }) => to)).toEqual(["n2", "n3"]);
    const beat = node.ring("heartbeat");
    expect(sent(beat, "appendEntries").map(({ to }) => to)).toEqual(["n2", "n3"]);
    expect(beat).toContainEqual({ kind: "setTimer", timer: "heartbeat", afterMs: 50 });
  });

  it("two leaders of one term are a broken invariant, and said so", () => {
    const node = leader();
    expect(() => node.hear("n2", appendEntries({ term: 1 }))).toThrow("two leaders in one term");
  });
});

describe("section 3.6.1, the election restriction", () => {
  it.each([
    ["a later last term", [1, 2], [3, 1], true],
    ["an earlier last term, even of a longer log", [1, 2], [1, 9], false],
    ["the same last term and a longer log", [1, 2], [2, 3], true],
    ["the same last term and length", [1, 2], [2, 2], true],
    ["the same last term and a shorter log", [2, 2], [2, 1], false],
    ["an empty log against one entry", [1], [0, 0], false],
  ] as const)("%s", (_what, terms, [lastLogTerm, lastLogIndex], isGranted) => {
    const node = follower({ terms: [...terms] });
    const call = requestVote({ term: 5, lastLogTerm, lastLogIndex });
    const [{ message }] = sent(node.hear("n2", call), "requestVoteAnswer");
    expect(message.isVoteGranted).toBe(isGranted);
  });
});

describe("section 3.8, persisted state and restarts", () => {
  it("the vote is saved before the answer leaves", () => {
    const effects = follower().hear("n2", requestVote({ term: 1 }));
    const value = { term: 1, votedFor: "n2" };
    const saved = effects.findIndex((effect) => {
      return effect.kind === "save" && JSON.stringify(effect.value) === JSON.stringify(value);
    });
    expect(saved).toBeGreaterThanOrEqual(0);
    expect(saved).toBeLessThan(effects.findIndex(({ kind }) => kind === "send"));
  });

  it("a server that restarts does not vote twice in a term", () => {
    const node = follower();
    node.hear("n2", requestVote({ term: 1 }));
    const again = node.restarted();
    const [{ message }] = sent(again.hear("n3", requestVote({ term: 1 })), "requestVoteAnswer");
    expect(message).toMatchObject({ isVoteGranted: false, term: 1 });
  });

  it("a candidate saves its own vote before it asks for others'", () => {
    const effects = follower({ term: 4 }).ring("election");
    const kinds = effects.map(({ kind }) => kind);
    expect(effects).toContainEqual({
      kind: "save",
      key: "vote",
      value: { term: 5, votedFor: "n1" },
    });
    expect(kinds.indexOf("save")).toBeLessThan(kinds.indexOf("send"));
  });
});

describe("section 4.2.3, disruptive servers", () => {
  it("a server that hears its leader neither votes nor takes over the term", () => {
    const node = follower({ term: 1 });
    node.hear("n2", appendEntries());
    node.nowMs += 149;
    const [{ message }] = sent(node.hear("n3", requestVote({ term: 9 })), "requestVoteAnswer");
    expect(message).toMatchObject({ isVoteGranted: false, term: 1 });
    node.nowMs += 1;
    const [later] = sent(node.hear("n3", requestVote({ term: 9 })), "requestVoteAnswer");
    expect(later.message).toMatchObject({ isVoteGranted: true, term: 9 });
  });

  it("a server whose clock was set back denies votes no longer than one timeout", () => {
    const node = follower({ term: 1 });
    node.hear("n2", appendEntries());
    node.nowMs -= 30_000;
    const ask = () => sent(node.hear("n3", requestVote({ term: 9 })), "requestVoteAnswer");
    expect(ask()[0].message.isVoteGranted).toBe(false);
    node.nowMs += 150;
    expect(ask()[0].message.isVoteGranted).toBe(true);
  });

  it("a leader in office does not step down for a candidate", () => {
    const node = leader();
    node.hear("n3", requestVote({ term: 9 }));
    expect(node.raft).toMatchObject({ role: "leader", currentTerm: 1 });
  });

  it("a server that starts again denies votes for one timeout: it may have granted a lease", () => {
    const node = follower({ term: 1 });
    const again = node.restarted();
    again.nowMs -= 1_000 - 149;
    const [{ message }] = sent(again.hear("n3", requestVote({ term: 9 })), "requestVoteAnswer");
    expect(message.isVoteGranted).toBe(false);
  });
});

describe("section 6.2, a leader without a majority", () => {
  it("steps down in time when its clock was set back, too", () => {
    const node = leader();
    node.nowMs -= 30_000;
    node.ring("heartbeat");
    expect(node.raft.role).toBe("leader");
    node.nowMs += 300;
    node.ring("heartbeat");
    expect(node.raft.role).toBe("follower");
  });

  it("steps down when an election timeout passes without answers from a majority", () => {
    const node = leader({ servers: 5 });
    const beat = node.ring("heartbeat");
    node.nowMs += 100;
    acknowledge(node, "n2", beat);
    node.nowMs += 250;
    node.ring("heartbeat");
    expect(node.raft).toMatchObject({ role: "follower", currentTerm: 1, leader: null });
  });

  it("stays while a majority answers", () => {
    const node = leader({ servers: 5 });
    for (let i = 0; i < 20; i++) {
      const beat = node.ring("heartbeat");
      node.nowMs += 50;
      for (const peer of ["n2", "n3"]) acknowledge(node, peer, beat);
    }
    expect(node.raft.role).toBe("leader");
  });
});

describe("section 9.6, pre-vote", () => {
  const options = { hasPreVote: true };
  const preVote = (term: number, isVoteGranted: boolean) =>
    ({ type: "requestVoteAnswer", term, isVoteGranted, isPreVote: true }) as const;

  it("asks for the next term without taking it", () => {
    const node = follower({ term: 4, options });
    const effects = node.ring("election");
    expect(node.raft).toMatchObject({ role: "preCandidate", currentTerm: 4 });
    expect(sent(effects, "requestVote")[0].message).toMatchObject({ term: 5, isPreVote: true });
    expect(effects.some(({ kind }) => kind === "save")).toBe(false);
  });

  it("only a majority's encouragement starts the election", () => {
    const node = candidate({ servers: 5, term: 4, options });
    node.hear("n2", preVote(5, true));
    expect(node.raft.currentTerm).toBe(4);
    node.hear("n3", preVote(5, true));
    expect(node.raft).toMatchObject({ role: "candidate", currentTerm: 5, votedFor: "n1" });
  });

  it("a server that comes back from a partition does not raise any term", () => {
    const node = candidate({ term: 4, options });
    for (let i = 0; i < 10; i++) node.ring("election");
    expect(node.raft.currentTerm).toBe(4);
  });

  it("encouragement binds nobody: it is not saved, and given to several", () => {
    const node = follower({ term: 4, options });
    for (const from of ["n2", "n3"]) {
      const effects = node.hear(from, requestVote({ term: 5, isPreVote: true }));
      expect(sent(effects, "requestVoteAnswer")[0].message).toEqual(preVote(5, true));
      expect(effects.some(({ kind }) => kind === "save")).toBe(false);
    }
    expect(node.raft).toMatchObject({ currentTerm: 4, votedFor: null });
  });

  it("is denied to a shorter log and by whoever hears a leader", () => {
    const node = follower({ terms: [4], options });
    const short = sent(
      node.hear("n2", requestVote({ term: 5, isPreVote: true })),
      "requestVoteAnswer",
    );
    expect(short[0].message).toEqual(preVote(4, false));
    node.hear("n3", appendEntries({ term: 4 }));
    const call = requestVote({ term: 5, isPreVote: true, lastLogIndex: 9, lastLogTerm: 4 });
    expect(sent(node.hear("n2", call), "requestVoteAnswer")[0].message).toEqual(preVote(4, false));
  });

  it("a denial of a larger term is taken over, so that one left behind catches up", () => {
    const node = candidate({ term: 4, options });
    node.hear("n2", preVote(8, false));
    expect(node.raft).toMatchObject({ role: "follower", currentTerm: 8 });
  });
});

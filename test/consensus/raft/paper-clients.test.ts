/** Sentences of Ongaro's thesis on clients: finding the leader, sessions, reads, transfer. */
import { describe, expect, it } from "vitest";
import type { RaftMessage, RaftOptions } from "dabbawala/consensus";
import { acknowledge, appendEntries, follower, leader, matched, peersOf } from "./one-node";
import { put, requestVote, sent } from "./one-node";
import type { Effects, OneNode } from "./one-node";

/** A leader of term 1 whose followers hold all it has, and which has committed it. */
function settled(options: Partial<RaftOptions> = {}, servers = 3): OneNode {
  const node = leader({ servers, options });
  const beat = node.ring("heartbeat");
  for (const peer of peersOf(servers)) acknowledge(node, peer, beat);
  return node;
}

function answers(effects: Effects): unknown[] {
  return sent(effects, "answer").map(({ message }) => message);
}

function commit(node: OneNode, request: RaftMessage): Effects {
  return acknowledge(node, "n2", node.hear("c1", request));
}

describe("section 6.2, finding the leader", () => {
  it("a server that does not lead refuses and says who leads", () => {
    const node = follower({ term: 1 });
    const request = { type: "command", requestId: 5, command: put("x", 1) } as const;
    const refusal = { type: "answer", requestId: 5, kind: "notLeader" };
    expect(answers(node.hear("c1", request))).toEqual([{ ...refusal, leader: null }]);
    node.hear("n3", appendEntries());
    expect(answers(node.hear("c1", request))).toEqual([{ ...refusal, leader: "n3" }]);
  });

  it("a leader that loses office tells its clients that the outcome is not known", () => {
    const node = settled();
    node.hear("c1", { type: "command", requestId: 5, command: put("x", 1) });
    const effects = node.hear("n3", appendEntries({ term: 2 }));
    expect(answers(effects)).toEqual([{ type: "answer", requestId: 5, kind: "unknown" }]);
  });

  it("a leader with too many entries that are not committed is busy", () => {
    const node = settled({ maxUncommitted: 2 });
    const kinds = [1, 2, 3].map((requestId) => {
      const effects = node.hear("c1", { type: "command", requestId, command: put("x", 1) });
      return sent(effects, "answer").map(({ message }) => message.kind);
    });
    expect(kinds).toEqual([[], [], ["busy"]]);
  });
});

describe("section 6.3, linearizable semantics by sessions", () => {
  const append = { op: "append", key: "x", value: "a" };
  const stamp = { id: 2, sequence: 1, firstOutstanding: 1 };
  const command = (changes = {}, requestId = 1) =>
    ({
      type: "command",
      requestId,
      command: append,
      session: { ...stamp, ...changes },
    }) as const;

  function withSession(options: Partial<RaftOptions> = {}): OneNode {
    const node = settled(options);
    const effects = commit(node, { type: "openSession", requestId: 1 });
    expect(sent(effects, "answer")[0].message).toMatchObject({ result: { session: 2 } });
    return node;
  }

  it("a session's id is the index of the entry that opened it", () => {
    withSession();
  });

  it("a command that comes again is answered with the first answer and not done again", () => {
    const node = withSession();
    const [first] = answers(commit(node, command()));
    const [second] = answers(commit(node, command()));
    expect(second).toEqual(first);
    expect(node.raft.machineState).toEqual(new Map([["x", "a"]]));
  });

  it("answers are kept until the client says that it no longer waits for them", () => {
    const node = withSession();
    commit(node, command());
    commit(node, command({ sequence: 2, firstOutstanding: 2 }));
    expect([...(node.raft.sessions.get(2)?.answers.keys() ?? [])]).toEqual([2]);
    expect(answers(commit(node, command()))[0]).toMatchObject({ kind: "refused" });
    expect(node.raft.machineState).toEqual(new Map([["x", "aa"]]));
  });

  it("the least recently used session is closed, and its commands are not done", () => {
    const node = withSession({ maxSessions: 2 });
    commit(node, { type: "openSession", requestId: 2 });
    commit(node, command());
    commit(node, { type: "openSession", requestId: 3 });
    expect([...node.raft.sessions.keys()]).toEqual([2, 5]);
    const other = command({ id: 3 });
    expect(answers(commit(node, other))[0]).toMatchObject({ kind: "sessionExpired" });
    expect(node.raft.machineState).toEqual(new Map([["x", "a"]]));
  });

  it("a client may have 256 commands under way, and no more", () => {
    const node = withSession();
    for (let sequence = 1; sequence <= 256; sequence++) commit(node, command({ sequence }));
    expect(answers(commit(node, command({ sequence: 257 })))[0]).toMatchObject({ kind: "refused" });
  });

  it("a command that no machine can read is answered, and stops no server", () => {
    const node = settled();
    for (const bad of [null, 7, "put", {}, { op: "jump", key: "x" }]) {
      const effects = commit(node, { type: "command", requestId: 1, command: bad });
      expect(answers(effects)[0]).toMatchObject({ kind: "ok", result: { kind: "invalid" } });
    }
  });
});

describe("section 6.4, read-only queries", () => {
  const get = { type: "query", requestId: 9, query: { op: "get", key: "x" } } as const;

  it("a leader that has committed nothing in its term waits until it has", () => {
    const node = leader({ terms: [1], term: 1 });
    const effects = node.hear("c1", get);
    expect(answers(effects)).toEqual([]);
    const [{ message }] = sent(effects, "appendEntries");
    const confirmation = matched({ ...message, entries: [] });
    const confirmed = node.hear("n2", confirmation);
    expect(answers(confirmed)).toEqual([]);
    expect(answers(acknowledge(node, "n2", confirmed))).toHaveLength(1);
  });

  it("it answers once a majority has answered a heartbeat that was sent after the read came", () => {
    const node = settled({}, 5);
    const effects = node.hear("c1", get);
    expect(sent(effects, "appendEntries")).toHaveLength(4);
    expect(answers(acknowledge(node, "n2", effects))).toEqual([]);
    expect(answers(acknowledge(node, "n3", effects))).toHaveLength(1);
  });

  it("answers to earlier heartbeats, late or repeated, confirm nothing", () => {
    const node = settled();
    const old = node.ring("heartbeat");
    node.hear("c1", get);
    for (let i = 0; i < 3; i++) {
      for (const peer of ["n2", "n3"]) expect(answers(acknowledge(node, peer, old))).toEqual([]);
    }
  });

  it("reads that come while one is being confirmed share the next round", () => {
    const node = settled();
    const first = node.hear("c1", get);
    const later = [1, 2, 3].flatMap((requestId) => node.hear("c1", { ...get, requestId }));
    expect(sent(later, "appendEntries")).toEqual([]);
    const second = acknowledge(node, "n2", first);
    expect(answers(second)).toHaveLength(1);
    expect(sent(second, "appendEntries")).toHaveLength(2);
    expect(answers(acknowledge(node, "n2", second))).toHaveLength(3);
  });

  it("nothing is written to the log", () => {
    const node = settled();
    const effects = node.hear("c1", get);
    expect(effects.some(({ kind }) => kind === "save")).toBe(false);
    expect(node.raft.log.entries).toHaveLength(1);
  });

  it("a deposed leader answers no reads: it tells the client to go on", () => {
    const node = settled();
    node.hear("c1", get);
    const effects = node.hear("n3", appendEntries({ term: 2 }));
    expect(answers(effects)).toMatchObject([{ kind: "notLeader", leader: "n3" }]);
  });

  it("a read through the log takes a place in it", () => {
    const node = settled({ readMode: "log" });
    expect(answers(commit(node, get))).toMatchObject([{ kind: "ok", result: { value: null } }]);
    expect(node.raft.log.entries[1]).toMatchObject({ kind: "query" });
  });

  it("a local read is answered by any server, as old as it is", () => {
    const node = follower({ term: 1 });
    expect(answers(node.hear("c1", { ...get, readMode: "local" }))).toMatchObject([{ kind: "ok" }]);
  });
});

describe("section 6.4.1, leases", () => {
  const get = { type: "query", requestId: 9, query: { op: "get", key: "x" } } as const;
  const options = { readMode: "lease", clockDriftRate: 0.25 } as const;

  it("within the lease a read is answered without a message", () => {
    const node = settled(options);
    node.nowMs += 119;
    const effects = node.hear("c1", get);
    expect(effects).toHaveLength(1);
    expect(answers(effects)).toHaveLength(1);
  });

  it("a lease counts from the sending of the heartbeat, shortened by the drift: 150 / 1.25 ms", () => {
    const node = settled(options);
    const beat = node.ring("heartbeat");
    node.nowMs += 100;
    acknowledge(node, "n2", beat);
    node.nowMs += 20;
    const effects = node.hear("c1", get);
    expect(answers(effects)).toEqual([]);
    expect(answers(acknowledge(node, "n2", effects))).toHaveLength(1);
  });

  it("a leader that has asked for an election of another has no lease any more", () => {
    const node = settled(options);
    node.hear("c9", { type: "transferLeadership", requestId: 1, to: "n2" });
    node.ring("transfer");
    expect(answers(node.hear("c1", get))).toEqual([]);
  });
});

describe("section 3.10, leadership transfer", () => {
  const transfer = { type: "transferLeadership", requestId: 3, to: "n3" } as const;

  it("the leader takes no more requests, brings its successor up to date and asks it to stand", () => {
    const node = settled();
    const behind = node.hear("c1", { type: "command", requestId: 1, command: put("x", 1) });
    expect(sent(node.hear("c9", transfer), "timeoutNow")).toEqual([]);
    const refused = node.hear("c1", { type: "command", requestId: 2, command: put("x", 2) });
    expect(answers(refused)).toMatchObject([{ kind: "busy" }]);
    const effects = acknowledge(node, "n3", behind);
    expect(sent(effects, "timeoutNow")).toEqual([
      { to: "n3", message: { type: "timeoutNow", term: 1 } },
    ]);
  });

  it("the successor stands at once, and voters that hear the old leader vote all the same", () => {
    const node = follower({ term: 1, options: { hasPreVote: true } });
    node.hear("n2", appendEntries());
    const calls = sent(node.hear("n2", { type: "timeoutNow", term: 1 }), "requestVote");
    expect(calls[0].message).toMatchObject({ term: 2, isPreVote: false, isTransfer: true });
    const voter = follower({ term: 1 });
    voter.hear("n2", appendEntries());
    const call = requestVote({ term: 2, isTransfer: true });
    const [{ message }] = sent(voter.hear("n3", call), "requestVoteAnswer");
    expect(message.isVoteGranted).toBe(true);
  });

  it("a transfer that takes an election timeout is given up, and the leader goes on", () => {
    const node = settled();
    const effects = node.hear("c9", transfer);
    expect(effects).toContainEqual({ kind: "setTimer", timer: "transfer", afterMs: 300 });
    expect(answers(node.ring("transfer"))).toMatchObject([{ kind: "refused", requestId: 3 }]);
    expect(answers(commit(node, { type: "command", requestId: 1, command: put("x", 1) }))).toEqual([
      expect.objectContaining({ kind: "ok" }),
    ]);
  });

  it("only a voter can succeed", () => {
    const node = settled();
    expect(answers(node.hear("c9", { ...transfer, to: "n7" }))).toMatchObject([
      { kind: "refused" },
    ]);
  });

  it("a request to stand that comes in a later term is out of date", () => {
    const node = follower({ term: 4 });
    node.hear("n2", { type: "timeoutNow", term: 3 });
    expect(node.raft).toMatchObject({ role: "follower", currentTerm: 4 });
  });
});

/** Sentences of Ongaro's thesis on log replication and commitment, one test each. */
import { describe, expect, it } from "vitest";
import { follower, leader, acknowledge, appendEntries, entriesOf, matched } from "./one-node";
import { peersOf, put, sent, termsOf } from "./one-node";
import type { OneNode } from "./one-node";

function ask(node: OneNode, requestId = 1): ReturnType<OneNode["hear"]> {
  return node.hear("c1", { type: "command", requestId, command: put("x", requestId) });
}

/** A leader of term 1 whose followers hold all it has, and which has committed it. */
function settledLeader(servers = 3): OneNode {
  const node = leader({ servers });
  const beat = node.ring("heartbeat");
  for (const peer of peersOf(servers)) acknowledge(node, peer, beat);
  return node;
}

describe("section 3.5, log replication", () => {
  it("the leader appends a client's command and sends it to all others", () => {
    const node = settledLeader();
    const effects = ask(node);
    const entry = { term: 1, kind: "command", command: put("x", 1) };
    expect(node.raft.log.entries[1]).toEqual(entry);
    expect(effects[0]).toEqual({ kind: "save", key: "log/2", value: entry });
    const appends = sent(effects, "appendEntries");
    expect(appends.map(({ to }) => to)).toEqual(["n2", "n3"]);
    expect(appends[0].message).toMatchObject({ prevLogIndex: 1, prevLogTerm: 1, entries: [entry] });
  });

  it("an entry is committed when a majority holds it, and then the client is answered", () => {
    const node = settledLeader(5);
    const effects = ask(node, 7);
    expect(acknowledge(node, "n2", effects)).not.toContainEqual(
      expect.objectContaining({ kind: "send" }),
    );
    expect(node.raft.commitIndex).toBe(1);
    const answers = sent(acknowledge(node, "n3", effects), "answer");
    expect(node.raft).toMatchObject({ commitIndex: 2, lastApplied: 2 });
    expect(answers).toEqual([
      {
        to: "c1",
        message: {
          type: "answer",
          requestId: 7,
          kind: "ok",
          result: { kind: "ok", value: null },
        },
      },
    ]);
  });

  it("an acknowledgement that arrives twice counts once", () => {
    const node = settledLeader(5);
    const effects = ask(node);
    for (let i = 0; i < 3; i++) acknowledge(node, "n2", effects);
    expect(node.raft.commitIndex).toBe(1);
  });

  it("a lone server commits when it knows its entry saved: a crash may come before", () => {
    const node = leader({ servers: 1 });
    const effects = ask(node);
    expect(node.raft.commitIndex).toBe(0);
    const [{ to, message }] = sent(effects, "saved");
    expect(to).toBe("n1");
    expect(sent(node.hear("n1", message), "answer")[0].message.kind).toBe("ok");
    expect(node.raft.commitIndex).toBe(2);
  });

  it("a follower that does not answer is sent the entry again at the next heartbeats", () => {
    const node = settledLeader();
    const [first] = sent(ask(node), "appendEntries");
    const beat = node.ring("heartbeat");
    const again = sent(acknowledge(node, "n2", beat), "appendEntries");
    expect(again[0].message.entries).toEqual(first.message.entries);
  });

  it("the leader tells the highest committed index in all that it sends, and followers apply", () => {
    const node = settledLeader();
    acknowledge(node, "n2", ask(node));
    const [{ message }] = sent(node.ring("heartbeat"), "appendEntries");
    expect(message.leaderCommit).toBe(2);
    const other = follower();
    const entries = entriesOf([1, 1, 1]);
    other.hear("n2", appendEntries({ entries, leaderCommit: 2 }));
    expect(other.raft).toMatchObject({ commitIndex: 2, lastApplied: 2 });
    expect([...(other.raft.machineState as Map<string, unknown>).keys()]).toEqual(["k1", "k2"]);
  });

  it("a follower commits no further than what this message has made sure of", () => {
    const node = follower({ terms: [1, 1, 1] });
    node.hear("n2", appendEntries({ prevLogIndex: 1, prevLogTerm: 1, leaderCommit: 3 }));
    expect(node.raft.commitIndex).toBe(1);
  });

  it.each([
    ["an entry it does not have", [1], [3, 1], { conflictIndex: 2, conflictTerm: 0 }],
    ["an entry of another term", [1, 2, 2], [3, 3], { conflictIndex: 2, conflictTerm: 2 }],
  ] as const)("a follower refuses entries after %s", (_what, terms, [index, term], hint) => {
    const node = follower({ terms: [...terms] });
    const request = appendEntries({ term: 5, prevLogIndex: index, prevLogTerm: term });
    const [{ message }] = sent(node.hear("n2", request), "appendEntriesAnswer");
    expect(message.outcome).toEqual({ kind: "conflict", ...hint });
    expect(termsOf(node)).toEqual(terms);
  });

  it.each([
    ["a: lacks an entry", [1, 1, 1, 4, 4, 5, 5, 6, 6]],
    ["b: lacks several", [1, 1, 1, 4]],
    ["c: has one more", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6]],
    ["d: has a later term more", [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7]],
    ["e: lacks some and has others", [1, 1, 1, 4, 4, 4, 4]],
    ["f: has two terms nobody else has", [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3]],
  ])("figure 3.6, follower %s: the leader's log is brought to it", (_what, terms) => {
    const leaderTerms = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    const node = leader({ terms: leaderTerms, term: 7 });
    const other = follower({ terms, term: 7 });
    const rounds = converge(node, other);
    expect(termsOf(other)).toEqual([...leaderTerms, 8]);
    expect(rounds).toBeLessThanOrEqual(3);
  });

  it("the leader skips a whole term with each refusal", () => {
    const node = leader({ terms: [1, 1, ...Array<number>(50).fill(5)], term: 5 });
    const other = follower({ terms: [1, 1, ...Array<number>(50).fill(3)], term: 5 });
    expect(converge(node, other)).toBeLessThanOrEqual(3);
    expect(termsOf(other)).toEqual(termsOf(node));
  });

  it("a message that is late and repeated removes nothing that matches", () => {
    const node = follower();
    const entries = entriesOf([1, 1, 1]);
    node.hear("n2", appendEntries({ entries }));
    const effects = node.hear("n2", appendEntries({ entries: entries.slice(0, 1) }));
    expect(termsOf(node)).toEqual([1, 1, 1]);
    expect(effects.some(({ kind }) => kind === "save")).toBe(false);
    expect(sent(effects, "appendEntriesAnswer")[0].message.outcome).toEqual({
      kind: "matched",
      matchIndex: 1,
    });
  });

  it("what conflicts is removed with all after it, the last first, before the new is saved", () => {
    const node = follower({ terms: [1, 2, 2, 2] });
    const entries = entriesOf([1, 3]).slice(1);
    const request = appendEntries({ term: 3, prevLogIndex: 1, prevLogTerm: 1, entries });
    const saves = node.hear("n2", request).flatMap((effect) => {
      return effect.kind === "save" && effect.key !== "vote" ? [[effect.key, effect.value]] : [];
    });
    expect(saves).toEqual([
      ["log/4", undefined],
      ["log/3", undefined],
      ["log/2", undefined],
      ["log/2", entries[0]],
    ]);
    expect(termsOf(node)).toEqual([1, 3]);
  });

  it("a committed entry is never removed: that is a broken invariant", () => {
    const node = follower({ terms: [1, 1] });
    node.hear("n2", appendEntries({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    const lie = appendEntries({ term: 2, entries: entriesOf([2]) });
    expect(() => node.hear("n3", lie)).toThrow("a committed entry is never removed");
  });
});

/** Runs the two against each other; returns how many messages were refused or taken. */
function converge(node: OneNode, other: OneNode): number {
  let messages = sent(node.ring("heartbeat"), "appendEntries");
  for (let rounds = 1; rounds < 100; rounds++) {
    const [mine] = messages.filter(({ to }) => to === "n2");
    const [{ message }] = sent(other.hear("n1", mine.message), "appendEntriesAnswer");
    messages = sent(node.hear("n2", message), "appendEntries").filter(({ to }) => to === "n2");
    if (messages.length === 0) return rounds;
  }
  throw new Error("the logs do not converge");
}

describe("section 3.6.2, entries of earlier terms", () => {
  it("are not committed by counting", () => {
    const node = leader({ terms: [1, 2], term: 2 });
    const [{ message }] = sent(node.ring("heartbeat"), "appendEntries");
    const { round, sentMs } = message;
    const outcome = { kind: "matched", matchIndex: 2 } as const;
    const answer = { type: "appendEntriesAnswer", term: 3, outcome, prevLogIndex: 2 } as const;
    for (const peer of ["n2", "n3"]) node.hear(peer, { ...answer, round, sentMs });
    expect(node.raft.commitIndex).toBe(0);
  });

  it("are committed with the first entry of the leader's own term", () => {
    const node = leader({ terms: [1, 2], term: 2 });
    acknowledge(node, "n2", node.ring("heartbeat"));
    expect(termsOf(node)).toEqual([1, 2, 3]);
    expect(node.raft).toMatchObject({ commitIndex: 3, lastApplied: 3 });
  });
});

describe("section 3.7, crashes", () => {
  it("requests are idempotent: the same one twice changes nothing and is answered alike", () => {
    const node = follower();
    const request = appendEntries({ entries: entriesOf([1, 1]), leaderCommit: 1 });
    const first = sent(node.hear("n2", request), "appendEntriesAnswer");
    const second = sent(node.hear("n2", request), "appendEntriesAnswer");
    expect(second).toEqual(first);
    expect(termsOf(node)).toEqual([1, 1]);
  });
});

describe("section 3.8, persisted state", () => {
  it("entries are saved before they are acknowledged", () => {
    const effects = follower().hear("n2", appendEntries({ entries: entriesOf([1, 1]) }));
    const kinds = effects.map(({ kind }) => kind);
    expect(kinds.lastIndexOf("save")).toBeLessThan(kinds.indexOf("send"));
    expect(effects.filter(({ kind }) => kind === "save").length).toBe(3);
  });

  it("a server starts again with its log, and applies nothing until it hears what is committed", () => {
    const node = follower();
    node.hear("n2", appendEntries({ entries: entriesOf([1, 1]), leaderCommit: 2 }));
    const again = node.restarted();
    expect(termsOf(again)).toEqual([1, 1]);
    expect(again.raft).toMatchObject({ commitIndex: 0, lastApplied: 0 });
    again.hear("n2", appendEntries({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }));
    expect(again.raft.lastApplied).toBe(2);
  });

  it("entries that a crash has left behind a gap are deleted, not adopted later", () => {
    const [first, , third] = entriesOf([1, 1, 1]);
    const node = follower({ term: 1, saved: { "log/1": first, "log/3": third } });
    expect(termsOf(node)).toEqual([1]);
    expect(node.saved.get("log/3")).toBe(undefined);
  });
});

describe("section 10.2.1, writing to the leader's disk in parallel", () => {
  const options = { hasParallelWrites: true };

  it("entries are on their way before the leader saves them", () => {
    const node = leader({ options });
    for (const peer of ["n2", "n3"]) acknowledge(node, peer, node.ring("heartbeat"));
    const kinds = ask(node).map((e) => (e.kind === "send" ? e.message.type : e.kind));
    expect(kinds).toEqual(["appendEntries", "appendEntries", "save", "saved"]);
  });

  it("the leader counts itself only when it hears that they are saved", () => {
    const node = leader({ servers: 1, options });
    const effects = ask(node);
    expect(node.raft.commitIndex).toBe(0);
    const [{ to, message }] = sent(effects, "saved");
    expect(to).toBe("n1");
    expect(sent(node.hear("n1", message), "answer")).toHaveLength(1);
    expect(node.raft.commitIndex).toBe(2);
  });

  it("followers that are a majority without it commit before its own disk has", () => {
    const node = leader({ options });
    const effects = [...node.ring("heartbeat"), ...ask(node)];
    acknowledge(node, "n2", effects);
    expect(node.raft.commitIndex).toBe(0);
    acknowledge(node, "n3", effects);
    expect(node.raft.commitIndex).toBeGreaterThan(0);
  });

  it("what another server says of this one's disk is passed over", () => {
    const node = leader({ servers: 1, options });
    node.hear("n2", { type: "saved", term: 1, index: 1 });
    expect(node.raft.commitIndex).toBe(0);
  });
});

describe("section 10.2.2, batching and pipelining", () => {
  const options = { maxInFlight: 2, maxBatchEntries: 3 };

  function pipelined(): OneNode {
    const node = leader({ options });
    acknowledge(node, "n2", node.ring("heartbeat"));
    return node;
  }

  it("a second batch leaves before the first is answered, and no more than the window holds", () => {
    const node = pipelined();
    const counts = Array.from({ length: 5 }, (_, i) => {
      return sent(ask(node, i), "appendEntries").filter(({ to }) => to === "n2").length;
    });
    expect(counts).toEqual([1, 1, 0, 0, 0]);
  });

  it("what has gathered leaves as one batch when the window opens", () => {
    const node = pipelined();
    const first = ask(node, 0);
    for (let i = 1; i < 7; i++) ask(node, i);
    const next = sent(acknowledge(node, "n2", first), "appendEntries");
    expect(next.map(({ message }) => message.entries.length)).toEqual([3]);
  });

  it("a message that is unanswered when a later one is answered is sent again", () => {
    const node = pipelined();
    const lost = sent(ask(node, 0), "appendEntries")[0].message;
    const again = sent(acknowledge(node, "n2", node.ring("heartbeat")), "appendEntries");
    expect(again[0].message.entries).toEqual(lost.entries);
    const late = node.hear("n2", matched(lost));
    expect(sent(late, "appendEntries")).toEqual([]);
  });
});

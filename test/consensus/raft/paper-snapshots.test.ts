/** Sentences of Ongaro's thesis on snapshots, one test each. */
import { describe, expect, it } from "vitest";
import { Raft, membershipOf } from "dabbawala/consensus";
import type { RaftMessage } from "dabbawala/consensus";
import { OneNode, acknowledge, appendEntries, follower, leader } from "./one-node";
import { put, sent } from "./one-node";
import type { Effects } from "./one-node";

describe("chapter 5, snapshots", () => {
  const options = { snapshotEvery: 4, trailingEntries: 1, snapshotChunkLength: 60 };

  function compacted(): OneNode {
    const node = leader({ options });
    acknowledge(node, "n2", node.ring("heartbeat"));
    for (let i = 1; i <= 6; i++) {
      const command = put(`key ${i}`, "of some length");
      acknowledge(node, "n2", node.hear("c1", { type: "command", requestId: i, command }));
    }
    return node;
  }

  it("after so many entries the state is saved, and then the log before it is forgotten", () => {
    const node = compacted();
    expect(node.raft.snapshot).toMatchObject({ index: 4, term: 1 });
    expect(node.raft.log).toMatchObject({ baseIndex: 3, baseTerm: 1 });
    expect(
      [...node.saved.entries()].filter(([, value]) => value !== undefined).map(([key]) => key),
    ).toEqual(["vote", "log/4", "snapshot", "log/5", "log/6", "log/7"]);
  });

  it("the larger a snapshot, the more entries are applied before the next (5.1.2)", () => {
    const node = leader({ options: { ...options, snapshotLengthPerEntry: 20 } });
    acknowledge(node, "n2", node.ring("heartbeat"));
    const taken = new Map<number, number>();
    for (let i = 1; i <= 60; i++) {
      const command = put(`key ${i}`, "of some length");
      acknowledge(node, "n2", node.hear("c1", { type: "command", requestId: i, command }));
      const { index, data } = node.raft.snapshot ?? { index: 0, data: "" };
      taken.set(index, data.length);
    }
    const indexes = [...taken.keys()];
    expect(indexes.length).toBeGreaterThan(3);
    for (const [i, index] of indexes.slice(1).entries()) {
      const last = indexes[i] as number;
      expect(index - last).toBe(Math.max(4, Math.ceil((taken.get(last) as number) / 20)));
    }
    expect(indexes[3] - indexes[2]).toBeGreaterThan(indexes[2] - indexes[1]);
  });

  it("a server starts again from its snapshot and the entries after it", () => {
    const node = compacted();
    const again = node.restarted();
    expect(again.raft).toMatchObject({ commitIndex: 4, lastApplied: 4 });
    again.hear("n2", appendEntries({ prevLogIndex: 7, prevLogTerm: 1, leaderCommit: 7 }));
    expect(again.raft.machineState).toEqual(node.raft.machineState);
  });

  /** Both hear each other until the other one has all; returns the parts that were sent. */
  function install(node: OneNode, other: OneNode, effects: Effects): number {
    let parts = 0;
    let messages = effects;
    for (let i = 0; i < 100; i++) {
      const toOther = messages.flatMap((e) =>
        e.kind === "send" && e.to === "n3" ? [e.message] : [],
      );
      if (toOther.length === 0) return parts;
      parts += toOther.filter(({ type }) => type === "installSnapshot").length;
      const back = toOther.flatMap((message) => other.hear("n1", message));
      messages = back.flatMap((e) => (e.kind === "send" ? node.hear("n3", e.message) : []));
    }
    throw new Error("the snapshot is never installed");
  }

  it("a follower that lacks what is forgotten gets the snapshot in parts, and then the log", () => {
    const node = compacted();
    const other = new OneNode(new Raft("n3", ["n1", "n2"], options));
    other.start({});
    const parts = install(node, other, node.ring("heartbeat"));
    const { length } = node.raft.snapshot?.data ?? "";
    expect(parts).toBe(Math.ceil(length / 60));
    install(node, other, node.ring("heartbeat"));
    expect(other.raft).toMatchObject({ commitIndex: 7, lastApplied: 7 });
    expect(other.raft.machineState).toEqual(node.raft.machineState);
    expect(other.saved.get("snapshot")).toEqual(node.raft.snapshot);
  });

  it("a part that comes twice is not taken twice, and one that is lost is asked for again", () => {
    const node = compacted();
    const other = new OneNode(new Raft("n3", ["n1", "n2"], options));
    other.start({});
    other.hear("n1", appendEntries());
    const [{ message }] = sent(node.ring("heartbeat"), "appendEntries").filter(
      ({ to }) => to === "n3",
    );
    const started = node.hear(
      "n3",
      sent(other.hear("n1", message), "appendEntriesAnswer")[0].message,
    );
    const part = sent(started, "installSnapshot")[0]?.message ?? snapshotPart(node);
    for (let i = 0; i < 2; i++) {
      const [answer] = sent(other.hear("n1", part), "installSnapshotAnswer");
      expect(answer.message.outcome).toEqual({ kind: "wants", offset: 60 });
    }
    const [skipped] = sent(other.hear("n1", { ...part, offset: 180 }), "installSnapshotAnswer");
    expect(skipped.message.outcome).toEqual({ kind: "wants", offset: 60 });
  });

  function snapshotPart(node: OneNode): Extract<RaftMessage, { type: "installSnapshot" }> {
    const { index, term, membership, data } = node.raft.snapshot as NonNullable<Raft["snapshot"]>;
    const at = { lastIndex: index, lastTerm: term, membership, offset: 0 };
    return { type: "installSnapshot", term: 1, ...at, data: data.slice(0, 60), isDone: false };
  }

  function whole(node: OneNode): Extract<RaftMessage, { type: "installSnapshot" }> {
    return { ...snapshotPart(node), data: node.raft.snapshot?.data ?? "", isDone: true };
  }

  it("the leader sends a part again when a later heartbeat is answered and the part is not", () => {
    const node = compacted();
    const other = new OneNode(new Raft("n3", ["n1", "n2"], options));
    other.start({});
    const toThird = (effects: Effects): RaftMessage[] =>
      effects.flatMap((e) => (e.kind === "send" && e.to === "n3" ? [e.message] : []));
    const lost = toThird(node.ring("heartbeat")).find(({ type }) => type === "installSnapshot");
    expect(lost).toBeDefined();
    const silent = toThird(node.ring("heartbeat"));
    expect(silent.map(({ type }) => type)).toEqual(["appendEntries"]);
    node.hear("n3", sent(other.hear("n1", silent[0]), "appendEntriesAnswer")[0].message);
    const again = toThird(node.ring("heartbeat"));
    expect(again).toContainEqual(lost);
  });

  it("entries that follow the snapshot are kept, a log that disagrees goes whole", () => {
    const node = compacted();
    const agreeing = follower({ terms: [1, 1, 1, 1, 1, 1] });
    agreeing.hear("n2", whole(node));
    expect(agreeing.raft.log).toMatchObject({ baseIndex: 4, entries: [{ term: 1 }, { term: 1 }] });
    const other = follower({ terms: [0, 0, 0, 0, 0, 0], term: 1 });
    const effects = other.hear("n2", whole(node));
    expect(other.raft.log).toEqual({ baseIndex: 4, baseTerm: 1, entries: [] });
    const keys = effects.flatMap((e) => (e.kind === "save" ? [e.key] : []));
    expect(keys).toEqual(["log/6", "log/5", "snapshot", "log/1", "log/2", "log/3", "log/4"]);
  });

  it("a snapshot older than what is committed changes nothing", () => {
    const node = compacted();
    const other = follower({ terms: [1, 1, 1, 1, 1] });
    other.hear("n2", appendEntries({ prevLogIndex: 5, prevLogTerm: 1, leaderCommit: 5 }));
    const effects = other.hear("n2", whole(node));
    expect(sent(effects, "installSnapshotAnswer")[0].message.outcome).toEqual({
      kind: "installed",
    });
    expect(effects.some(({ kind }) => kind === "save")).toBe(false);
  });

  it("it holds the membership and the sessions of its time", () => {
    const node = leader({ options });
    acknowledge(node, "n2", node.ring("heartbeat"));
    acknowledge(node, "n2", node.hear("c1", { type: "openSession", requestId: 1 }));
    const voters = ["n1", "n2", "n3"];
    const change = { type: "changeMembership", requestId: 4, voters, learners: ["n8"] } as const;
    acknowledge(node, "n2", node.hear("c9", change));
    for (let i = 1; i <= 3; i++) {
      const session = { id: 2, sequence: i, firstOutstanding: i };
      const command = { op: "append", key: "x", value: "a" };
      acknowledge(node, "n2", node.hear("c1", { type: "command", requestId: i, command, session }));
    }
    const other = follower();
    other.hear("n2", whole(node));
    expect(membershipOf(other.raft).learners).toEqual(["n8"]);
    expect([...other.raft.sessions.keys()]).toEqual([2]);
    expect(other.raft.sessions.get(2)?.answers.size).toBe(1);
  });
});

describe("section 5.3 (ours), parts of a snapshot on their way", () => {
  const options = { snapshotEvery: 4, trailingEntries: 0, snapshotChunkLength: 10, maxInFlight: 3 };
  type Part = Extract<RaftMessage, { type: "installSnapshot" }>;

  function write(node: OneNode, times: number): Effects {
    return Array.from({ length: times }, (_, i) => {
      const command = put(`key ${i}`, "of some length");
      return acknowledge(node, "n2", node.hear("c1", { type: "command", requestId: i, command }));
    }).flat();
  }

  /** A leader with a snapshot, a third server without anything, and the first parts for it. */
  function begun(): { node: OneNode; other: OneNode; parts: Part[] } {
    const node = leader({ options });
    acknowledge(node, "n2", node.ring("heartbeat"));
    write(node, 6);
    const other = new OneNode(new Raft("n3", ["n1", "n2"], options));
    other.start({});
    return { node, other, parts: partsIn(node.ring("heartbeat")) };
  }

  function partsIn(effects: Effects): Part[] {
    return sent(effects, "installSnapshot").map(({ message }) => message);
  }

  function answersTo(node: OneNode, effects: Effects): Effects {
    return effects.flatMap((e) => (e.kind === "send" ? node.hear("n3", e.message) : []));
  }

  const offsets = (parts: Part[]): number[] => parts.map(({ offset }) => offset);

  it("the window is sent at once, and each acknowledged part lets the next one go", () => {
    const { node, other, parts } = begun();
    expect(offsets(parts)).toEqual([0, 10, 20]);
    expect(offsets(partsIn(answersTo(node, other.hear("n1", parts[0]))))).toEqual([30]);
  });

  it("parts may come in any order, and more of them than the window are not held", () => {
    const { node, other, parts } = begun();
    const outcomes = [...parts].reverse().map((part) => {
      return sent(other.hear("n1", part), "installSnapshotAnswer")[0].message.outcome;
    });
    const wants = (offset: number): unknown => ({ kind: "wants", offset });
    expect(outcomes).toEqual([wants(0), wants(0), wants(30)]);
    const { data } = node.raft.snapshot as NonNullable<Raft["snapshot"]>;
    for (let offset = 40; offset < 90; offset += 10) {
      other.hear("n1", { ...parts[0], offset, data: data.slice(offset, offset + 10) });
    }
    expect([...(other.raft.incoming?.early.keys() ?? [])]).toEqual([40, 50]);
  });

  it("an answer that comes twice, or late, has nothing sent again", () => {
    const { node, other, parts } = begun();
    const [first] = sent(other.hear("n1", parts[0]), "installSnapshotAnswer");
    const [second] = sent(other.hear("n1", parts[1]), "installSnapshotAnswer");
    expect(offsets(partsIn(node.hear("n3", second.message)))).toEqual([30, 40]);
    for (const { message } of [first, second, first]) {
      expect(partsIn(node.hear("n3", message))).toEqual([]);
    }
  });

  it("a follower that has started again gets the snapshot from its beginning", () => {
    const { node, other, parts } = begun();
    const more = partsIn(answersTo(node, other.hear("n1", parts[0])));
    const again = other.restarted();
    answersTo(node, again.hear("n1", more[0]));
    const beats = sent(node.ring("heartbeat"), "appendEntries").filter(({ to }) => to === "n3");
    answersTo(
      node,
      beats.flatMap(({ message }) => again.hear("n1", message)),
    );
    expect(offsets(partsIn(node.ring("heartbeat")))).toEqual([0, 10, 20]);
  });

  it("a follower that campaigned meanwhile goes on where it was, under the same leader", () => {
    const { other, parts } = begun();
    other.hear("n1", parts[0]);
    other.ring("election");
    expect(other.raft.role).toBe("preCandidate");
    const [{ message }] = sent(other.hear("n1", parts[1]), "installSnapshotAnswer");
    expect(message.outcome).toEqual({ kind: "wants", offset: 20 });
  });

  it("parts of another leader's snapshot are not mixed with those of the last one", () => {
    const { other, parts } = begun();
    other.hear("n1", parts[0]);
    const [{ message }] = sent(other.hear("n2", { ...parts[1], term: 2 }), "installSnapshotAnswer");
    expect(message.outcome).toEqual({ kind: "wants", offset: 0 });
  });

  it("what follows a snapshot on its way is kept, or it would be too old when it arrives", () => {
    const { node } = begun();
    const { index } = node.raft.snapshot as NonNullable<Raft["snapshot"]>;
    write(node, 8);
    expect(node.raft.snapshot?.index).toBeGreaterThan(index + 4);
    expect(node.raft.log.baseIndex).toBe(index);
  });

  it("but not for a follower that has been silent for an election timeout", () => {
    const { node } = begun();
    node.nowMs += 301;
    write(node, 8);
    expect(node.raft.log.baseIndex).toBe(node.raft.snapshot?.index);
  });
});

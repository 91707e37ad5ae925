/** The client, by hand-made events; and Raft as a whole by the laws of every protocol. */
import { describe, expect, it } from "vitest";
import { Raft, RaftClient } from "dabbawala/consensus";
import type { Answer, RaftClientOptions, RaftMessage, RaftTimer } from "dabbawala/consensus";
import { at, crash, partition, heal, playTwice, restart } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";
import type { Effect } from "dabbawala/protocol";
import { put } from "./one-node";

type Effects = Effect<RaftMessage, RaftTimer>[];
const servers = ["n1", "n2", "n3"];

class Script {
  readonly client: RaftClient;
  nowMs = 0;

  constructor(options: Partial<RaftClientOptions>) {
    this.client = new RaftClient("c1", servers, options);
  }

  start(saved: Readonly<Record<string, unknown>> = {}): Effects {
    return this.step({ kind: "start", saved });
  }

  answer(from: string, requestId: number, answer: Answer): Effects {
    return this.step({ kind: "message", from, message: { type: "answer", requestId, ...answer } });
  }

  retry(): Effects {
    return this.step({ kind: "timer", timer: "retry" });
  }

  step(event: Parameters<typeof step<RaftMessage, RaftTimer>>[1]): Effects {
    return step(this.client, event, { nowMs: this.nowMs, random: () => 0 });
  }
}

function sends(effects: Effects): unknown[] {
  return effects.flatMap((e) => (e.kind === "send" ? [[e.to, e.message]] : []));
}

function notes(effects: Effects): unknown[] {
  return effects.flatMap((e) => (e.kind === "note" ? [[e.label, e.detail]] : []));
}

const operations = [{ command: put("x", 1) }, { query: { op: "get", key: "x" } }];
const ok = (result: unknown): Answer => ({ kind: "ok", result });

describe("RaftClient", () => {
  it("opens a session, does one operation after another, and notes a history", () => {
    const script = new Script({ operations });
    expect(sends(script.start())).toEqual([["n1", { type: "openSession", requestId: 1 }]]);
    const first = script.answer("n1", 1, ok({ session: 7 }));
    const session = { id: 7, sequence: 1, firstOutstanding: 1 };
    const command = { type: "command", requestId: 2, command: put("x", 1), session };
    expect(sends(first)).toEqual([["n1", command]]);
    expect(notes(first)).toEqual([["invoke", { f: "put", key: "x", value: 1 }]]);
    const second = script.answer("n1", 2, ok({ kind: "ok", value: null }));
    expect(notes(second)).toEqual([
      ["ok", { f: "put", key: "x", value: null }],
      ["invoke", { f: "get", key: "x", value: undefined }],
    ]);
    const last = script.answer("n1", 3, ok({ kind: "ok", value: 1 }));
    expect(notes(last)).toEqual([["ok", { f: "get", key: "x", value: 1 }]]);
    expect(sends(last)).toEqual([]);
  });

  it("asks the leader that it is told of, and repeats under the same stamp when nobody answers", () => {
    const script = new Script({ operations });
    script.start();
    script.answer("n1", 1, ok({ session: 7 }));
    const told = sends(script.answer("n1", 2, { kind: "notLeader", leader: "n3" }));
    expect(told).toMatchObject([["n3", { requestId: 2, session: { sequence: 1 } }]]);
    expect(sends(script.retry())).toMatchObject([
      ["n2", { requestId: 2, session: { sequence: 1 } }],
    ]);
    expect(sends(script.retry())).toMatchObject([["n3", {}]]);
    expect(sends(script.retry())).toMatchObject([["n1", {}]]);
  });

  it("does not follow servers that name each other in circles", () => {
    const script = new Script({ operations });
    script.start();
    let hops = 0;
    for (let from = "n1"; hops < 50; hops++) {
      const leader = from === "n1" ? "n2" : "n1";
      if (sends(script.answer(from, 1, { kind: "notLeader", leader })).length === 0) break;
      from = leader;
    }
    expect(hops).toBe(3);
  });

  it("passes over answers to what it no longer waits for", () => {
    const script = new Script({ operations });
    script.start();
    script.answer("n1", 1, ok({ session: 7 }));
    expect(script.answer("n2", 1, ok({ session: 9 }))).toEqual([]);
    expect(script.answer("n2", 99, { kind: "unknown" })).toEqual([]);
  });

  it.each([
    ["a compare-and-set that found something else", ok({ kind: "mismatch", value: 5 }), "fail", 5],
    ["a refusal", { kind: "refused", reason: "bad" } as const, "fail", "bad"],
    ["a closed session", { kind: "sessionExpired" } as const, "info", undefined],
  ] as const)("notes %s as what it is", (_what, answer, label, value) => {
    const cas = { op: "cas", key: "x", from: 1, to: 2 };
    const script = new Script({ operations: [{ command: cas }] });
    script.start();
    expect(notes(script.answer("n1", 1, ok({ session: 7 })))).toEqual([
      ["invoke", { f: "cas", key: "x", value: [1, 2] }],
    ]);
    expect(notes(script.answer("n1", 2, answer))).toEqual([[label, { f: "cas", key: "x", value }]]);
  });

  it("without a session it sends a command once: a repeat might do it twice", () => {
    const script = new Script({ operations, hasSession: false });
    expect(sends(script.start())).toEqual([
      ["n1", { type: "command", requestId: 1, command: put("x", 1) }],
    ]);
    expect(notes(script.retry())[0]).toEqual(["info", { f: "put", key: "x", value: undefined }]);
  });

  it("gives up after so long, where it is told to", () => {
    const script = new Script({ operations, giveUpMs: 1_000 });
    script.start();
    script.answer("n1", 1, ok({ session: 7 }));
    script.nowMs = 999;
    expect(notes(script.retry())).toEqual([]);
    script.nowMs = 1_000;
    expect(notes(script.retry())[0]).toMatchObject(["info", { f: "put" }]);
  });

  it("after a crash it goes on with the next operation: what was under way stays unknown", () => {
    const script = new Script({ operations, hasSession: false });
    expect(notes(script.start({ position: 1 }))).toEqual([
      ["invoke", { f: "get", key: "x", value: undefined }],
    ]);
  });

  it("does what it is sent, also later", () => {
    const script = new Script({ hasSession: false });
    expect(script.start()).toEqual([]);
    const message = { type: "submit", operation: operations[1] } as const;
    expect(sends(script.step({ kind: "message", from: "outside", message }))).toHaveLength(1);
  });

  it("needs servers", () => {
    expect(() => new RaftClient("c1", [])).toThrow("needs the names of servers");
  });
});

describe("the laws of every protocol, for Raft", () => {
  const limits = { untilMs: 4_000 };

  it("the same seed gives the same trace, also when all messages go through JSON", () => {
    const played = playTwice<RaftMessage, RaftTimer>(
      { seed: 11, network: { lossRate: 0.05, duplicateRate: 0.1 } },
      (simulator) => {
        for (const id of servers) simulator.add(id, Raft, { options: { snapshotEvery: 10 } });
        const many = Array.from({ length: 50 }, (_, i) => ({ command: put(`k${i % 5}`, i) }));
        const options = { operations: many, retryMs: 200 };
        simulator.add("c1", RaftClient, { options, peers: servers });
        simulator.schedule(at(900, crash(["n1"])), at(1_300, restart(["n1"])));
        simulator.schedule(at(1_600, partition(["n2"], ["n1", "n3"])), at(2_300, heal()));
      },
      limits,
    );
    expect(played.kind).toBe("same");
    expect(played.kind === "same" && played.steps).toBeGreaterThan(500);
  });

  it("a server's fields survive structuredClone: the copy goes on exactly as the original", () => {
    const original = new Raft("n1", ["n2", "n3"], { hasPreVote: false });
    const senses = { nowMs: 0, random: () => 0.5 };
    step(original, { kind: "start", saved: {} }, senses);
    step(original, { kind: "timer", timer: "election" }, senses);
    const vote = {
      type: "requestVoteAnswer",
      term: 1,
      isVoteGranted: true,
      isPreVote: false,
    } as const;
    step(original, { kind: "message", from: "n2", message: vote }, senses);
    const fields = structuredClone({ ...original });
    const copy = Object.assign(Object.create(Raft.prototype) as Raft, fields);
    const event = { kind: "timer", timer: "heartbeat" } as const;
    expect(step(copy, event, senses)).toEqual(step(original, event, senses));
    expect({ ...copy }).toEqual({ ...original });
  });
});

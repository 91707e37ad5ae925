/** Sections 4.1 and 5.1, the client's side, and reads at a replica. */
import { describe, expect, it } from "vitest";
import { PbftClient } from "dabbawala/consensus";
import type { PbftClientOptions, PbftMessage, PbftTimer } from "dabbawala/consensus";
import type { PbftReply } from "dabbawala/dist/consensus/pbft/messages";
import { step } from "dabbawala/protocol";
import {
  OneReplica,
  commit,
  dropped,
  prePrepare,
  prepare,
  put,
  replicas,
  request,
} from "./one-replica";
import { say, sent } from "./one-replica";
import type { Effects } from "./one-replica";

class OneClient {
  nowMs = 0;
  readonly client: PbftClient;
  readonly begun: Effects;

  constructor(options: Partial<PbftClientOptions>, saved: Record<string, unknown> = {}) {
    this.client = new PbftClient("c1", replicas, options);
    this.begun = this.step({ kind: "start", saved });
  }

  hear(...messages: PbftMessage[]): Effects {
    return messages.flatMap((message) => this.step({ kind: "message", from: "n1", message }));
  }

  ring(timer: PbftTimer): Effects {
    return this.step({ kind: "timer", timer });
  }

  private step(event: Parameters<typeof step<PbftMessage, PbftTimer>>[1]): Effects {
    return step(this.client, event, { nowMs: this.nowMs, random: () => 0.5 });
  }
}

function reply(replica: string, result: unknown, rest: Partial<PbftReply> = {}): PbftReply {
  const about = { view: 0, timestamp: 1, client: "c1", isReadOnly: false };
  return say<PbftReply>({ type: "reply", ...about, ...rest, replica, result });
}

const read = { query: { op: "get", key: "asha" } };

function notes(effects: Effects): string[] {
  return effects.flatMap((effect) => (effect.kind === "note" ? [effect.label] : []));
}

describe("section 4.1, the client", () => {
  it("sends a request to the primary, with a timestamp that it has saved", () => {
    const { begun } = new OneClient({ operations: [put("asha", 1)] });
    expect(begun[0]).toEqual({ kind: "save", key: "timestamp", value: 1 });
    expect(sent(begun, "request").map(({ to }) => to)).toEqual(["n1"]);
  });

  it("believes f + 1 equal answers of different replicas", () => {
    const one = new OneClient({ operations: [put("asha", 1)] });
    expect(notes(one.hear(reply("n1", 7), reply("n1", 7), reply("n2", 8)))).toEqual([]);
    expect(notes(one.hear(reply("n3", 8)))).toEqual(["ok"]);
  });

  it("does not count answers that are forged, of others, to others or to earlier requests", () => {
    const one = new OneClient({ operations: [put("asha", 1)] });
    const wrong = [
      { ...reply("n2", 7), replica: "n3" },
      reply("n9", 7),
      reply("n3", 7, { client: "c2" }),
      reply("n4", 7, { timestamp: 2 }),
      reply("n4", 7, { isReadOnly: true }),
      { type: "reply" } as never,
      null as never,
    ];
    expect(notes(one.hear(reply("n1", 7), ...wrong))).toEqual([]);
    expect(one.client.dropped).toBe(2);
  });

  it("sends to all replicas when no answer comes", () => {
    const one = new OneClient({ operations: [put("asha", 1)], retryMs: 50 });
    expect(one.begun).toContainEqual({ kind: "setTimer", timer: "retry", afterMs: 50 });
    expect(sent(one.ring("retry"), "request").map(({ to }) => to)).toEqual(replicas);
  });

  it("follows the primary of a view that f + 1 replicas have reached, whatever one says", () => {
    const operations = [put("asha", 1), put("asha", 2), put("asha", 3)];
    const one = new OneClient({ operations });
    const next = one.hear(reply("n1", 7, { view: 41 }), reply("n2", 7));
    expect(sent(next, "request").map(({ to }) => to)).toEqual(["n1"]);
    const later = one.hear(...["n3", "n4"].map((id) => reply(id, 7, { view: 2, timestamp: 2 })));
    expect(sent(later, "request").map(({ to }) => to)).toEqual(["n3"]);
  });

  it("after a crash goes on with a timestamp that it has not used", () => {
    const operations = [put("asha", 1), put("asha", 2)];
    const { begun } = new OneClient({ operations }, { timestamp: 1 });
    expect(sent(begun, "request")[0].message).toMatchObject({
      timestamp: 2,
      operation: operations[1],
    });
  });

  it("gives up where it may, and does not know then what became of it", () => {
    const one = new OneClient({ operations: [put("asha", 1)], giveUpMs: 100 });
    one.nowMs = 100;
    expect(notes(one.ring("retry"))).toEqual(["info"]);
  });
});

describe("section 5.1, reads without an order", () => {
  it("go to all replicas and need 2f + 1 equal answers", () => {
    const one = new OneClient({ operations: [read] });
    expect(sent(one.begun, "request").map(({ to }) => to)).toEqual(replicas);
    const direct = { isReadOnly: true };
    expect(notes(one.hear(reply("n1", 7, direct), reply("n2", 7, direct)))).toEqual([]);
    expect(notes(one.hear(reply("n3", 7, direct)))).toEqual(["ok"]);
  });

  it("become ordinary requests as soon as no quorum can agree, with the same timestamp", () => {
    const one = new OneClient({ operations: [read] });
    const direct = { isReadOnly: true };
    const effects = one.hear(
      reply("n1", 7, direct),
      reply("n2", 7, direct),
      reply("n3", 8, direct),
      reply("n4", 8, direct),
    );
    const [{ message }] = sent(effects, "request");
    expect(message).toMatchObject({ isReadOnly: false, timestamp: 1 });
    expect(notes(one.hear(reply("n1", 8), reply("n4", 8)))).toEqual(["ok"]);
  });

  it("become ordinary requests when too few answer", () => {
    const one = new OneClient({ operations: [read] });
    expect(sent(one.ring("retry"), "request")[0].message.isReadOnly).toBe(false);
  });

  it("are answered at once from the state that a replica has executed", () => {
    const node = new OneReplica("n2");
    node.commit(1);
    const effects = node.hear(request(1, { client: "c2", operation: read, isReadOnly: true }));
    expect(sent(effects, "reply").map(({ message }) => message.result)).toEqual([
      { kind: "ok", value: 1 },
    ]);
  });

  it("wait for what is prepared: the paper's replicas would have executed it tentatively", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare(), prepare("n3"));
    const question = request(1, { client: "c2", operation: read, isReadOnly: true });
    expect(sent(node.hear(question), "reply")).toEqual([]);
    const replies = sent(node.hear(commit("n1"), commit("n3")), "reply");
    expect(replies.map(({ to, message }) => [to, message.isReadOnly])).toEqual([
      ["c1", false],
      ["c2", true],
    ]);
  });

  it("that are ordered are executed as queries", () => {
    const node = new OneReplica("n2");
    node.commit(1);
    const requests = [request(1, { client: "c2", operation: read })];
    const [{ message }] = sent(node.commit(2, { requests }), "reply");
    expect(message.result).toEqual({ kind: "ok", value: 1 });
  });

  it("cannot carry a command past the order", () => {
    const node = new OneReplica("n2");
    const trick = request(1, { isReadOnly: true });
    expect(sent(node.hear(trick), "reply")).toEqual([]);
    node.hear(prePrepare({ requests: [trick] }));
    expect(dropped(node, "shape")).toBe(2);
    expect(node.pbft.machineState).toEqual(new Map());
  });
});

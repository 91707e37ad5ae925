/** Bully: a test a rule, the counts of its messages, and what its timing assumption carries. */
import { describe, expect, it } from "vitest";
import {
  Bully,
  bullyMessages,
  compareNames,
  countBullyElection,
  isNewer,
} from "dabbawala/consensus";
import type { BullyMessage, BullyTimer } from "dabbawala/consensus";
import { step } from "dabbawala/protocol";
import type { Effect } from "dabbawala/protocol";

type Effects = Effect<BullyMessage, BullyTimer>[];
const senses = { nowMs: 0, random: () => 0 };
const build = (id = "n2"): Bully =>
  new Bully(
    id,
    ["n1", "n2", "n3", "n4"].filter((peer) => peer !== id),
  );
const start = (node: Bully, saved = {}): Effects => step(node, { kind: "start", saved }, senses);
const ring = (node: Bully, timer: BullyTimer): Effects =>
  step(node, { kind: "timer", timer }, senses);
const hear = (node: Bully, from: string, type: BullyMessage["type"], count = 1): Effects =>
  step(node, { kind: "message", from, message: { type, count } }, senses);
const sent = (effects: Effects): string[] =>
  effects.flatMap((each) => (each.kind === "send" ? [`${each.message.type} to ${each.to}`] : []));

describe("Garcia-Molina 1982, section III", () => {
  it("a node that recovers asks all above, and the highest leads at once", () => {
    expect(sent(start(build()))).toEqual(["election to n3", "election to n4"]);
    const top = build("n4");
    expect(sent(start(top))).toEqual([
      "coordinator to n1",
      "coordinator to n2",
      "coordinator to n3",
    ]);
    expect(top.role).toBe("leader");
  });

  it("who is asked answers, and asks those above in turn, once", () => {
    const node = new Bully("n2", ["n1", "n3"], { standsAtStart: false });
    start(node);
    expect(sent(hear(node, "n1", "election"))).toEqual(["answer to n1", "election to n3"]);
    expect(sent(hear(node, "n1", "election"))).toEqual(["answer to n1"]);
  });

  it("without an answer in time it leads, and tells those below", () => {
    const node = build();
    start(node);
    expect(sent(ring(node, "answer"))).toEqual(["coordinator to n1"]);
    expect(node).toMatchObject({ role: "leader", leader: "n2", epoch: { count: 1, leader: "n2" } });
  });

  it("after an answer it waits, and begins anew if nobody takes over", () => {
    const node = build();
    start(node);
    const effects = hear(node, "n3", "answer");
    expect(effects).toContainEqual({ kind: "cancelTimer", timer: "answer" });
    expect(node.role).toBe("waiting");
    expect(sent(ring(node, "coordinator"))).toEqual(["election to n3", "election to n4"]);
  });

  it("a leader above is followed; its silence is an election", () => {
    const node = build();
    start(node);
    hear(node, "n3", "coordinator", 4);
    expect(node).toMatchObject({
      role: "follower",
      leader: "n3",
      epoch: { count: 4, leader: "n3" },
    });
    expect(sent(ring(node, "leader"))).toEqual(["election to n3", "election to n4"]);
  });

  it("a leader below is bullied", () => {
    const node = build("n4");
    start(node);
    expect(sent(hear(node, "n1", "heartbeat", 7))).toContain("coordinator to n1");
    expect(node.epoch).toEqual({ count: 8, leader: "n4" });
  });
});

describe("epochs", () => {
  it("are saved before they are told, and begin above what was saved", () => {
    const node = build("n4");
    const effects = start(node, { count: 9 });
    const kinds = effects.map(({ kind }) => kind);
    expect(kinds.indexOf("save")).toBeLessThan(kinds.indexOf("send"));
    expect(node.epoch.count).toBe(10);
    expect(() => start(build(), { count: -1 })).toThrow("the saved count must be a whole number");
  });

  it("a leader of an old one is told, and takes a new one", () => {
    const node = build("n2");
    start(node);
    hear(node, "n3", "coordinator", 5);
    expect(sent(hear(node, "n4", "heartbeat", 2))).toEqual(["stale to n4"]);
    const old = build("n4");
    start(old);
    hear(old, "n2", "stale", 5);
    expect(old.epoch).toEqual({ count: 6, leader: "n4" });
  });

  it("are ordered by their count, then by the leader, n10 after n9", () => {
    expect(isNewer({ count: 2, leader: "n1" }, { count: 1, leader: "n9" })).toBe(true);
    expect(isNewer({ count: 1, leader: "n10" }, { count: 1, leader: "n9" })).toBe(true);
    expect(isNewer({ count: 1, leader: "n1" }, { count: 1, leader: "n1" })).toBe(false);
    expect(compareNames("n10", "n9")).toBeGreaterThan(0);
  });
});

describe("messages of one election, the highest of n dead", () => {
  it.each([3, 4, 8, 20, 50])("of %i: exactly the closed form, whoever begins", (nodes) => {
    for (let starter = 1; starter < nodes; starter += Math.ceil(nodes / 7)) {
      const { messages, leader } = countBullyElection({ nodes, starter });
      const { election, answer, coordinator } = bullyMessages(nodes, starter);
      expect(leader).toBe(`n${nodes - 1}`);
      expect({ answer: 0, ...messages }).toMatchObject({ election, answer, coordinator });
    }
  });

  it("at worst n(n - 1)/2 elections, (n - 1)(n - 2)/2 answers, n - 2 announcements", () => {
    expect(bullyMessages(10, 1)).toEqual({ election: 45, answer: 36, coordinator: 8 });
    expect(bullyMessages(10, 9)).toEqual({ election: 1, answer: 0, coordinator: 8 });
  });
});

it("an option that is wrong is named", () => {
  expect(() => new Bully("n1", [], { answerMs: 0 })).toThrow("answerMs must be from 0.1");
  expect(() => new Bully("n1", [], { patience: 1 } as object)).toThrow('no option "patience"');
});

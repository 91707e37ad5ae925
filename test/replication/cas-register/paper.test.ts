/** Sentences of Rystsov 2018; one node, events made by hand. */
import { describe, expect, it } from "vitest";
import { step } from "dabbawala/protocol";
import { CasClient, CasRegister } from "dabbawala/replication";
import type { CasMessage, CasTimer } from "dabbawala/replication";

const senses = { nowMs: 0, random: () => 0.5 };

function started(saved: Record<string, unknown> = {}): CasRegister {
  const node = new CasRegister("n1", ["n2", "n3"]);
  step(node, { kind: "start", saved }, senses);
  return node;
}

function hear(node: CasRegister, from: string, message: CasMessage) {
  const effects = step<CasMessage, CasTimer>(node, { kind: "message", from, message }, senses);
  return effects.flatMap((effect) => (effect.kind === "send" ? [effect] : []));
}

const vote = (count: number, proposer = "n2") => ({
  proposal: "c1/1",
  key: "x",
  ballot: { count, proposer },
});

describe("section 2.1, an acceptor", () => {
  it("promises, and refuses earlier ballots from then on, after a restart too", () => {
    const node = started();
    expect(hear(node, "n2", { type: "prepare", ...vote(5) })[0].message.type).toBe("promise");
    expect(hear(node, "n3", { type: "prepare", ...vote(4) })[0].message.type).toBe("refuse");
    const state = { version: 1, value: "a", recent: ["c1/1"] };
    expect(hear(node, "n3", { type: "accept", state, ...vote(4) })[0].message.type).toBe("refuse");
    const promised = { count: 5, proposer: "n2" };
    const again = started({ "register/x": { promised, accepted: null } });
    expect(hear(again, "n3", { type: "prepare", ...vote(4) })[0].message.type).toBe("refuse");
  });

  it("no two lives of a proposer have the same ballot", () => {
    const saved = new Map<string, unknown>();
    const ballots = [1, 2].map(() => {
      const node = new CasRegister("n1", ["n2", "n3"]);
      const start = { kind: "start", saved: Object.fromEntries(saved) } as const;
      for (const effect of step<CasMessage, CasTimer>(node, start, senses)) {
        if (effect.kind === "save") saved.set(effect.key, effect.value);
      }
      const [{ message }] = hear(node, "c1", { type: "read", requestId: 1, key: "x" });
      return message.type === "prepare" ? message.ballot : undefined;
    });
    expect(ballots[0]).toEqual({ count: 1, proposer: "n1/1" });
    expect(ballots[1]).toEqual({ count: 1, proposer: "n1/2" });
  });

  it("a new life's first ballot is later than what it has promised before", () => {
    const promised = { count: 5, proposer: "n1/1" };
    const node = started({ life: 1, "register/x": { promised, accepted: null } });
    const [{ message }] = hear(node, "c1", { type: "read", requestId: 1, key: "x" });
    expect(message).toMatchObject({ type: "prepare", ballot: { count: 6, proposer: "n1/2" } });
  });

  it("tells a later proposer what it has accepted", () => {
    const node = started();
    const state = { version: 1, value: "a", recent: ["c1/1"] };
    hear(node, "n2", { type: "accept", state, ...vote(5) });
    const [{ message }] = hear(node, "n3", { type: "prepare", ...vote(6) });
    expect(message).toMatchObject({ type: "promise", accepted: { state } });
  });
});

describe("section 2.2, a proposer", () => {
  it("applies the change to the latest state that a majority tells of", () => {
    const node = started();
    const cas = { type: "cas", requestId: 1, key: "x", expected: 7, value: "b" } as const;
    const [{ message: prepare }] = hear(node, "c1", cas);
    if (prepare.type !== "prepare") throw new Error("no prepare");
    const { proposal, key, ballot } = prepare;
    const told = (from: string, count: number, version: number) =>
      hear(node, from, {
        type: "promise",
        proposal,
        key,
        ballot,
        accepted: {
          ballot: { count, proposer: from },
          state: { version, value: `v${version}`, recent: ["c9/1"] },
        },
      });
    expect(told("n2", 1, 6)).toEqual([]);
    const accepts = told("n3", 2, 7);
    expect(accepts).toHaveLength(3);
    expect(accepts[0].message).toMatchObject({
      state: { version: 8, value: "b", recent: ["c9/1", "c1/1"] },
    });
    expect(hear(node, "n2", { type: "accepted", proposal, key, ballot })).toEqual([]);
    expect(hear(node, "n2", { type: "accepted", proposal, key, ballot })).toEqual([]);
    const [{ to, message }] = hear(node, "n3", { type: "accepted", proposal, key, ballot });
    expect(to).toBe("c1");
    expect(message).toMatchObject({ kind: "ok", version: 8, value: "b" });
  });

  it("refuses options that are wrong", () => {
    expect(() => new CasRegister("n1", [], { attempts: 0 })).toThrow("attempts");
    expect(() => new CasRegister("n1", [], { replyMs: 0 })).toThrow("replyMs");
    expect(() => new CasRegister("n1", [], { retries: 3 } as object)).toThrow('"retries"');
    expect(() => new CasClient("c1", [])).toThrow("names of servers");
    expect(() => new CasClient("c1", ["n1"], { reads: 3 } as object)).toThrow('"reads"');
  });
});

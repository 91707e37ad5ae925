/** Rystsov 2018: one node by hand, then many under faults, whose history must be linearizable. */
import { describe, expect, it } from "vitest";
import { casRegister, checkLinearizable } from "dabbawala/checks";
import { randomFaults, Simulator } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";
import type { HistoryEvent } from "dabbawala/protocol";
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
  });
});

interface Played {
  readonly kind: string;
  readonly done: number;
  readonly unknown: number;
}

function play(seed: number, server: typeof CasRegister): Played {
  const history: HistoryEvent[] = [];
  const simulator = new Simulator<CasMessage, CasTimer>({
    seed,
    isTraced: false,
    network: { latency: { kind: "uniform", minMs: 1, maxMs: 8 } },
    onNote: ({ node, label, detail, atMs }) => {
      if (!node.startsWith("c") || label === "ended") return;
      const call = detail as { f: string; key: string; value?: unknown };
      history.push({ process: node, type: label as HistoryEvent["type"], ...call, time: atMs });
    },
  });
  const names = ["n1", "n2", "n3"];
  for (const id of names) {
    simulator.add(id, server, { peers: names.filter((other) => other !== id) });
  }
  for (const id of ["c1", "c2", "c3"]) simulator.add(id, CasClient, { peers: names });
  const faults = randomFaults({
    seed,
    names,
    untilMs: 1_500,
    omitRate: 0.3,
    crash: { everyMs: 200, minMs: 1, maxMs: 100 },
    pause: { everyMs: 400, minMs: 1, maxMs: 100 },
    partition: { everyMs: 300, minMs: 10, maxMs: 200 },
    network: { everyMs: 300, minMs: 50, maxMs: 300, maxLossRate: 0.3, maxDuplicateRate: 0.5 },
  });
  simulator.schedule(...faults);
  simulator.run({ untilMs: 15_000 });
  const of = (type: string) => history.filter((event) => event.type === type).length;
  const { kind } = checkLinearizable(history, casRegister());
  return { kind, done: of("ok"), unknown: of("info") };
}

describe("storms", () => {
  it("are linearizable, and nearly everything is done", () => {
    let [done, unknown] = [0, 0];
    for (let seed = 1; seed <= 150; seed++) {
      const played = play(seed, CasRegister);
      expect([seed, played.kind]).toEqual([seed, "linearizable"]);
      done += played.done;
      unknown += played.unknown;
    }
    expect(done).toBeGreaterThan(150 * 30);
    expect(unknown).toBeGreaterThan(0);
  }, 120_000);

  const firstFailure = (server: typeof CasRegister): number => {
    for (let seed = 1; seed <= 150; seed++) {
      if (play(seed, server).kind === "not linearizable") return seed;
    }
    return Infinity;
  };

  it("find an acceptor that does not tell what it has accepted", () => {
    class Secretive extends CasRegister {
      protected override toldOf(): null {
        return null;
      }
    }
    expect(firstFailure(Secretive)).toBeLessThan(Infinity);
  }, 60_000);

  it("find an acceptor that votes in any ballot", () => {
    class Fickle extends CasRegister {
      protected override mayVote(): boolean {
        return true;
      }
    }
    expect(firstFailure(Fickle)).toBeLessThan(Infinity);
  }, 60_000);
});

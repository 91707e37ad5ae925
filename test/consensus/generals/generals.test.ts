/** The Byzantine Generals Problem, sentence by sentence, and every lie at small size. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { OralGeneral, SignedGeneral, defaultOrder, generalsNeeded } from "dabbawala/consensus";
import { exploreOral, exploreSigned, majority, oralMessages, playOral } from "dabbawala/consensus";
import {
  oralOutcomes,
  signedMessages,
  simulateGenerals,
  tryThreeGenerals,
} from "dabbawala/consensus";
import type { OralMessage, Order, SignedMessage } from "dabbawala/consensus";
import { step, traceText } from "dabbawala/protocol";
import type { Effect, Event } from "dabbawala/protocol";
import { signed } from "dabbawala/dist/consensus/generals/signatures";

const senses = { nowMs: 0, random: () => 0 };
const start = { kind: "start", saved: {} } as const;
const roundEnds = { kind: "timer", timer: "round" } as const;

function oral(id: string, options = {}) {
  const peers = ["n1", "n2", "n3", "n4"].filter((peer) => peer !== id);
  const node = new OralGeneral(id, peers, options);
  const on = (event: Event<OralMessage, "round">) => step(node, event, senses);
  const hear = (from: string, way: string, order: unknown) => {
    const message = { type: "order", way: way.split(" "), order } as OralMessage;
    return on({ kind: "message", from, message });
  };
  on(start);
  return { node, on, hear, end: () => on(roundEnds) };
}

const sends = (effects: readonly Effect<OralMessage, "round">[]): string[] =>
  effects.flatMap((effect) =>
    effect.kind === "send"
      ? [`${effect.message.way.join(" ")} > ${effect.to}: ${effect.message.order}`]
      : [],
  );

describe("OM(m), section 3", () => {
  it("(1) the commander sends his value to every lieutenant", () => {
    const node = new OralGeneral("n1", ["n2", "n3"], { order: "attack" });
    const sent = sends(step(node, start, senses));
    expect(sent).toEqual(["n1 > n2: attack", "n1 > n3: attack"]);
  });

  it("(2) lieutenant i sends v_i to each of the other lieutenants, as the commander", () => {
    const { hear, end } = oral("n2");
    expect(hear("n1", "n1", "attack")).toEqual([]);
    expect(sends(end())).toEqual(["n1 n2 > n3: attack", "n1 n2 > n4: attack"]);
  });

  it("(2) v_i is RETREAT if he receives no value", () => {
    const { end } = oral("n2");
    expect(sends(end())).toEqual(["n1 n2 > n3: retreat", "n1 n2 > n4: retreat"]);
    expect(defaultOrder).toBe("retreat");
  });

  it("(3) lieutenant i uses the value majority(v_1, ..., v_n-1)", () => {
    const { hear, end, node } = oral("n2");
    hear("n1", "n1", "attack");
    end();
    hear("n3", "n1 n3", "attack");
    hear("n4", "n1 n4", "retreat");
    expect(end()).toContainEqual({ kind: "note", label: "decided", detail: { order: "attack" } });
    expect(node.decision).toBe("attack");
  });

  it("OM(0): each lieutenant uses the value he receives, or RETREAT", () => {
    for (const order of ["attack", "retreat", undefined] as const) {
      const { hear, end, node } = oral("n2", { traitors: 0 });
      if (order !== undefined) hear("n1", "n1", order);
      expect(sends(end())).toEqual([]);
      expect(node.decision).toBe(order ?? "retreat");
    }
  });

  it("majority: of no majority, RETREAT", () => {
    expect(majority(["attack", "retreat"])).toBe("retreat");
    expect(majority(["attack", "attack", "retreat"])).toBe("attack");
    expect(majority([])).toBe("retreat");
  });

  it.each([
    ["by another than who is its last", "n3", "n1 n4"],
    ["not from the commander", "n3", "n3"],
    ["by somebody twice", "n3", "n1 n3 n3"],
    ["by the hearer himself", "n3", "n1 n2 n3"],
    ["of a round that is over", "n1", "n1"],
  ])("A2: a way %s is not heard", (_what, from, way) => {
    const { hear, end, node } = oral("n2", { traitors: 2 });
    end();
    hear(from, way, "attack");
    expect(node.heard.size).toBe(0);
  });

  it("hears one word of a way, and no word that is no order", () => {
    const { hear, node } = oral("n2");
    hear("n1", "n1", "dance");
    hear("n1", "n1", "retreat");
    hear("n1", "n1", "attack");
    expect([...node.heard]).toEqual([["n1", "retreat"]]);
  });

  it("refuses options that make no sense", () => {
    expect(() => new OralGeneral("n1", [], { traitors: -1 })).toThrow(/traitors must be from 0/);
    expect(() => new SignedGeneral("n1", [], { roundMs: 0 })).toThrow(/roundMs must be from 1/);
    const order = "dance" as Order;
    expect(() => new OralGeneral("n1", [], { order })).toThrow(/not "dance"/);
  });
});

describe("oral messages, explored", () => {
  it("section 2: three generals fail with one traitor, whatever rule they follow", () => {
    const { kind, counterexample, how } = exploreOral({ generals: 3, traitors: 1 });
    expect([kind, how]).toEqual(["fails", "played"]);
    expect(counterexample).toMatchObject({
      traitors: ["n3"],
      order: "attack",
      lies: [{ way: ["n1", "n3"], to: "n2", says: "retreat" }],
      broken: "IC2: the loyal commander orders attack, n2 decides to retreat",
    });
    expect(tryThreeGenerals()).toMatchObject({ pairs: 256, safe: 0 });
  });

  it.each([
    [4, 1, 16],
    [5, 1, 32],
    [6, 1, 64],
  ])(
    "theorem 1: %i generals agree with %i traitor, in all %i behaviours",
    (generals, traitors, all) => {
      const found = exploreOral({ generals, traitors });
      expect(found).toMatchObject({ kind: "holds", how: "played", behaviours: all, broken: 0 });
      expect(found.outcomes).toBe(4);
    },
  );

  it("theorem 1: 7 agree with 2 traitors, in all 2,200,096,997,376 behaviours; 6 do not", () => {
    const seven = exploreOral({ generals: 7, traitors: 2 });
    expect(seven).toMatchObject({ kind: "holds", how: "counted", outcomes: 4 });
    expect(seven.behaviours).toBe(2 ** 30 + 2 * 2 ** 40);
    expect(exploreOral({ generals: 6, traitors: 2 })).toMatchObject({ kind: "fails" });
  });

  it("one round is too few: OM(0) fails with a traitor, OM(1) with two", () => {
    expect(exploreOral({ generals: 4, traitors: 1, rounds: 0 }).kind).toBe("fails");
    expect(exploreOral({ generals: 7, traitors: 2, rounds: 1 }).kind).toBe("fails");
  });

  it("what is counted is what every behaviour played comes to", () => {
    for (const [generals, traitors] of [
      [3, 1],
      [4, 1],
      [5, 1],
      [5, 2],
    ] as const) {
      const played = exploreOral({ generals, traitors });
      expect(played.how).toBe("played");
      const of = (isCommanderLoyal: boolean, order: Order) =>
        oralOutcomes({
          generals,
          rounds: traitors,
          isCommanderLoyal,
          traitorLieutenants: traitors - (isCommanderLoyal ? 0 : 1),
          order,
        }).length;
      const counted = of(false, "attack") + of(true, "attack") + of(true, "retreat");
      expect([generals, traitors, counted]).toEqual([generals, traitors, played.outcomes]);
    }
  });

  it("7 generals whose 2 traitors lie at random, played: always an outcome that was counted", () => {
    const names = Array.from({ length: 7 }, (_, i) => `n${i + 1}`);
    const random = new Random(7);
    const ways = names
      .slice(1)
      .flatMap((one) => [[one], ...names.slice(1).map((two) => [one, two])]);
    for (let run = 0; run < 300; run++) {
      const traitors = random.shuffle(names).slice(0, 2);
      const lies = [[], ...ways].flatMap((way) =>
        names.map((to) => {
          const says: Order = random.chance(0.5) ? "attack" : "retreat";
          return { way: ["n1", ...way], to, says };
        }),
      );
      const order: Order = random.chance(0.5) ? "attack" : "retreat";
      const played = playOral({ names, rounds: 2, traitors, order, lies });
      expect(played.broken).toBeUndefined();
    }
  });
});

function signedGeneral(id: string, traitors = 1) {
  const peers = ["n1", "n2", "n3"].filter((peer) => peer !== id);
  const node = new SignedGeneral(id, peers, { traitors });
  const on = (event: Event<SignedMessage, "round">) => step(node, event, senses);
  const hear = (from: string, message: SignedMessage) => on({ kind: "message", from, message });
  on(start);
  return { node, hear, end: () => on(roundEnds) };
}

function order(order: Order, ...way: string[]): SignedMessage {
  let signatures: readonly string[] = [];
  way.forEach((_, i) => (signatures = signed(order, way.slice(0, i + 1), signatures)));
  return { type: "signedOrder", order, way, signatures };
}

describe("SM(m), section 4", () => {
  it("(1) the commander signs and sends his value to every lieutenant", () => {
    const node = new SignedGeneral("n1", ["n2", "n3"], { order: "attack" });
    const effects = step(node, start, senses);
    const message = order("attack", "n1");
    expect(effects).toContainEqual({ kind: "send", to: "n2", message });
    expect(effects).toContainEqual({ kind: "send", to: "n3", message });
  });

  it("(2) of v:0 he lets V be {v} and sends v:0:i to every other lieutenant", () => {
    const { node, hear, end } = signedGeneral("n2");
    hear("n1", order("attack", "n1"));
    expect([...node.orders.keys()]).toEqual(["attack"]);
    const message = order("attack", "n1", "n2");
    expect(end().filter(({ kind }) => kind === "send")).toEqual([
      { kind: "send", to: "n3", message },
    ]);
  });

  it("(2B) of v:0:j1:...:jk he adds v, and if k < m signs and sends it to those not named", () => {
    const { node, hear, end } = signedGeneral("n2", 2);
    hear("n1", order("attack", "n1"));
    end();
    hear("n3", order("retreat", "n1", "n3"));
    expect([...node.orders.keys()]).toEqual(["attack", "retreat"]);
    expect(end().filter(({ kind }) => kind === "send")).toEqual([]);
    end();
    expect(node.decision).toBe("retreat");
  });

  it("(3) he obeys choice(V): the only order there is, or RETREAT", () => {
    for (const [given, choice] of [
      [["attack"], "attack"],
      [["retreat"], "retreat"],
      [["attack", "retreat"], "retreat"],
      [[], "retreat"],
    ] as [Order[], Order][]) {
      const { node, hear, end } = signedGeneral("n2");
      for (const each of given) hear("n1", order(each, "n1"));
      end();
      end();
      expect(node.decision).toBe(choice);
    }
  });

  it.each([
    ["altered", "n1", { ...order("attack", "n1"), order: "retreat" as const }],
    ["signed by another than it says", "n1", { ...order("attack", "n3"), way: ["n1"] }],
    ["that lacks a signature", "n1", { ...order("attack", "n1"), signatures: [] }],
    ["with a signature that is no text", "n1", { ...order("attack", "n1"), signatures: [7] }],
    ["with no list of signatures", "n1", { ...order("attack", "n1"), signatures: "n1" }],
    ["brought by another than who signed last", "n3", order("attack", "n1")],
    ["that comes a round too late", "n3", order("attack", "n1", "n3")],
  ])("A4: a message %s does not count", (_what, from, message) => {
    const { node, hear } = signedGeneral("n2");
    hear(from, message as SignedMessage);
    expect(node.orders.size).toBe(0);
  });
});

describe("signed messages, explored", () => {
  it.each([
    [3, 1],
    [4, 1],
    [4, 2],
    [3, 2],
  ])(
    "theorem 2: %i generals agree with %i traitors, whatever these can sign",
    (generals, traitors) => {
      const { kind, choices } = exploreSigned({ generals, traitors });
      expect(kind).toBe("holds");
      expect(choices).toBeGreaterThan(generals * traitors);
    },
  );

  it("m rounds of relays are needed: SM(1) fails with two traitors, one of them the commander", () => {
    const { kind, counterexample } = exploreSigned({ generals: 4, traitors: 2, rounds: 1 });
    expect(kind).toBe("fails");
    expect(counterexample).toMatchObject({
      traitors: ["n1", "n4"],
      broken: "IC1: n2 decides to retreat, n3 decides to attack",
    });
    // The traitor shows the commander's signature in the last round, to one general only.
    expect(counterexample?.sends.map((sent) => sent.length)).toEqual([0, 1]);
  });
});

describe("messages", () => {
  it.each([
    [4, 1, 9],
    [7, 2, 156],
    [10, 3, 3_609],
  ])("OM of %i generals and %i traitors: %i, by formula and in the simulator", (n, m, expected) => {
    expect(oralMessages(n, m)).toBe(expected);
    const { messages, decisions } = simulateGenerals({ algorithm: "oral", generals: n, rounds: m });
    expect(messages).toBe(expected);
    expect(decisions.every(({ decision }) => decision === "attack")).toBe(true);
  });

  it.each([
    [3, 1, 4],
    [4, 2, 9],
    [10, 3, 81],
  ])("SM of %i loyal generals, m = %i: (n - 1)^2 = %i", (generals, rounds, expected) => {
    expect(signedMessages(generals)).toBe(expected);
    expect(simulateGenerals({ algorithm: "signed", generals, rounds }).messages).toBe(expected);
  });

  it("3m + 1 generals, or m + 2 that sign", () => {
    expect([1, 2, 3].map((m) => generalsNeeded(m, "oral"))).toEqual([4, 7, 10]);
    expect([1, 2, 3].map((m) => generalsNeeded(m, "signed"))).toEqual([3, 4, 5]);
  });
});

describe("stories", () => {
  const stories = join(__dirname, "stories");

  it("a traitor among three: the loyal lieutenant cannot tell who lies", async () => {
    const { counterexample } = exploreOral({ generals: 3, traitors: 1 });
    const { trace, decisions } = simulateGenerals({
      algorithm: "oral",
      generals: 3,
      ...counterexample,
    });
    expect(decisions).toEqual([{ id: "n2", decision: "retreat" }]);
    await expect(traceText(trace)).toMatchFileSnapshot(join(stories, "three-generals.story.txt"));
  });

  it("a traitor who commands three lieutenants: they agree all the same", async () => {
    const lies = (["attack", "retreat", "attack"] as const).map((says, i) => {
      return { way: ["n1"], to: `n${i + 2}`, says };
    });
    const { trace, decisions } = simulateGenerals({
      algorithm: "oral",
      generals: 4,
      traitors: ["n1"],
      lies,
    });
    expect(decisions.map(({ decision }) => decision)).toEqual(["attack", "attack", "attack"]);
    await expect(traceText(trace)).toMatchFileSnapshot(join(stories, "four-generals.story.txt"));
  });

  it("a commander who signs both orders is found out", () => {
    const sends = [
      [
        { to: "n2", message: order("attack", "n1") },
        { to: "n3", message: order("retreat", "n1") },
      ],
    ];
    const options = { algorithm: "signed", generals: 3, traitors: ["n1"], sends } as const;
    const { decisions } = simulateGenerals(options);
    expect(decisions.map(({ decision }) => decision)).toEqual(["retreat", "retreat"]);
  });
});

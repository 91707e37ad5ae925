/** One test a rule: one centre, hand-made events, the effects that it asks for. */
import { describe, expect, it } from "vitest";
import { step } from "dabbawala/protocol";
import type { Effect, Event } from "dabbawala/protocol";
import { CountingCentre, PollingParty, quorumOf } from "dabbawala/scenarios/eci";
import type { AttestationMessage, AttestationTimer } from "dabbawala/scenarios/eci";
import { book, by, centres, sealed, second, secretKeys, total, unsealed } from "./seven";

type AttestationEffect = Effect<AttestationMessage, AttestationTimer>;

const senses = { nowMs: 0, random: () => 0 };

class One {
  readonly centre: CountingCentre;

  constructor(saved: Record<string, unknown> = {}, id = "n1") {
    const peers = centres.filter((centre) => centre !== id);
    this.centre = new CountingCentre(id, peers, { book, secretKeys });
    this.step({ kind: "start", saved });
  }

  step(event: Event<AttestationMessage, AttestationTimer>): AttestationEffect[] {
    return step(this.centre, event, senses);
  }

  hear(message: AttestationMessage, from = "n2"): AttestationEffect[] {
    return this.step({ kind: "message", from, message });
  }

  hearWord(attestation = by("n2")): AttestationEffect[] {
    return this.hear({ type: "attest", attestation });
  }
}

function sent(effects: readonly AttestationEffect[], type: AttestationMessage["type"]) {
  return effects.filter((effect) => effect.kind === "send" && effect.message.type === type);
}

function notes(effects: readonly AttestationEffect[]): string[] {
  return effects.flatMap((effect) => (effect.kind === "note" ? [effect.label] : []));
}

describe("a word", () => {
  it("is saved before it is sent to all others", () => {
    const effects = new One().hear({ type: "report", sealed });
    const kinds = effects.map(({ kind }) => kind);
    expect(kinds.indexOf("save")).toBeLessThan(kinds.indexOf("send"));
    expect(effects[0]).toEqual({ kind: "save", key: "own/CU1", value: by("n1") });
    expect(sent(effects, "attest")).toHaveLength(6);
  });

  it("is given once: not again for the same total, not for another one", () => {
    const one = new One();
    one.hear({ type: "report", sealed });
    expect(sent(one.hear({ type: "report", sealed }), "attest")).toEqual([]);
    expect(sent(one.hear({ type: "report", sealed: second }), "attest")).toEqual([]);
    expect(one.centre.own.get("CU1")?.total).toBe(total);
  });

  it("is remembered over a restart", () => {
    const one = new One({ "own/CU1": by("n1") });
    expect(sent(one.hear({ type: "report", sealed: second }), "attest")).toEqual([]);
  });

  it("is given on another centre's word too, since the machine's seal is in it", () => {
    expect(sent(new One().hearWord(by("n2")), "attest")).toHaveLength(6);
  });

  it("is refused to what the machine did not seal, and to what does not add up", () => {
    const one = new One();
    expect(notes(one.hear({ type: "report", sealed: unsealed }))).toEqual(["refused"]);
    const wrong = "CU1,650,700,3,312;288;45";
    const broken = { ...sealed, total: wrong };
    expect(notes(one.hear({ type: "report", sealed: broken }))).toEqual(["refused"]);
    expect(one.centre.own.size).toBe(0);
  });
});

describe("a total stands", () => {
  it("with the word of 2f + 1 of 3f + 1, not before", () => {
    expect(quorumOf(book)).toEqual({ faulty: 2, matching: 5 });
    const one = new One();
    for (const centre of ["n2", "n3", "n4"]) one.hearWord(by(centre));
    expect(one.centre.standing.size).toBe(0);
    expect(notes(one.hearWord(by("n5")))).toContain("stands");
    expect(one.centre.standing.get("CU1")?.attestations).toHaveLength(5);
  });

  it("not by the same words heard again", () => {
    const one = new One();
    for (let i = 0; i < 9; i++) one.hearWord(by("n2"));
    expect(one.centre.standing.size).toBe(0);
  });

  it("not by words that their centres did not sign", () => {
    const one = new One();
    const forged = { ...by("n2"), centre: "n3" };
    expect(notes(one.hearWord(forged))).toEqual(["forged"]);
    expect(one.centre.machines.size).toBe(0);
  });

  it("by a certificate from another, if all its signatures fit", () => {
    const attestations = ["n3", "n4", "n5", "n6", "n7"].map((centre) => by(centre));
    const copies = (changes: object): AttestationMessage => {
      const certificates = [{ machine: "CU1", total, attestations, ...changes }];
      return { type: "copies", attestations: [], certificates, evidence: [] };
    };
    const one = new One();
    expect(notes(one.hear(copies({ attestations: attestations.slice(1) })))).toEqual([
      "badCertificate",
    ]);
    expect(notes(one.hear(copies({ total: second.total })))).toEqual(["badCertificate"]);
    expect(notes(one.hear(copies({})))).toEqual(["stands"]);
  });

  it("and whoever asked for it is answered with the certificate", () => {
    const one = new One();
    const asked = one.hear({ type: "report", requestId: 7, sealed }, "c1");
    expect(sent(asked, "received")).toHaveLength(1);
    for (const centre of ["n2", "n3", "n4"]) one.hearWord(by(centre));
    const [answer] = sent(one.hearWord(by("n5")), "received");
    expect(answer).toMatchObject({ to: "c1", message: { requestId: 7, machine: "CU1" } });
  });
});

describe("a liar is named", () => {
  it("by its own word, when the machine did not seal it", () => {
    const one = new One();
    one.hear({ type: "report", sealed });
    const effects = one.hearWord(by("n2", unsealed));
    expect(one.centre.named.get("n2")?.kind).toBe("falseTotal");
    expect(sent(effects, "accuse")).toHaveLength(6);
  });

  it("also when its word came before the machine's total", () => {
    const one = new One();
    one.hearWord(by("n2", unsealed));
    expect(one.centre.named.size).toBe(0);
    one.hear({ type: "report", sealed });
    expect(one.centre.named.get("n2")?.kind).toBe("falseTotal");
  });

  it("by two words of its own, though the machine's key sealed both", () => {
    const one = new One();
    one.hearWord(by("n2"));
    one.hearWord(by("n2", second));
    expect(one.centre.named.get("n2")?.kind).toBe("equivocation");
    expect(one.centre.named.get("CU1")?.kind).toBe("twoTotals");
  });

  it("by evidence from others that holds; evidence that does not is slander", () => {
    const one = new One();
    const evidence = { kind: "equivocation", liar: "n3", first: by("n3") } as const;
    const slander = { ...evidence, second: { ...by("n3"), total: second.total } };
    expect(notes(one.hear({ type: "accuse", evidence: slander }))).toEqual(["slander"]);
    const proof = { ...evidence, second: by("n3", second) };
    expect(notes(one.hear({ type: "accuse", evidence: proof }))).toEqual(["named"]);
    expect(one.hear({ type: "accuse", evidence: proof })).toEqual([]);
  });

  it("not for a second total of a machine whose key was stolen: the machine is", () => {
    const one = new One();
    one.hear({ type: "report", sealed });
    one.hearWord(by("n2", second));
    expect([...one.centre.named.keys()]).toEqual(["CU1"]);
  });
});

describe("messages", () => {
  it("of another shape do nothing", () => {
    const one = new One();
    const texts = [
      ...['{"type":"attest"}', '{"type":"accuse","evidence":{"liar":"n2"}}', '{"type":"none"}'],
      ...['{"type":"compare","held":null,"named":[]}', '{"type":"copies","attestations":7}'],
      ...['{"type":"report","sealed":{"machine":"CU1","total":7,"seal":""}}', "null", "7", "[]"],
    ];
    for (const text of texts) {
      expect(notes(one.hear(JSON.parse(text) as AttestationMessage))).toEqual(["malformed"]);
    }
  });

  it("that compare are answered by what the other lacks, and by nothing when all is equal", () => {
    const [one, other] = [new One(), new One({}, "n3")];
    const compare = (of: One): AttestationMessage => {
      const [effect] = sent(of.step({ kind: "timer", timer: "sync" }), "compare");
      if (effect?.kind !== "send") throw new Error("nothing is compared");
      return effect.message;
    };
    one.hear({ type: "report", sealed });
    one.hearWord(by("n2", unsealed));
    const [answer] = sent(one.hear(compare(other), "n3"), "copies");
    if (answer?.kind !== "send") throw new Error("no copies");
    other.hear(answer.message, "n2");
    expect(other.centre.named.get("n2")?.kind).toBe("falseTotal");
    one.hearWord(other.centre.own.get("CU1"));
    expect(one.hear(compare(other), "n3")).toEqual([]);
  });
});

describe("a polling party", () => {
  it("believes a certificate, and no centre", () => {
    const party = new PollingParty("c1", centres, { book, reports: [sealed] });
    const hear = (message: AttestationMessage): AttestationEffect[] =>
      step(party, { kind: "message", from: "n1", message }, senses);
    const attestations = ["n3", "n4", "n5", "n6", "n7"].map((centre) => by(centre));
    const received = (changes: object): AttestationMessage => {
      const certificate = { machine: "CU1", total, attestations, ...changes };
      return { type: "received", requestId: 0, machine: "CU1", certificate };
    };
    expect(hear(null as never)).toEqual([]);
    const thrice = [0, 1, 2, 3, 4].map(() => by("n2"));
    expect(notes(hear(received({ attestations: thrice })))).toEqual(["badCertificate"]);
    expect(notes(hear(received({})))).toEqual(["stood"]);
    expect(step(party, { kind: "timer", timer: "retry" }, senses)).toEqual([]);
  });
});

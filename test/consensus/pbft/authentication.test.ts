/** Sections 4.2 and 5.2: nothing from outside is believed before it is verified. */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkEvidence, Pbft, pbftKeys, publicKeysOf } from "dabbawala/consensus";
import type { PbftEvidence, PbftMessage } from "dabbawala/consensus";
import {
  authenticationOf,
  defaultAuthentication,
} from "dabbawala/dist/consensus/pbft/authentication/index";

import type { PbftReply } from "dabbawala/dist/consensus/pbft/messages";
import { OneReplica, batchAt, commit, dropped, prePrepare, prepare, replicas } from "./one-replica";
import { request, say, sent, viewChange } from "./one-replica";

const kinds = ["signatures", "macs"] as const;

describe.each(kinds)("proofs by %s", (authentication) => {
  const of = (id: string, keySeed = "dabbawala") =>
    authenticationOf(id, { ...defaultAuthentication, authentication, keySeed });

  it("convince their receivers, of this text by this sender only", () => {
    const proof = of("n1").prove("text", ["n2", "n3"]);
    expect(of("n2").isProven("text", "n1", proof)).toBe(true);
    expect(of("n2").isProven("other", "n1", proof)).toBe(false);
    expect(of("n2").isProven("text", "n3", proof)).toBe(false);
    expect(of("n2", "other seed").isProven("text", "n1", proof)).toBe(false);
  });

  it("are the same whenever they are made, so that runs can be repeated", () => {
    expect(of("n1").prove("text", ["n2"])).toEqual(of("n1").prove("text", ["n2"]));
  });

  it("may be made with keys that are given", () => {
    const keys = pbftKeys("secret", ["n1", "n2"]);
    const own = (id: string) => ({ ...defaultAuthentication, authentication, keys: keys[id] });
    const proof = authenticationOf("n1", own("n1")).prove("text", ["n2"]);
    const judge = authenticationOf("n2", own("n2"));
    expect(judge.isProven("text", "n1", proof)).toBe(true);
    expect(judge.isProven("text", "n3", proof)).toBe(false);
    expect(judge.isProven("text", "constructor", proof)).toBe(false);
  });

  it("of any other form are no proofs, and nothing is thrown", () => {
    const judge = of("n2");
    fc.assert(
      fc.property(fc.anything(), (proof) => !judge.isProven("text", "n1", proof)),
      { seed: 7 },
    );
  });
});

it("a signature in other words for the same bytes is none", () => {
  const of = (id: string) => authenticationOf(id, defaultAuthentication);
  const signature = of("n1").prove("text", []) as string;
  const spare = signature.slice(0, -1) + String.fromCharCode(signature.charCodeAt(85) + 1);
  expect(Buffer.from(spare, "base64url")).toEqual(Buffer.from(signature, "base64url"));
  expect(of("n2").isProven("text", "n1", spare)).toBe(false);
});

it("a code is HMAC-SHA256 of the text, with the key that two nodes share", () => {
  const keys = pbftKeys("secret", ["n1", "n2"]);
  const own = { ...defaultAuthentication, authentication: "macs", keys: keys["n1"] } as const;
  const key = Buffer.from(keys["n1"].pairKeys["n2"], "base64url");
  const long = "रुपया".repeat(2_000);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "grapheme" }), fc.constant(long)), (text) => {
      const whole = createHmac("sha256", key).update(text).digest("base64url");
      const codes = authenticationOf("n1", own).prove(text, ["n2"]);
      expect(codes).toEqual({ n2: whole.slice(0, 22) });
    }),
    { seed: 3 },
  );
});

describe("malformed messages", () => {
  const whole: PbftMessage[] = [
    request(1),
    prePrepare(),
    prepare("n3"),
    commit("n3"),
    viewChange("n3", 1),
    { type: "batch", sequence: 1, digest: "A".repeat(43), requests: batchAt(1) },
    { type: "statePage", sequence: 1, page: 0, text: "" },
  ];

  it("without a field, with one too many or with one of another kind, are dropped and counted", () => {
    for (const message of whole) {
      const node = new OneReplica("n2");
      const broken = Object.keys(message).flatMap((name) => {
        const without = Object.fromEntries(
          Object.entries(message).filter(([other]) => other !== name),
        );
        return [without, { ...message, [name]: { toString: 1 } }, { ...message, [name]: -1 }];
      });
      const all = [...broken, { ...message, extra: 1 }] as unknown as PbftMessage[];
      for (const one of all)
        expect(node.hear(one).filter(({ kind }) => kind !== "note")).toEqual([]);
      expect(dropped(node, "shape")).toBe(all.length);
    }
  });

  it("of any kind at all never throw", () => {
    const node = new OneReplica("n2");
    const words = fc.constantFrom("request", "prePrepare", "newView", "statePages", "__proto__");
    const thing = fc.oneof(fc.anything(), fc.record({ type: words, view: fc.anything() }));
    fc.assert(
      fc.property(thing, (message) => {
        node.hear(...([message] as unknown as PbftMessage[]));
      }),
      { seed: 11 },
    );
    expect(node.pbft.slots.size).toBe(0);
  });

  it("nested as deep as they like are dropped", () => {
    const text = "[".repeat(200_000) + "]".repeat(200_000);
    const operation = { command: JSON.parse(text) as unknown };
    const node = new OneReplica("n2");
    node.hear({ ...request(1), operation });
    expect(dropped(node, "shape")).toBe(1);
  });

  it("that repeat the own words are not needed", () => {
    const node = new OneReplica("n2");
    const [{ message }] = sent(node.hear(prePrepare()), "prepare");
    node.hear(message);
    expect(dropped(node, "unneeded")).toBe(1);
  });

  it("of a replica that asks for something, as if it were a client, are dropped", () => {
    const node = new OneReplica("n2");
    node.hear(request(1, { client: "n3" }));
    expect(dropped(node, "sender")).toBe(1);
  });
});

describe("section 5.2, codes instead of signatures", () => {
  const authentication = "macs";
  const at = { authentication } as const;

  it("a request whose code is wrong for this replica is taken when f backups prepare it", () => {
    const node = new OneReplica("n2", { authentication });
    const whole = request(1, at);
    const proof = { ...(whole.proof as Record<string, string>), n2: "A".repeat(22) };
    const requests = [{ ...whole, proof }];
    const message = prePrepare({ ...at, requests });
    expect(sent(node.hear(message), "prepare")).toEqual([]);
    expect(sent(node.hear(prepare("n3", { ...at, requests })), "prepare")).toHaveLength(3);
  });

  it("with signatures such a request is never taken", () => {
    const node = new OneReplica("n2");
    const requests = [{ ...request(1), proof: request(2).proof }];
    node.hear(prePrepare({ requests }), prepare("n3", { requests }), prepare("n4", { requests }));
    expect(node.pbft.slots.get(1)?.prePrepare).toBe(null);
  });

  it("view changes claim what was prepared and pre-prepared, under a signature", () => {
    const node = new OneReplica("n3", { authentication });
    node.hear(prePrepare(at), prepare("n2", at), prePrepare({ ...at, sequence: 2 }));
    const [{ message }] = sent(node.ring("request"), "viewChange");
    expect(message.proof).toHaveLength(86);
    expect(message.prepared).toMatchObject([{ kind: "claim", sequence: 1, view: 0 }]);
    expect(message.prePrepared.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });
});

describe("evidence", () => {
  const keys = publicKeysOf("dabbawala", replicas);
  const pair: PbftEvidence = {
    accused: "n1",
    first: prePrepare(),
    second: prePrepare({ requests: batchAt(7) }),
  };

  it("of two signed messages convinces a third party", () => {
    expect(checkEvidence(pair, keys)).toEqual({
      kind: "proven",
      accused: "n1",
      sentence: "n1 said two things as its prePrepare of view 0, sequence 1",
    });
  });

  it.each<[string, PbftEvidence]>([
    ["two equal messages", { ...pair, second: pair.first }],
    ["messages of different views", { ...pair, second: prePrepare({ view: 4 }) }],
    ["messages of different kinds", { ...pair, second: prepare("n1") }],
    ["somebody else's message", { ...pair, accused: "n2" }],
    ["a forged signature", { ...pair, second: { ...pair.second, proof: pair.first.proof } }],
    [
      "codes, which prove nothing to others",
      { ...pair, second: prePrepare({ requests: batchAt(7), authentication: "macs" }) },
    ],
    ["something that is no message", { ...pair, second: null as never }],
  ])("of %s is rejected", (_, evidence) => {
    expect(checkEvidence(evidence, keys).kind).toBe("rejected");
  });

  it("needs the key of the accused", () => {
    expect(checkEvidence(pair, {})).toMatchObject({ kind: "rejected" });
  });

  it("is what a replica keeps when it is lied to", () => {
    const node = new OneReplica("n2");
    node.hear(
      prePrepare(),
      prePrepare({ requests: batchAt(7) }),
      prePrepare({ requests: batchAt(8) }),
    );
    expect(node.pbft.evidence).toHaveLength(1);
    expect(checkEvidence(node.pbft.evidence[0], keys).kind).toBe("proven");
  });

  it("does not arise from answers to different questions", () => {
    const reply = (timestamp: number, result: unknown) =>
      say<PbftReply>({
        type: "reply",
        view: 0,
        timestamp,
        client: "c1",
        replica: "n1",
        isReadOnly: false,
        result,
      });
    const two = { accused: "n1", first: reply(1, "a"), second: reply(2, "b") } as never;
    expect(checkEvidence(two, keys).kind).toBe("rejected");
    const lie = { accused: "n1", first: reply(1, "a"), second: reply(1, "b") } as never;
    expect(checkEvidence(lie, keys).kind).toBe("proven");
  });
});

describe("options", () => {
  it.each([
    [{ checkpointEvery: 0 }, "checkpointEvery"],
    [{ checkpointEvery: 10, watermarkWindow: 5 }, "watermarkWindow"],
    [{ requestTimeoutMs: 0 }, "requestTimeoutMs"],
    [{ authentication: "trust" as never }, "authentication"],
    [{ machine: "toaster" }, "toaster"],
    [{ keys: { privateKey: "short", publicKeys: {}, pairKeys: {} } }, "keys"],
    [{ speed: 9 } as never, "speed"],
  ])("%j are refused with a sentence that names the option", (options, name) => {
    expect(() => new Pbft("n1", ["n2"], options)).toThrow(RangeError);
    expect(() => new Pbft("n1", ["n2"], options)).toThrow(name);
  });
});

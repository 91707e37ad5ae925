/** Chord: a test a sentence of the papers, one node, events by hand. */
import { describe, expect, it } from "vitest";
import { Chord, chordPlace } from "dabbawala/partitioning";
import { murmur32 } from "dabbawala/basics";
import { isBetween, isIn } from "dabbawala/dist/partitioning/chord/places";
import { OneNode, circle, figure, noted, sent } from "./one-node";

/** Stabilises, and this neighbour does not answer. */
function fail(node: OneNode, neighbour: string) {
  const asked = sent(node.ring("stabilize"), "state").find(({ to }) => to === neighbour);
  return node.ring(`call/${asked?.message.requestId as number}`);
}

describe("section IV.B: places on the circle", () => {
  it("a name's place is its hash, cut to the bits", () => {
    const options = { bits: 32, places: {} };
    expect(chordPlace(options, "train 12951")).toBe(murmur32("train 12951"));
    expect(chordPlace({ ...options, bits: 8 }, "a")).toBe(Math.floor(murmur32("a") / 2 ** 24));
    expect(chordPlace(circle, "n14")).toBe(14);
  });

  it("arcs go round past 0, and from a place to itself they are the whole circle", () => {
    expect([60, 3, 8, 56, 30].map((place) => isIn(place, { after: 56, upTo: 8 }))).toEqual([
      ...[true, true, true, false, false],
    ]);
    expect([60, 8, 56].map((place) => isBetween(place, 56, 8))).toEqual([true, false, false]);
    expect([5, 6].map((place) => isIn(place, { after: 5, upTo: 5 }))).toEqual([true, true]);
    expect([5, 6].map((place) => isBetween(place, 5, 5))).toEqual([false, true]);
  });

  it("a key belongs to the first node at its place or after it (figure 2)", () => {
    const owned = [10, 24, 30, 38, 54].map((place) => {
      const asked = figure.find((id) => {
        const node = new OneNode(id);
        const effects = node.hear("c1", { type: "lookup", place, requestId: 1 });
        return sent(effects, "owner").some(({ message }) => message.hops === 0);
      });
      return asked;
    });
    expect(owned).toEqual(["n14", "n32", "n32", "n38", "n56"]);
  });
});

describe("section IV.D: lookups", () => {
  /** n8 of figure 4, with the fingers that the figure shows. */
  function n8(): OneNode {
    const node = new OneNode("n8", { successors: 1 });
    const owners = ["n14", "n14", "n14", "n21", "n32", "n42"];
    owners.forEach((owner, i) => (node.chord.fingers[i] = owner));
    return node;
  }

  it("a key between the node and its successor is the successor's: one hop", () => {
    const effects = n8().hear("c1", { type: "lookup", place: 10, requestId: 4 });
    expect(sent(effects, "owner")).toEqual([
      { to: "c1", message: { type: "owner", owner: "n14", hops: 1, requestId: 4 } },
    ]);
  });

  it("else the closest finger before the key is asked: 54 goes to n42, then n51 (figure 4)", () => {
    const node = n8();
    const [first] = sent(node.hear("c1", { type: "lookup", place: 54, requestId: 4 }), "step");
    expect(first?.to).toBe("n42");
    const answer = { type: "stepIs", owners: [], closer: ["n51", "n48"] } as const;
    const requestId = first?.message.requestId as number;
    const [second] = sent(node.hear("n42", { ...answer, requestId }), "step");
    expect(second?.to).toBe("n51");
    const last = { type: "stepIs", owners: ["n56", "n1"], closer: [] } as const;
    const effects = node.hear("n51", { ...last, requestId: second?.message.requestId as number });
    expect(sent(effects, "owner")[0]?.message).toMatchObject({ owner: "n56", hops: 3 });
    expect(node.chord.searches.size).toBe(0);
  });

  it("a node that is asked names its three closest, the best first, or the owners", () => {
    const node = new OneNode("n8");
    const owners = ["n14", "n14", "n14", "n21", "n32", "n42"];
    owners.forEach((owner, i) => (node.chord.fingers[i] = owner));
    const ask = (place: number) => {
      const [answer] = sent(node.hear("n1", { type: "step", requestId: 3, place }), "stepIs");
      return answer?.message;
    };
    expect(ask(54)).toMatchObject({ owners: [], closer: ["n42", "n32", "n21"] });
    expect(ask(14)).toMatchObject({ owners: ["n14", "n21", "n32"], closer: [] });
  });

  it("section IV.E.4: who does not answer in time is passed over, and is no finger any more", () => {
    const node = n8();
    const [first] = sent(node.hear("c1", { type: "lookup", place: 54, requestId: 4 }), "step");
    const again = node.ring(`call/${first?.message.requestId as number}`);
    expect(sent(again, "step").map(({ to }) => to)).toEqual(["n32"]);
    expect(node.chord.fingers).not.toContain("n42");
  });

  it("who knows nobody else says so", () => {
    const node = n8();
    node.hear("c1", { type: "lookup", place: 54, requestId: 4 });
    const rounds = Array.from({ length: 5 }, () => node.ring(`call/${node.chord.requests}`));
    const [error] = rounds.flatMap((effects) => sent(effects, "error"));
    expect(error).toMatchObject({ to: "c1", message: { requestId: 4, code: 11 } });
  });
});

describe("section IV.E.1: joins and stabilisation", () => {
  it("n26 joins between n21 and n32 (figure 6): it asks for its place, then for n32's list", () => {
    const node = new OneNode("n26");
    expect(node.chord.part).toBe("outside");
    const [step] = sent(node.hear("outside", { type: "join", through: "n8" }), "step");
    expect(step).toMatchObject({ to: "n8", message: { place: 26 } });
    const requestId = step?.message.requestId as number;
    const owners = ["n32", "n38", "n42"];
    const found = node.hear("n8", { type: "stepIs", requestId, owners, closer: [] });
    const [asked] = sent(found, "state");
    expect(asked?.to).toBe("n32");
    expect(node.chord.part).toBe("joining");
    node.answer(asked, { predecessor: "n21", successors: ["n38", "n42", "n48"] });
    expect(node.chord).toMatchObject({ part: "member", predecessor: null });
    expect(node.chord.successors).toEqual(["n32", "n38", "n42"]);
  });

  it("a new node tells its successor, which takes it for its predecessor", () => {
    const node = new OneNode("n32");
    node.hear("n26", { type: "notify" });
    expect(node.chord.predecessor).toBe("n26");
    node.hear("n14", { type: "notify" });
    expect(node.chord.predecessor).toBe("n26");
  });

  it("n21 hears of n26 from n32, asks it, and adopts it with its list", () => {
    const node = new OneNode("n21");
    const [asked] = sent(node.ring("stabilize"), "state").filter(({ to }) => to === "n32");
    const list = ["n38", "n42", "n48"];
    const [nearer] = sent(node.answer(asked, { predecessor: "n26", successors: list }), "state");
    expect(nearer?.to).toBe("n26");
    expect(node.chord.successors).toEqual(["n32", "n38", "n42"]);
    const effects = node.answer(nearer, { successors: ["n32", "n38", "n42"] });
    expect(node.chord.successors).toEqual(["n26", "n32", "n38"]);
    expect(sent(effects, "notify").map(({ to }) => to)).toEqual(["n26"]);
  });

  it("Zave: one that does not answer is not adopted", () => {
    const node = new OneNode("n21");
    const [asked] = sent(node.ring("stabilize"), "state").filter(({ to }) => to === "n32");
    const list = ["n38", "n42", "n48"];
    const [nearer] = sent(node.answer(asked, { predecessor: "n26", successors: list }), "state");
    const effects = node.ring(`call/${nearer?.message.requestId as number}`);
    expect(node.chord.successors).toEqual(["n32", "n38", "n42"]);
    expect(sent(effects, "notify").map(({ to }) => to)).toEqual(["n32"]);
  });

  it("a predecessor that does not answer is forgotten", () => {
    const node = new OneNode("n21");
    fail(node, "n14");
    expect(node.chord.predecessor).toBeNull();
    node.hear("n8", { type: "notify" });
    expect(node.chord.predecessor).toBe("n8");
  });

  it("fingers are looked up one at a time; those as near as the successor cost nothing", () => {
    const node = new OneNode("n8", { successors: 1 });
    const [step] = sent(node.ring("fingers"), "step");
    // 9, 10 and 12 are n14's; 16 is not.
    expect(step?.message.place).toBe(16);
    expect(node.chord.fingers.slice(0, 4)).toEqual(["n14", "n14", "n14", null]);
    const requestId = step?.message.requestId as number;
    node.hear("n14", { type: "stepIs", requestId, owners: ["n21"], closer: [] });
    expect(node.chord.fingers[3]).toBe("n21");
  });
});

describe("section IV.E.3: failures", () => {
  it("a list is the successor and all but the last of its list", () => {
    const node = new OneNode("n21");
    const [asked] = sent(node.ring("stabilize"), "state").filter(({ to }) => to === "n32");
    node.answer(asked, { predecessor: "n21", successors: ["n42", "n48", "n51"] });
    expect(node.chord.successors).toEqual(["n32", "n42", "n48"]);
  });

  it("a successor that has failed is dropped, and the next is asked at once", () => {
    const node = new OneNode("n21");
    const [asked] = sent(fail(node, "n32"), "state");
    expect(asked?.to).toBe("n38");
    const effects = node.answer(asked, { successors: ["n42", "n48", "n51"] });
    expect(noted(effects, "dropped")).toEqual([{ node: "n32" }]);
    expect(node.chord.successors).toEqual(["n38", "n42", "n48"]);
  });

  it("one that is no member says so, and nobody has to wait", () => {
    const node = new OneNode("n26");
    expect(sent(node.hear("n21", { type: "state", requestId: 9 }), "isNot")).toEqual([
      { to: "n21", message: { type: "isNot", requestId: 9 } },
    ]);
  });

  it("who hears from none of its successors keeps them all, should they come back", () => {
    const node = new OneNode("n21", { successors: 1 });
    expect(noted(fail(node, "n32"), "stranded")).toHaveLength(1);
    expect(node.chord.successors).toEqual(["n32"]);
    expect(sent(node.ring("stabilize"), "state").map(({ to }) => to)).toContain("n32");
  });

  it("a new life joins through those that the old one knew, with its blocks", () => {
    const first = new OneNode("n21");
    first.hear("n14", { type: "copy", requestId: 3, blocks: [{ key: "k20", value: "dal" }] });
    const again = new OneNode("n21", {}, first.saved);
    expect(again.chord.part).toBe("joining");
    expect(sent(again.started, "step")).toHaveLength(1);
    expect(again.chord.blocks.get("k20")).toBe("dal");
  });

  it("section IV.E.5: one that leaves tells both neighbours", () => {
    const node = new OneNode("n21");
    const effects = node.hear("outside", { type: "leave" });
    expect(sent(effects, "left").map(({ to }) => to)).toEqual(["n14", "n32"]);
    expect(node.chord.part).toBe("gone");
    const other = new OneNode("n14");
    other.hear("n21", { type: "left" });
    expect(other.chord.successors).toEqual(["n32", "n38"]);
  });
});

describe("options", () => {
  it.each([
    [{ bits: 33 }, /bits must be from 1 to 32/],
    [{ successors: 0 }, /successors must be from 1 to 32/],
    [{ timeoutMs: 0 }, /timeoutMs must be from/],
    [{ bits: 3, places: { n1: 8 } }, /places.n1 must be from 0 to 7, but was 8/],
    [{ fingers: 3 }, /Chord has no option "fingers"/],
  ])("%j is refused by name", (options: object, message) => {
    expect(() => new Chord("n1", [], options)).toThrow(message);
  });
});

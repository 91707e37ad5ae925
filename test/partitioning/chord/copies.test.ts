/** Blocks and their copies: sections IV.E.3 and IV.E.5, and Cates's maintenance. */
import { describe, expect, it } from "vitest";
import { murmur32 } from "dabbawala/basics";
import type { ChordMessage } from "dabbawala/partitioning";
import { OneNode, noted, sent } from "./one-node";

const dal = { key: "k20", value: "dal" };

function holder(id = "n21"): OneNode {
  const node = new OneNode(id);
  node.hear("n14", { type: "copy", requestId: 3, blocks: [dal] });
  return node;
}

describe("section IV.E.3: copies on the list of successors", () => {
  it("a put is stored at the owner, and acknowledged after the r - 1 next have it", () => {
    const owner = new OneNode("n21");
    const effects = owner.hear("n1", { type: "store", requestId: 7, blocks: [dal] });
    const copies = sent(effects, "copy");
    expect(copies.map(({ to }) => to)).toEqual(["n32", "n38"]);
    expect(sent(effects, "stored")).toEqual([]);
    const [first, second] = copies.map(({ to, message: { requestId } }) =>
      owner.hear(to, { type: "copied", requestId }),
    );
    expect(sent(first ?? [], "stored")).toEqual([]);
    expect(sent(second ?? [], "stored")).toEqual([
      { to: "n1", message: { type: "stored", requestId: 7 } },
    ]);
    expect(owner.saved).toMatchObject({ "block/k20": { value: "dal" } });
  });

  it("it is not, if one of them does not answer, though asked twice", () => {
    const owner = new OneNode("n21", { attempts: 2 });
    const effects = owner.hear("n1", { type: "store", requestId: 7, blocks: [dal] });
    const [late] = sent(effects, "copy");
    const timer = `call/${late?.message.requestId as number}` as const;
    expect(sent(owner.ring(timer), "copy")).toHaveLength(1);
    expect(sent(owner.ring(timer), "isNot")).toEqual([
      { to: "n1", message: { type: "isNot", requestId: 7 } },
    ]);
  });

  it("a get goes on to the next copy when one has nothing, and then says missing", () => {
    const node = new OneNode("n14");
    let effects = node.hear("c1", { type: "get", key: "k20", requestId: 5 });
    const asked: string[] = [];
    for (let i = 0; i < 3; i++) {
      const [fetch] = sent(effects, "fetch");
      asked.push(fetch?.to as string);
      const requestId = fetch?.message.requestId as number;
      effects = node.hear(asked[i] as string, { type: "fetched", requestId, blocks: [] });
    }
    expect(asked).toEqual(["n21", "n32", "n38"]);
    const value = { type: "value", kind: "missing", requestId: 5 };
    expect(sent(effects, "value")).toEqual([{ to: "c1", message: value }]);
  });

  it("a block is written once", () => {
    const node = holder();
    node.hear("n1", { type: "store", requestId: 7, blocks: [{ key: "k20", value: "rice" }] });
    expect(node.chord.blocks.get("k20")).toBe("dal");
  });
});

describe("Cates, chapter 3: maintenance", () => {
  const offerOf = (effects: ReturnType<OneNode["ring"]>) => sent(effects, "offer");

  it("the owner tells the r - 1 next what it has in its arc", () => {
    const offers = offerOf(holder().ring("repair"));
    expect(offers.map(({ to }) => to)).toEqual(["n32", "n38"]);
    expect(offers[0]?.message).toEqual({
      ...{ type: "offer", arc: { after: 14, upTo: 21 } },
      ...{ count: 1, digest: murmur32("k20", 1) | 0 },
    });
  });

  it("who has the same is silent; who has not says what it has, and gets the rest", () => {
    const [offer] = offerOf(holder().ring("repair"));
    const message = offer?.message as ChordMessage;
    expect(holder("n32").hear("n21", message)).toEqual([]);
    const [holds] = sent(new OneNode("n32").hear("n21", message), "holds");
    expect(holds?.message.keys).toEqual([]);
    const owner = holder();
    const [copy] = sent(owner.hear("n32", holds?.message as ChordMessage), "copy");
    expect(copy).toMatchObject({ to: "n32", message: { blocks: [dal] } });
  });

  it("and what the other has alone is asked for", () => {
    const arc = { after: 14, upTo: 21 };
    const effects = new OneNode("n21").hear("n32", { type: "holds", arc, keys: ["k20"] });
    expect(sent(effects, "want")).toEqual([
      { to: "n32", message: { type: "want", keys: ["k20"] } },
    ]);
    const [copy] = sent(holder("n32").hear("n21", { type: "want", keys: ["k20", "k19"] }), "copy");
    expect(copy?.message.blocks).toEqual([dal]);
  });

  it("a new predecessor is offered its part at once: key hand-over", () => {
    const effects = holder().hear("n20", { type: "notify" });
    expect(offerOf(effects)).toMatchObject([
      { to: "n20", message: { arc: { after: 14, upTo: 20 }, count: 1 } },
    ]);
  });

  it("a block that belongs elsewhere is let go once its owner has stored it, not before", () => {
    const node = holder("n48");
    const [step] = sent(node.ring("repair"), "step");
    expect(step?.message.place).toBe(20);
    const requestId = step?.message.requestId as number;
    const owners = ["n21", "n32", "n38"];
    const answer = { type: "stepIs", requestId, owners, closer: [] } as const;
    const [store] = sent(node.hear(step?.to as string, answer), "store");
    expect(store).toMatchObject({ to: "n21", message: { blocks: [dal] } });
    expect(node.chord.blocks.size).toBe(1);
    const stored = { type: "stored", requestId: store?.message.requestId as number } as const;
    expect(noted(node.hear("n21", stored), "rehomed")).toEqual([{ blocks: 1 }]);
    expect(node.chord.blocks.size).toBe(0);
    expect(node.saved["block/k20"]).toBeUndefined();
  });

  it("nor if somebody has asked meanwhile to keep it", () => {
    const node = holder("n48");
    const [step] = sent(node.ring("repair"), "step");
    const requestId = step?.message.requestId as number;
    const answer = { type: "stepIs", requestId, owners: ["n21"], closer: [] } as const;
    const [store] = sent(node.hear(step?.to as string, answer), "store");
    node.hear("n42", { type: "copy", requestId: 9, blocks: [dal] });
    node.hear("n21", { type: "stored", requestId: store?.message.requestId as number });
    expect(node.chord.blocks.size).toBe(1);
  });

  it("section IV.E.5: a leave waits until one more node has its blocks", () => {
    const node = holder();
    const effects = node.hear("outside", { type: "leave" });
    const [copy] = sent(effects, "copy");
    expect(copy).toMatchObject({ to: "n42", message: { blocks: [dal] } });
    expect(node.chord.part).toBe("leaving");
    const requestId = copy?.message.requestId as number;
    node.hear("n42", { type: "copied", requestId });
    expect(node.chord.part).toBe("gone");
  });
});

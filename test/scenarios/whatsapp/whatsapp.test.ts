import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { playTwice, randomFaults } from "dabbawala/hosts";
import type { City, Simulator } from "dabbawala/hosts";
import { ChatNode, centresOf, propagate, runChat } from "dabbawala/scenarios/whatsapp";
import type {
  ChatLook,
  ChatMessage,
  ChatRunOptions,
  ChatTimer,
} from "dabbawala/scenarios/whatsapp";

const cities: readonly City[] = ["Mumbai", "Delhi", "Bengaluru", "Kolkata"];

describe("data centres", () => {
  it("number their nodes city by city, and have a rule for each pair of cities", () => {
    const centres = centresOf(cities, 3);
    expect(centres.nodes).toHaveLength(12);
    expect(centres.homes).toMatchObject({ n1: "Mumbai", n4: "Delhi", n12: "Kolkata" });
    expect(centres.nodesIn("Delhi")).toEqual(["n4", "n5", "n6"]);
    expect(centres.links).toHaveLength(16);
    expect(() => centresOf(cities, 0)).toThrow("nodesPerCentre must be from 1");
  });
});

describe("a message to all cities", () => {
  const even = propagate({ seed: 1, cities, messages: 8 });

  it("reaches all, and most of its copies are far ones when nobody looks at the map", () => {
    expect(even.reached).toBeGreaterThan(0.99);
    expect(even.farCopies / even.copies).toBeGreaterThan(0.65);
  });

  it("needs a fraction of the far copies when a tenth of the calls leave the city", () => {
    const near = propagate({ seed: 1, cities, messages: 8, remoteShare: 0.1 });
    expect(near.reached).toBeGreaterThan(0.99);
    expect(near.farCopies).toBeLessThan(even.farCopies / 5);
    expect(near.almostAllMs).toBeLessThan(2 * even.almostAllMs);
    expect(near.cityMs.Mumbai).toBeLessThan(near.cityMs.Kolkata ?? 0);
  });

  it("stays in its city for most messages when hardly a call leaves it", () => {
    const rare = propagate({ seed: 1, cities, messages: 8, remoteShare: 0.005 });
    expect(rare.reached).toBeLessThan(0.9);
  });

  it("goes down a tree with one copy a node, at the pace of the links", () => {
    const tree = propagate({ seed: 1, cities, by: "tree" });
    expect(tree.reached).toBe(1);
    expect(tree.copies).toBeCloseTo(79 / 80, 5);
    expect(tree.almostAllMs).toBeLessThan(60);
  });
});

/** Kolkata cut off for 40 s; a server fails, one joins in Delhi meanwhile, one in Kolkata later. */
const story: ChatRunOptions = {
  ...{ seed: 1, cities, untilMs: 110_000 },
  cutOff: { city: "Kolkata", fromMs: 20_000, untilMs: 60_000 },
  crashes: [{ node: "n7", atMs: 15_000 }],
  joins: [
    { city: "Delhi", atMs: 30_000 },
    { city: "Kolkata", atMs: 75_000 },
  ],
  posts: [
    { id: "before", node: "n1", atMs: 5_000 },
    { id: "outside", node: "n1", atMs: 25_000 },
    { id: "inside", node: "n16", atMs: 25_000 },
    { id: "after", node: "n16", atMs: 90_000 },
  ],
};

describe("a city that is cut off and comes back", () => {
  const run = runChat(story);
  const lookAt = (atMs: number): ChatLook => {
    const look = run.looks.find((each) => each.atMs === atMs);
    if (look === undefined) throw new Error(`nobody looked at ${atMs} ms`);
    return look;
  };

  it("has its own messages meanwhile, and nobody else's", () => {
    const { shown } = lookAt(40_000);
    expect(shown["before"]).toBe(1);
    expect(shown["outside"]).toBeCloseTo(15 / 20, 5);
    expect(shown["inside"]).toBeCloseTo(5 / 20, 5);
  });

  it("is taken for dead by the others, and takes them for dead", () => {
    const { believed } = lookAt(60_000);
    expect(believed.Mumbai).toBeLessThanOrEqual(16);
    expect(believed.Kolkata).toBeLessThan(15);
  });

  it("has every message soon after it is back, and so have those who joined", () => {
    expect(run.everywhereMs["outside"]).toBeLessThan(35_000 + 10_000);
    expect(run.everywhereMs["inside"]).toBeLessThan(35_000 + 10_000);
    expect(run.everywhereMs["after"]).toBeLessThan(5_000);
    for (const messages of Object.values(run.shown)) expect([...messages].sort()).toHaveLength(4);
  });

  it("is a member again, and all know the same 21 servers", () => {
    expect(run.living).toHaveLength(21);
    expect(new Set(Object.values(run.looks.at(-1)?.believed ?? {}))).toEqual(new Set([21]));
  });
});

it("every message reaches every server once, while servers crash and cities are cut off", () => {
  for (let seed = 1; seed <= 25; seed++) {
    const crashes = seed % 2 === 0 ? [{ node: "n2", atMs: 4_000 + 100 * seed }] : [];
    const posts = Array.from({ length: 6 }, (_, i) => {
      return { id: `m${i}`, node: `n${3 + ((i + seed) % 9)}`, atMs: 1_000 + 1_500 * i };
    });
    const city = cities[1 + (seed % 3)] as City;
    const run = runChat({
      ...{ seed, cities, nodesPerCentre: 3, untilMs: 60_000, lookMs: 5_000, crashes, posts },
      cutOff: { city, fromMs: 3_000, untilMs: 3_000 + 400 * seed },
    });
    for (const messages of Object.values(run.shown)) {
      expect([...messages].sort()).toEqual(["m0", "m1", "m2", "m3", "m4", "m5"]);
    }
  }
});

it("keeps the laws: the same run twice, plain saves and messages, restarts", () => {
  const ids = ["n1", "n2", "n3", "n4"];
  const setUp = (simulator: Simulator<ChatMessage, ChatTimer>): void => {
    for (const id of ids) simulator.add(id, ChatNode);
    const often = { everyMs: 700, minMs: 5, maxMs: 900 };
    const faults = { crash: often, pause: often, partition: often };
    simulator.schedule(...randomFaults({ seed: 3, names: ids, untilMs: 4_000, ...faults }));
    simulator.inject("c1", "n1", { type: "post", id: "m1", text: "नमस्ते" });
  };
  const twice = playTwice({ seed: 3 }, setUp, { untilMs: 6_000 });
  expect(twice.kind).toBe("same");
  const node = new ChatNode("n1", ids);
  expect(isDeepStrictEqual(structuredClone(node.shown), node.shown)).toBe(true);
});

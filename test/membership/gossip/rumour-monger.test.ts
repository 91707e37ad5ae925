import { describe, expect, it } from "vitest";
import { RumourMonger, spreadRumour } from "dabbawala/membership";
import type { RumourMessage, RumourMongerOptions } from "dabbawala/membership";
import { Simulator, at, crash, restart } from "dabbawala/hosts";
import { drawPeers, peerChoice } from "dabbawala/dist/membership/gossip/peer-choice";
import { Random } from "dabbawala/basics";
import { step } from "dabbawala/protocol";

const idsOf = (nodes: number): string[] => Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
const news = { type: "tell", rumour: { id: "news", content: "hello" } } as const;

/** Share that never hear, and copies a node, in the simulator. */
function spread(nodes: number, seed: number, options: Partial<RumourMongerOptions>) {
  let copies = 0;
  class Counting extends RumourMonger {
    override handle(...[event, host]: Parameters<RumourMonger["handle"]>): void {
      if (event.kind === "message" && event.message.type === "rumours") {
        copies += event.message.rumours.length;
      }
      super.handle(event, host);
    }
  }
  const simulator = new Simulator<RumourMessage, "cycle">({ seed, isTraced: false });
  const ids = idsOf(nodes);
  for (const id of ids) simulator.add(id, Counting, { peers: ids, options });
  simulator.run({ untilMs: 200 });
  simulator.inject("outside", "n1", news);
  simulator.run({ untilMs: 10_000 });
  const known = ids.filter((id) => (simulator.nodeOf(id) as RumourMonger).known.has("news"));
  return { residue: 1 - known.length / nodes, traffic: copies / nodes };
}

describe("the protocol agrees with the cycles of the paper", () => {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;

  it.each([
    ["push, feedback, counter", { mode: "push", feedback: "feedback", loss: "counter", k: 2 }],
    ["push, blind, coin", { mode: "push", feedback: "blind", loss: "coin", k: 3 }],
    ["pull, feedback, counter", { mode: "pull", feedback: "feedback", loss: "counter", k: 1 }],
  ] as const)("%s: residue and traffic, with nodes out of step", (_, options) => {
    const seeds = [1, 2, 3, 4, 5, 6];
    const real = seeds.map((seed) => spread(400, seed, options));
    const cycles = seeds.flatMap((seed) =>
      [0, 1, 2, 3, 4].map((i) => spreadRumour({ seed: seed * 10 + i, nodes: 400, ...options })),
    );
    const residues = [real, cycles].map((runs) => mean(runs.map(({ residue }) => residue)));
    const traffics = [real, cycles].map((runs) => mean(runs.map(({ traffic }) => traffic)));
    expect(Math.abs((residues[0] as number) - (residues[1] as number))).toBeLessThan(0.02);
    expect((traffics[0] as number) / (traffics[1] as number)).toBeGreaterThan(0.85);
    expect((traffics[0] as number) / (traffics[1] as number)).toBeLessThan(1.15);
  });

  it("push and pull together leave nobody out, at little traffic", () => {
    const { residue, traffic } = spread(400, 1, { mode: "pushPull", k: 2 });
    expect(residue).toBeLessThan(0.005);
    expect(traffic).toBeLessThan(8);
  });
});

it("a node keeps over a restart what it has heard, and spreads it no more", () => {
  const simulator = new Simulator<RumourMessage, "cycle">({ seed: 1 });
  for (const id of idsOf(4)) simulator.add(id, RumourMonger);
  simulator.inject("outside", "n2", news);
  simulator.schedule(at(2_000, crash(["n2"])), at(2_100, restart(["n2"])));
  simulator.run({ untilMs: 3_000 });
  const node = simulator.nodeOf("n2") as RumourMonger;
  expect([...node.known]).toEqual([["news", "hello"]]);
  expect(node.hot.size).toBe(0);
});

it("a node keeps no more rumours than it may", () => {
  const node = new RumourMonger("n1", ["n2"], { maxRumours: 3, loss: "counter", k: 1 });
  const senses = { nowMs: 0, random: () => 0.5 };
  for (let i = 0; i < 6; i++) {
    const rumour = { id: `r${i}`, content: i };
    step(node, { kind: "message", from: "c1", message: { type: "tell", rumour } }, senses);
    const useless = [rumour.id];
    const feedback = { type: "feedback", useful: [], useless } as const;
    step(node, { kind: "message", from: "n2", message: feedback }, senses);
    step(node, { kind: "timer", timer: "cycle" }, senses);
  }
  expect([...node.known.keys()]).toEqual(["r3", "r4", "r5"]);
});

describe("the choice of peers", () => {
  const regions = { n1: "Mumbai", n2: "Mumbai", n3: "Delhi", n4: "Delhi", n5: "Chennai" };
  const senses = (seed: number) => {
    const random = new Random(seed);
    return { nowMs: 0, random: () => random.next() };
  };

  it("leaves the region for about the share that it is told", () => {
    const choice = peerChoice("n1", Object.keys(regions), { regions, remoteShare: 0.2 });
    const chance = senses(1);
    const drawn = Array.from({ length: 5_000 }, () => drawPeers(choice, 1, chance)[0]);
    const far = drawn.filter((peer) => peer !== "n2").length / drawn.length;
    expect(far).toBeGreaterThan(0.18);
    expect(far).toBeLessThan(0.22);
    expect(drawn).not.toContain("n1");
  });

  it("is even without a share, and goes far when nobody is near", () => {
    const even = peerChoice("n1", Object.keys(regions), { regions, remoteShare: null });
    expect(even.near).toEqual(["n2", "n3", "n4", "n5"]);
    const lonely = peerChoice("n5", Object.keys(regions), { regions, remoteShare: 0 });
    expect(drawPeers(lonely, 1, senses(1))).toHaveLength(1);
    expect(new Set(drawPeers(even, 4, senses(3))).size).toBeGreaterThan(2);
  });
});

it("an option that is wrong is named", () => {
  const build = (options: object) => () => new RumourMonger("n1", ["n2"], options);
  expect(build({ k: 0 })).toThrow("k must be from 1");
  expect(build({ remoteShare: 2 })).toThrow("remoteShare must be from 0 to 1");
  expect(build({ mode: "pul" })).toThrow("mode must be one of push, pull, pushPull");
  expect(build({ feedback: "no" })).toThrow("feedback must be one of feedback, blind");
  expect(build({ loss: "dice" })).toThrow("loss must be one of counter, coin, never");
  expect(build({ speed: 1 })).toThrow('RumourMonger has no option "speed"');
});

/** Plumtree: a test a sentence of section 3, then whole broadcasts in the simulator. */
import { describe, expect, it } from "vitest";
import { Plumtree, measureBroadcasts, overlayOf } from "dabbawala/membership";
import type { PlumtreeMessage, PlumtreeTimer } from "dabbawala/membership";
import { Simulator, at, crash } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";
import type { Effect } from "dabbawala/protocol";

const senses = { nowMs: 0, random: () => 0.5 };
type Effects = Effect<PlumtreeMessage, PlumtreeTimer>[];

const hear = (node: Plumtree, from: string, message: PlumtreeMessage): Effects =>
  step(node, { kind: "message", from, message }, senses);
const ring = (node: Plumtree, timer: PlumtreeTimer): Effects =>
  step(node, { kind: "timer", timer }, senses);
const gossip = (id: string, round = 1) => ({ type: "gossip", id, content: "x", round }) as const;
const ihave = (id: string, round = 1) => ({ type: "ihave", announced: [{ id, round }] }) as const;

function sentTo(effects: Effects, type: PlumtreeMessage["type"]): string[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.type === type ? [effect.to] : [],
  );
}

const build = (options: object = {}): Plumtree => new Plumtree("n1", ["n2", "n3", "n4"], options);

describe("section 3.4: the tree", () => {
  it("at first all neighbours are in the tree; a new message goes to all but its sender", () => {
    expect(sentTo(hear(build(), "n2", gossip("a")), "gossip")).toEqual(["n3", "n4"]);
  });

  it("who sends a message that is there already is pruned, and told so", () => {
    const node = build();
    hear(node, "n2", gossip("a"));
    const effects = hear(node, "n3", gossip("a"));
    expect(sentTo(effects, "prune")).toEqual(["n3"]);
    expect([...node.eager]).toEqual(["n2", "n4"]);
    expect([...node.lazy]).toEqual(["n3"]);
  });

  it("pruned neighbours hear the name of a message only", () => {
    const node = build();
    hear(node, "n3", { type: "prune" });
    const effects = hear(node, "n2", gossip("a"));
    expect(sentTo(effects, "gossip")).toEqual(["n4"]);
    expect(sentTo(effects, "ihave")).toEqual(["n3"]);
  });

  it("names may be collected for a while", () => {
    const node = build({ announceMs: 50 });
    hear(node, "n3", { type: "prune" });
    expect(sentTo(hear(node, "n2", gossip("a")), "ihave")).toEqual([]);
    hear(node, "n2", gossip("b"));
    const [announcement] = ring(node, "announce");
    const message = announcement?.kind === "send" ? announcement.message : undefined;
    const announced = message?.type === "ihave" ? message.announced.map(({ id }) => id) : [];
    expect(announced).toEqual(["a", "b"]);
  });
});

describe("section 3.5: repair", () => {
  it("a name without its message becomes a graft after the timeout, then asks the next", () => {
    const node = build();
    for (const peer of ["n3", "n4"]) hear(node, peer, { type: "prune" });
    hear(node, "n3", ihave("a"));
    hear(node, "n4", ihave("a"));
    expect(sentTo(ring(node, "missing/a"), "graft")).toEqual(["n3"]);
    expect(node.eager.has("n3")).toBe(true);
    expect(sentTo(ring(node, "missing/a"), "graft")).toEqual(["n4"]);
    expect(ring(node, "missing/a")).toEqual([]);
  });

  it("a message that comes in time ends the wait", () => {
    const node = build();
    hear(node, "n3", ihave("a"));
    const effects = hear(node, "n2", gossip("a"));
    expect(effects).toContainEqual({ kind: "cancelTimer", timer: "missing/a" });
  });

  it("a graft is answered with the message, and the link is in the tree again", () => {
    const node = build();
    hear(node, "n3", { type: "prune" });
    hear(node, "n2", gossip("a"));
    const effects = hear(node, "n3", { type: "graft", id: "a", round: 1 });
    expect(sentTo(effects, "gossip")).toEqual(["n3"]);
    expect(node.eager.has("n3")).toBe(true);
  });

  it("a neighbour that is down is out of everything, one that comes is in the tree", () => {
    const node = build();
    hear(node, "n3", ihave("a"));
    hear(node, "outside", { type: "neighbourDown", neighbour: "n3" });
    expect(ring(node, "missing/a")).toEqual([]);
    hear(node, "outside", { type: "neighbourUp", neighbour: "n9" });
    expect([...node.eager]).toEqual(["n2", "n4", "n9"]);
  });
});

it("section 3.8: a parent is left for an announcer that is nearer by enough hops", () => {
  const node = build({ optimizeRounds: 3 });
  hear(node, "n3", { type: "prune" });
  hear(node, "n3", ihave("a", 2));
  const effects = hear(node, "n2", gossip("a", 6));
  expect(sentTo(effects, "graft")).toEqual(["n3"]);
  expect(sentTo(effects, "prune")).toEqual(["n2"]);
});

describe("broadcasts over an overlay", () => {
  it("flood once, and then cost one copy a node", () => {
    const rows = measureBroadcasts({ seed: 3, nodes: 300, broadcasts: 5 });
    expect(rows.every(({ reached }) => reached === 1)).toBe(true);
    expect(rows[0]?.copies).toBeGreaterThan(4);
    for (const row of rows.slice(1)) expect(row.copies).toBe(1);
  });

  it("reach all that live after a third of the nodes has crashed, by grafts", () => {
    for (const seed of [1, 2, 3]) {
      const rows = measureBroadcasts({
        seed,
        nodes: 200,
        degree: 8,
        crashRate: 0.3,
        crashBefore: 4,
      });
      expect(rows.every(({ reached }) => reached === 1)).toBe(true);
      expect(rows[4]?.grafts).toBeGreaterThan(5);
      expect(rows[9]?.copies).toBeLessThan(1.05);
    }
  });

  it("deliver each message once, in 40 storms of crashes in the middle of broadcasts", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const ids = Array.from({ length: 40 }, (_, i) => `n${i + 1}`);
      const heard = new Map<string, number>();
      const simulator = new Simulator<PlumtreeMessage, PlumtreeTimer>({
        ...{ seed, isTraced: false },
        onNote: ({ node, label, detail }) => {
          const key = `${node} ${(detail as { id: string }).id}`;
          if (label === "heard") heard.set(key, (heard.get(key) ?? 0) + 1);
        },
      });
      const overlay = overlayOf(ids, { seed, degree: 8 });
      for (const id of ids) simulator.add(id, Plumtree, { peers: overlay.get(id) ?? [] });
      const victims = [`n${(seed % 20) + 1}`, `n${(seed % 17) + 21}`];
      simulator.schedule(at(1_000.6, crash(victims)));
      for (let i = 0; i < 6; i++) {
        simulator.run({ untilMs: i * 500 });
        const rumour = { id: `m${i}`, content: i };
        simulator.inject("outside", "n40", { type: "tell", rumour });
      }
      simulator.run({ untilMs: 6_000 });
      const living = ids.filter((id) => !victims.includes(id));
      for (const id of living) {
        for (let i = 0; i < 6; i++) expect(heard.get(`${id} m${i}`)).toBe(1);
      }
    }
  });
});

describe("overlays", () => {
  const ids = Array.from({ length: 60 }, (_, i) => `n${i + 1}`);

  it("have links both ways, about the degree that was asked, and are connected", () => {
    const overlay = overlayOf(ids, { seed: 1, degree: 6 });
    const seen = new Set(["n1"]);
    for (const node of seen) for (const other of overlay.get(node) ?? []) seen.add(other);
    expect(seen.size).toBe(60);
    for (const [node, others] of overlay) {
      expect(others.length).toBeLessThanOrEqual(6);
      for (const other of others) expect(overlay.get(other)).toContain(node);
    }
    expect(() => overlayOf(ids, { seed: 1, degree: 3 })).toThrow("degree must be an even number");
  });

  it("keep most links within regions when they are told of them", () => {
    const regions = Object.fromEntries(ids.map((id, i) => [id, i % 2 === 0 ? "Mumbai" : "Delhi"]));
    const overlay = overlayOf(ids, { seed: 1, degree: 6, regions });
    const links = [...overlay].flatMap(([node, others]) => others.map((other) => [node, other]));
    const far = links.filter(([a, b]) => regions[a as string] !== regions[b as string]);
    expect(far.length / links.length).toBeLessThan(0.3);
  });
});

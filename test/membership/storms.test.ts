/**
 * Storms over gossip, broadcast trees and heartbeats. `GOSSIP_SEEDS=2000 npx vitest run
 * test/membership/storms` runs more of them; `npx dabbawala storm rumours --seed 17` plays one.
 */
import { describe, expect, it } from "vitest";
import { antiEntropyStorm, heartbeatStorm, plumtreeStorm, rumourStorm } from "dabbawala/membership";
import type { StormDefinition } from "dabbawala/hosts";
import { actionsOf, planOf } from "dabbawala/dist/membership/plumtree/storm/plan";
import { stormSuite } from "../storm-suite";

const seeds = Number(process.env["GOSSIP_SEEDS"] ?? 40);
for (const storm of [rumourStorm, antiEntropyStorm, plumtreeStorm, heartbeatStorm]) {
  stormSuite(storm as StormDefinition, { seeds, catchWithin: 30 });
}

it("the last seven messages over Plumtree go to nodes that live, so that the tree is mended", () => {
  for (const seed of [700_262, 700_488, ...Array.from({ length: 500 }, (_, i) => i + 1)]) {
    const actions = actionsOf(planOf(seed, { weather: "crashes" }));
    const dead = actions.flatMap((action) => {
      return action.kind === "fault" && action.fault.kind === "crash" ? action.fault.names : [];
    });
    expect(dead).toHaveLength(6);
    const last = actions.slice(-7).map((action) => (action.kind === "tell" ? action.to : "nobody"));
    for (const to of last) expect([...dead, "nobody"]).not.toContain(to);
  }
});

describe("a group in a storm", () => {
  it("is described in words", () => {
    const { actions } = rumourStorm.build(1).run();
    const told = actions.find(({ kind }) => kind === "tell");
    expect(told && rumourStorm.describe(told)).toMatch(/^n\d+ is told to tell \{"rumour"/);
  });
});

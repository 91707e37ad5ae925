/**
 * Storms over gossip, broadcast trees and heartbeats. `GOSSIP_SEEDS=2000 npx vitest run
 * test/membership/storms` runs more of them; `npx dabbawala storm rumours --seed 17` plays one.
 */
import { describe, expect, it } from "vitest";
import { antiEntropyStorm, heartbeatStorm, plumtreeStorm, rumourStorm } from "dabbawala/membership";
import type { StormDefinition } from "dabbawala/hosts";
import { stormSuite } from "../storm-suite";

const seeds = Number(process.env["GOSSIP_SEEDS"] ?? 40);
for (const storm of [rumourStorm, antiEntropyStorm, plumtreeStorm, heartbeatStorm]) {
  stormSuite(storm as StormDefinition, { seeds, catchWithin: 30 });
}

describe("a group in a storm", () => {
  it("is described in words", () => {
    const { actions } = rumourStorm.build(1).run();
    const told = actions.find(({ kind }) => kind === "tell");
    expect(told && rumourStorm.describe(told)).toMatch(/^n\d+ is told to tell \{"rumour"/);
  });
});

import { describe, expect, it } from "vitest";
import { Raft } from "dabbawala/consensus";
import { judge } from "./judge";
import { mutants } from "./mutants";
import { planOf } from "./storm";

describe("planted bugs", () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant.section, mutant] as const))(
    "%s (section %s) is found by its seed, and by none before it",
    (_name, _section, { server, plan, seed, property }) => {
      for (let earlier = 1; earlier < seed; earlier++) {
        expect(judge(planOf(earlier, plan), server).violation).toBe(undefined);
      }
      const { violation } = judge(planOf(seed, plan), server);
      expect(violation?.property).toBe(property);
    },
  );

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    "without the bug the same storm is weathered: %s",
    (_name, { plan, seed }) => {
      const { violation } = judge({ ...planOf(seed, plan), maxJumpMs: 0 }, Raft);
      expect(violation).toBe(undefined);
    },
  );
});

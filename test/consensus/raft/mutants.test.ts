import { afterAll, describe, expect, it } from "vitest";
import { Raft, raftVariants } from "dabbawala/consensus";
import { judge } from "dabbawala/dist/consensus/raft/storm/judge";
import type { RaftVariant } from "dabbawala/consensus";
import { planOf } from "dabbawala/dist/consensus/raft/storm/plan";
import type { StormResult } from "dabbawala/dist/consensus/raft/storm/run";

/** A bug that so many storms do not find counts as overlooked. */
const patience = 300;

/** The first storm, in the order of seeds, that breaks something. */
function firstKill({ server, plan }: RaftVariant): StormResult | undefined {
  for (let seed = 1; seed <= patience; seed++) {
    const result = judge(planOf(seed, plan), server);
    if (result.violation !== undefined) return result;
  }
  return undefined;
}

describe("planted bugs", () => {
  const table: string[] = [];

  it.each(raftVariants.map((mutant) => [mutant.name, mutant.section, mutant] as const))(
    "%s (section %s) is found, and without it the same storm is weathered",
    (name, section, mutant) => {
      const found = firstKill(mutant);
      expect(found?.violation).toBeDefined();
      const { plan, violation } = found as StormResult;
      const what = `${name.padEnd(42)} ${section.padEnd(6)} seed ${`${plan.seed}`.padEnd(4)}`;
      table.push(`${what} ${violation?.property}: ${violation?.detail}`);
      expect(judge({ ...plan, maxJumpMs: 0 }, Raft).violation).toBe(undefined);
    },
  );

  afterAll(() =>
    console.log(["planted bug, section, first seed that finds it", ...table].join("\n")),
  );
});

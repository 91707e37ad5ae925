/**
 * Storms over the whole of Raft. `RAFT_SEEDS=5000 npx vitest run test/consensus/raft/storm` runs
 * more of them, `RAFT_SEED=17 npx vitest run test/consensus/raft/storm` one.
 */
import { describe, expect, it } from "vitest";
import { Raft } from "dabbawala/consensus";
import { sometimes } from "dabbawala/dist/consensus/raft/storm/definition";
import { judge } from "dabbawala/dist/consensus/raft/storm/judge";
import { planOf } from "dabbawala/dist/consensus/raft/storm/plan";
import type { StormResult } from "dabbawala/dist/consensus/raft/storm/run";

const only = process.env["RAFT_SEED"];
const count = Number(process.env["RAFT_SEEDS"] ?? 100);
const seeds = only === undefined ? Array.from({ length: count }, (_, i) => i + 1) : [Number(only)];

/** Ten of the longest election timeouts. */
const progressMs = 10 * 300;

function told({ plan, violation, recoveredMs }: StormResult): string {
  const what = violation
    ? `${violation.property} at ${violation.server}: ${violation.detail}`
    : `no progress within ${progressMs} ms (${recoveredMs})`;
  const again = `RAFT_SEED=${plan.seed} npx vitest run test/consensus/raft/storm`;
  return `${what}; again: ${again}; ${JSON.stringify(plan)}`;
}

describe(`${seeds.length} storms`, () => {
  const counts = new Map<string, number>();
  const recoveries: number[] = [];
  const failures: string[] = [];

  it("break no invariant, lose no money, and a quorum goes on afterwards", { timeout: 3e6 }, () => {
    for (const seed of seeds) {
      const result = judge(planOf(seed), Raft);
      for (const [label, n] of result.counts) counts.set(label, (counts.get(label) ?? 0) + n);
      if (result.violation ?? result.recoveredMs === undefined) failures.push(told(result));
      recoveries.push(result.recoveredMs ?? Infinity);
    }
    expect(failures).toEqual([]);
  });

  it.runIf(only === undefined).each(sometimes)("%s happened, again and again", (label) => {
    expect(counts.get(label) ?? 0).toBeGreaterThan(seeds.length / 4);
  });

  it.runIf(only === undefined)("half of the quorums go on within two election timeouts", () => {
    const sorted = [...recoveries].sort((left, right) => left - right);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(600);
  });
});
